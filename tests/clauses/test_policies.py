"""Every option of every policy of the Putuo reform makes a difference to some decision."""

from __future__ import annotations

import attrs
import pytest

from support.putuo import Check, shipped_town
from support.putuo_suite import clause_classes

CHECKS = tuple(check for group in clause_classes() for check in group.checks)
OPTIONS = [
    (policy.id, option.name)
    for policy in shipped_town().reform.policies
    for option in policy.options
    if option.name != policy.default
]


def holds(check: Check) -> bool:
    """Say whether a check holds of the shipped reform."""
    try:
        check.run(shipped_town())
    except AssertionError:
        return False
    return True


@pytest.mark.parametrize(("policy", "option"), OPTIONS, ids=lambda value: value)
def test_an_option_changes_an_answer(policy: str, option: str) -> None:
    """Without the option, some check that was made for it comes out otherwise."""
    made_for_it = [check for check in CHECKS if (policy, option) in check.choices]
    assert any(
        holds(check) and not holds(attrs.evolve(check, choices=_without(check, policy)))
        for check in made_for_it
    ), made_for_it


def test_there_are_forty_two_policies() -> None:
    assert len({policy for policy, _ in OPTIONS}) == 42


# ---------------------------------------------------------------------------------------------


def _without(check: Check, policy: str) -> tuple[tuple[str, str], ...]:
    return tuple(choice for choice in check.choices if choice[0] != policy)
