"""The texts of the command line."""

from __future__ import annotations

import pytest

from reformflow.cli.texts import tell


@pytest.mark.parametrize(
    ("count", "said"),
    [(0, "0 cases hang together."), (1, "1 case hangs together."), (2, "2 cases hang together.")],
)
def test_one_is_said_otherwise_than_many(count: int, said: str) -> None:
    assert tell("sound", "en", count=count) == said
    assert tell("sound", "zh", count=count) == f"{count}个个案一致完好。"


def test_every_number_of_a_reform_has_its_noun() -> None:
    names = ("clauses", "roles", "policies", "workflows", "transitions", "rules")
    assert tell("holds", "en", **dict.fromkeys(names, 1)) == (
        "1 clause, 1 role, 1 policy, 1 workflow, 1 transition, 1 rule"
    )
