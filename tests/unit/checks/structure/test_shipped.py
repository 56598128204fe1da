"""Sound definitions raise no alarm."""

from __future__ import annotations

from pathlib import Path

import pytest

from reformflow.checks import check
from reformflow.checks.structure.blocking import blocked_tracks
from reformflow.checks.structure.never import never_firing
from reformflow.checks.structure.opening import never_opens
from reformflow.checks.structure.traps import traps
from reformflow.checks.structure.unreachable import unreachable_states
from reformflow.formats import load
from support.repository import ROOT, WORKFLOWS
from support.soak import amount

STRUCTURE = (never_opens, unreachable_states, never_firing, traps, blocked_tracks)
SOUND = sorted(
    path.parent
    for folder in ("workflows", "docs/examples", "benchmarks/definitions")
    for path in (ROOT / folder).glob("*/reform.yaml")
)


def test_there_are_definitions_to_look_at() -> None:
    assert len(SOUND) >= 5


@pytest.mark.parametrize("path", SOUND, ids=lambda path: path.name)
def test_a_shipped_definition_has_no_flaw_of_structure(path: Path) -> None:
    assert check(load(path), checks=STRUCTURE) == ()


@pytest.mark.parametrize("path", sorted(WORKFLOWS.iterdir()), ids=lambda path: path.name)
def test_what_only_other_options_lead_to_raises_no_alarm(path: Path) -> None:
    reform = load(path)
    options = [(policy.id, option.name) for policy in reform.policies for option in policy.options]
    for policy, option in options[:: amount(5, 1)]:
        chosen = reform.choosing(**{policy: option})
        assert check(chosen, checks=STRUCTURE) == (), (policy, option)
