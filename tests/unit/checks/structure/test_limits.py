"""What cannot be searched is told, and nothing else is said of it."""

from __future__ import annotations

import pytest

from reformflow.checks import check
from reformflow.checks.catalogue import STRUCTURE
from reformflow.checks.reach import diagrams, space
from reformflow.checks.structure.limits import too_large_to_search
from support.building import reform_of
from support.checking import told

FLOW = """
facts: {ok: {type: bool, initial: false}}
rules: {is_ok: {requires: ok}}
transitions:
  send: {from: draft, to: sent, by: office, needs: [is_ok]}
"""


def test_a_workflow_that_can_be_searched_is_not_told() -> None:
    assert check(reform_of(w=FLOW), checks=(too_large_to_search,)) == ()


def test_a_workflow_with_too_many_states(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(space, "FITTING", 0)
    monkeypatch.setattr(diagrams, "MENDED", 0)
    monkeypatch.setattr(diagrams, "MOST", 0)
    found = check(reform_of(w=FLOW.replace("ok", "fine")), checks=STRUCTURE)
    assert told(found) == [("note", "not_searched", "w")]
