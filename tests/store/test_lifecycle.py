"""The lifecycle machine on every database: each step is answered as by the engine alone."""

from __future__ import annotations

import random
from itertools import count

import pytest
from hypothesis import Phase, settings

from reformflow.casework import Book, connect
from reformflow.model import Reform
from reformflow.testing import lifecycle, run_lifecycle
from reformflow.testing.drawing import Lot
from reformflow.testing.inventing import reform as made_up
from support.databases import NOW, Place
from support.soak import SEED, SOAKING, amount

NUMBERS = count()
SEEDS = random.Random(SEED).sample(range(10**6), 400) if SOAKING else range(3)
FEW = settings(
    deadline=None,
    database=None,
    max_examples=amount(2, 50),
    stateful_step_count=4,
    phases=[Phase.generate],
    derandomize=not SOAKING,
)


@pytest.mark.parametrize("bulk", [False, True], ids=["one by one", "many at once"])
def test_cases_live_in_a_database_as_in_memory(place: Place, errands: Reform, bulk: bool) -> None:
    def fresh() -> Book:
        return place.open(errands, prefix=f"{place.prefix}r{next(NUMBERS)}_", beside=True)

    books = fresh if bulk else place.open(errands)
    run_lifecycle(lifecycle(errands, "errand", on=books, bulk=bulk), settings=FEW)
    assert any(case for book in place.books for case in book.cases())


@pytest.mark.parametrize("bulk", [False, True], ids=["one by one", "many at once"])
@pytest.mark.parametrize("seed", SEEDS)
def test_cases_of_reforms_made_up_live_there_too(seed: int, bulk: bool) -> None:
    reform = made_up(Lot.seeded(seed))

    def fresh() -> Book:
        return connect("sqlite://", reform, clock=lambda: NOW)

    run_lifecycle(lifecycle(reform, "plan", on=fresh, bulk=bulk), settings=FEW)
