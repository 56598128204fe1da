"""A circle of edges that adds up to something is found; the days of the others follow."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from reformflow.checks.dates.graph import (
    CALENDAR,
    Edge,
    Why,
    clauses_of,
    contradiction,
    earliest,
    latest,
)


def edge(source: str, target: str, least: int, *clauses: str) -> Edge:
    return Edge(source, target, least, Why(f"{source}-{target}", clauses))


NODES = "abcde"
EDGES = st.lists(
    st.builds(edge, st.sampled_from(NODES), st.sampled_from(NODES), st.integers(-4, 4)), max_size=9
)


def reachable_sums(edges: list[Edge]) -> bool:
    """Say whether there is a circle that adds up to more than nothing (Floyd and Warshall)."""
    far: dict[tuple[str, str], int] = {(node, node): 0 for node in NODES}
    for item in edges:
        key = (item.source, item.target)
        far[key] = max(item.least, far.get(key, -99))
    for by in NODES:
        for one in NODES:
            for two in NODES:
                if (one, by) in far and (by, two) in far:
                    way = far[one, by] + far[by, two]
                    far[one, two] = max(way, far.get((one, two), -99))
    return any(far[node, node] > 0 for node in NODES)


@given(EDGES)
def test_a_circle_is_found_if_and_only_if_there_is_one(edges: list[Edge]) -> None:
    circle = contradiction(edges)
    assert (circle is not None) == reachable_sums(edges)
    if circle is not None:
        assert sum(item.least for item in circle) > 0
        for one, two in zip(circle, (*circle[1:], circle[0]), strict=True):
            assert one.target == two.source


@given(EDGES)
def test_the_first_days_satisfy_every_edge_that_they_reach(edges: list[Edge]) -> None:
    if contradiction(edges) is None:
        days = earliest(edges, {"a": 100})
        reached = [item for item in edges if item.source in days and item.target != "a"]
        assert all(days[item.target] >= days[item.source] + item.least for item in reached)


def test_first_and_last_days_of_a_chain() -> None:
    edges = [edge(CALENDAR, "a", 100), edge("a", "b", 10), edge("b", CALENDAR, -130)]
    assert contradiction(edges) is None
    assert earliest(edges, {CALENDAR: 0}) == {CALENDAR: 0, "a": 100, "b": 110}
    assert latest(edges, {CALENDAR: 0}) == {CALENDAR: 0, "a": 120, "b": 130}


def test_days_that_never_come_to_rest_are_given_up() -> None:
    circle = [edge("a", "b", 1), edge("b", "a", 1)]
    assert set(earliest(circle, {"a": 0})) == {"a", "b"}
    assert set(latest(circle, {"b": 0})) == {"a", "b"}


def test_days_beyond_the_calendar_are_counted_on() -> None:
    far = date.max.toordinal()
    assert edge("a", "b", 5).earliest(far) == far + 5
    assert edge("a", "b", 5).latest(-3) == -8


def test_clauses_are_listed_once() -> None:
    assert clauses_of([edge("a", "b", 0, "R1", "R2"), edge("b", "a", 0, "R2")]) == ("R1", "R2")
