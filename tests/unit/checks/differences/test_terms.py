"""What acts ask besides their rules, and how cases begin: each change of it is told."""

from __future__ import annotations

import pytest

from reformflow.checks import differences
from reformflow.model import Finding
from support.building import reform_of

PART = """
opening: {by: office, records: [kind]}
facts:
  kind: {type: choice, choices: [big, small], by: office, once: true}
  rounds: {type: int, initial: 0}
  note: {type: text, by: office}
tracks: {t: {initial: a, states: {a: , b: , c: {final: true}}}}
transitions:
  send: {from: a, to: b, by: office, reason: true, may_record: [note]}
  end: {from: b, to: c, by: office}
"""


def compared(old: str, new: str) -> list[Finding]:
    assert old in PART
    return list(differences(reform_of(w=PART), reform_of(w=PART.replace(old, new))))


def test_a_reason_that_is_not_asked_any_more_and_back() -> None:
    (found,) = compared("reason: true, ", "")
    assert (found.code, found.path) == ("newly_allowed", "w.transitions.send")
    assert dict(found.witness.values)["t.state"] == "a"
    without = reform_of(w=PART.replace("reason: true, ", ""))
    (found,) = differences(without, reform_of(w=PART))
    assert (found.code, found.path) == ("newly_refused", "w.transitions.send.reason")


@pytest.mark.parametrize(
    ("old", "new", "code", "path"),
    [
        (", once: true", "", "newly_allowed", "w.facts.kind"),
        ("type: text, by: office", "type: text, by: office, once: true", "newly_refused",
         "w.facts.note.once"),
        (", may_record: [note]", "", "newly_refused", "w.transitions.send"),
        ("records: [kind]", "records: [kind], may_record: [note]", "newly_allowed", "w.opening"),
        ("initial: 0", "initial: 1", "begins_otherwise", "w.facts.rounds"),
        ("initial: a", "initial: b", "begins_otherwise", "w.tracks.t"),
    ],
)  # fmt: skip
def test_a_change_of_terms_is_told(old: str, new: str, code: str, path: str) -> None:
    assert [(found.code, found.path) for found in compared(old, new)] == [(code, path)]


def test_what_a_case_begins_with_is_shown_as_it_is_and_was() -> None:
    (found,) = compared("initial: 0", "initial: 1")
    assert found.witness.values == (("rounds", 1), ("old:rounds", 0))
    assert "1 instead of 0" in found.says.en


def test_names_that_are_renamed_are_no_other_terms() -> None:
    new = (
        PART.replace("note", "remark")
        .replace("rounds", "turns")
        .replace("states: {a:", "states: {z:")
    )
    new = new.replace("initial: a", "initial: z").replace("from: a", "from: z")
    renames = {"w.note": "remark", "w.rounds": "turns", "w.t.a": "z"}
    assert not differences(reform_of(w=PART), reform_of(w=new), renames=renames)
