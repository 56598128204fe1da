"""What an expression reads is found wherever in it that stands."""

from __future__ import annotations

import pytest

from reformflow.language import parse
from reformflow.language.reading import (
    columns_read,
    reads_only_itself,
    reads_parent,
    reads_today,
    relations_read,
)

PLACES = [
    "{}",
    "not ({})",
    "x and ({})",
    "({}) or x",
    "({}) == x",
    "x != ({})",
    "all(({}) for p in parts)",
    "any(p.x for p in parts if ({}))",
    "count(p for p in parts if ({})) > 1",
    "sum(p.n for p in parts if ({})) > 1",
]


@pytest.mark.parametrize("place", PLACES)
def test_what_is_read_is_found_in_every_place(place: str) -> None:
    assert reads_today(parse(place.format("today < told_on")))
    assert reads_parent(parse(place.format("parent.free")))
    inside = parse(place.format("told_on is None"))
    assert "told_on" in [name.column for name in columns_read(inside)]
    assert not reads_today(inside)
    assert not reads_parent(inside)


@pytest.mark.parametrize("place", PLACES[:6])
def test_only_own_columns_are_read_unless_the_day_or_kin_are(place: str) -> None:
    assert reads_only_itself(parse(place.format("n + 1 in {2, 3} and told_on is None")))
    for other in ("parent.free", "today < told_on", "any(p.x for p in parts)"):
        assert not reads_only_itself(parse(place.format(other)))


def test_relations_and_columns_are_told_once_and_in_order() -> None:
    rule = parse("b > 1 and a > 1 and b > 2 and any(p.x for p in parts) or all(q.y for q in parts)")
    assert [name.column for name in columns_read(rule)] == ["b", "a", "x", "y"]
    assert relations_read(rule) == {"parts"}
    assert relations_read(parse("a > 1")) == frozenset()
