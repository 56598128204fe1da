"""Columns have the values that rules tell apart."""

from __future__ import annotations

from datetime import date

import pytest

from reformflow.binding import Column
from reformflow.checks.reach.domains import Domain, domain_of
from reformflow.model import Choice, Fact, FactType, Value


def number(*constants: int, least: int | None = None, most: int | None = None) -> Domain:
    fact = Fact("n", FactType.INT, minimum=least, maximum=most)
    return domain_of(Column("n", FactType.INT, fact=fact), constants)


def test_numbers_fall_into_spans_between_the_constants_they_are_compared_with() -> None:
    domain = number(3, 5, least=1, most=9)
    assert domain.spans == (None, (1, 2), (3, 3), (4, 4), (5, 5), (6, 9))
    assert domain.shown == (None, 2, 3, 4, 5, 6)
    assert not domain.exact


@pytest.mark.parametrize(
    ("held", "shown"), [(1, 2), (2, 2), (4, 4), (9, 6), (10, None), (0, None), (None, None)]
)
def test_each_number_is_shown_by_the_one_of_its_span(held: Value, shown: Value) -> None:
    domain = number(3, 5, least=1, most=9)
    found = domain.holding(held)
    assert [domain.shown[one] for one in found] == ([shown] if shown or held is None else [])


def test_constants_outside_the_bounds_make_no_difference() -> None:
    assert number(-4, 12, least=0, most=1).spans == (None, (0, 1))


def test_days_are_cut_like_numbers() -> None:
    day = date(2021, 3, 1)
    domain = domain_of(Column("d", FactType.DATE), [day])
    assert domain.shown == (None, date(2021, 2, 28), day, date(2021, 3, 2))
    assert domain.where(lambda value: value >= day) == {2, 3}  # type: ignore[operator]


def test_a_text_is_one_that_rules_name_or_another() -> None:
    domain = domain_of(Column("t", FactType.TEXT), ["b", "a"])
    assert domain.shown[:3] == (None, "a", "b")
    assert len(domain.shown) == 4
    assert domain.holding("c") == domain.holding("d") == {3}


def test_a_state_is_never_missing_and_a_fact_may_be() -> None:
    fact = Fact("c", FactType.CHOICE, choices=(Choice("x"), Choice("y")))
    assert domain_of(Column("t.state", FactType.CHOICE, ("x", "y")), ()).missing == frozenset()
    assert domain_of(Column("c", FactType.CHOICE, ("x", "y"), fact), ()).missing == {0}
    assert domain_of(Column("b", FactType.BOOL), ()).shown == (None, True, False)
