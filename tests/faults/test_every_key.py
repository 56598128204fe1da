"""I2: one key, one entry, one answer, through any storm of repeated requests and broken commits."""

from __future__ import annotations

import attrs
import pytest

from reformflow.casework import Book
from reformflow.errors import KeyReused
from support.databases import Place
from support.soak import amount, chance
from support.storm import Squalls, Storm, request_of
from support.wires import tapped

KEYS = amount(60, 1000)


def test_a_storm_of_retries_carries_out_each_key_once(book: Book, place: Place) -> None:
    rng = chance("keys", place.kind)
    storm = Storm(book, KEYS, 3, rng)
    storm.begin()
    squalls = Squalls(rng, one_in=60)
    with tapped(book, squalls):
        storm.rage()
    assert squalls.broken > KEYS // 4
    storm.check()
    for number in rng.sample(range(KEYS), 10):
        with pytest.raises(KeyReused):
            book.do(attrs.evolve(request_of(number), reason="another"))


def test_what_the_storm_demands_is_noticed_when_it_fails(book: Book, place: Place) -> None:
    """A request under another key is carried out again; an entry is lost that was told of."""
    storm = Storm(book, 3, 1, chance("broken", place.kind))
    storm.begin()
    storm.rage()
    storm.check()
    book.do(attrs.evolve(request_of(1), key="again"))
    with pytest.raises(AssertionError):
        storm.check()
    lost = f"DELETE FROM {place.prefix}history WHERE request_key IN ('again', 'key2')"  # noqa: S608
    place.alter(lambda connection: connection.exec_driver_sql(lost))
    with pytest.raises(AssertionError):
        storm.check()
    place.give_up()
