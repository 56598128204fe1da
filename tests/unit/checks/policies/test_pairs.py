"""Every two options stand together in some combination, and no combination has too many."""

from __future__ import annotations

from itertools import combinations, product

from hypothesis import given
from hypothesis import strategies as st

from reformflow.checks.policies.pairs import paired

POLICIES = st.dictionaries(
    st.sampled_from("abcdefghij"),
    st.lists(st.sampled_from("xyz"), min_size=1, max_size=3, unique=True),
    max_size=10,
)


@given(POLICIES)
def test_every_two_options_stand_together(options: dict[str, list[str]]) -> None:
    rows = [dict(row) for row in paired(options)]
    for one, other in combinations(options, 2):
        for a, b in product(options[one], options[other]):
            assert any(row.get(one) == a and row.get(other) == b for row in rows)
    for row in rows:
        assert 2 <= len(row) <= max(2, (len(options) + 1) // 2)
        assert all(option in options[policy] for policy, option in row.items())


@given(POLICIES)
def test_the_combinations_are_the_same_every_time(options: dict[str, list[str]]) -> None:
    assert list(paired(options)) == list(paired(options))


def test_far_fewer_combinations_than_pairs_are_tried() -> None:
    options = {f"p{number}": ["x", "y"] for number in range(30)}
    assert len(list(paired(options))) < 60
