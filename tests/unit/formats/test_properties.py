"""Properties are read whole, or refused by file, line and field."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from reformflow.errors import InputError
from reformflow.formats.properties import load_properties
from reformflow.model import Always, Implies, LeadsTo, Never, Reserved, Settled, Unit
from support.building import bound_of

BOUND = bound_of(
    case="""
        label: Case
        opening: {by: office}
        facts: {size: {type: int, by: office}}
        tracks: {progress: {initial: draft, states: {draft: {}, sent: {final: true}}}}
        transitions: {send: {from: draft, to: sent, by: office}}
    """
)
GOOD = """workflow: case
properties:
  small: {when: state == "sent", then: size <= 12, clauses: [R1], says: {en: small, zh: 小}}
  positive: {always: size > 0}
  odd: {never: size == 13}
  soon: {when: state == "draft", leads_to: state == "sent", within: {working_days: 5}}
  marked: {when: state == "sent", leads_to: send.on is not None, by: 2021-03-31, answered: true}
  theirs: {only: [office], acts: [open, send], records: [size]}
  kept: {when: state == "sent", settled: [size]}
"""


def test_each_form_is_read(tmp_path: Path) -> None:
    (tmp_path / "case.yaml").write_text(GOOD, "utf-8")
    found = load_properties(tmp_path, BOUND)
    kinds = [type(item.property.expects) for item in found]
    assert kinds == [Implies, Always, Never, LeadsTo, LeadsTo, Reserved, Settled]
    assert [item.place.line for item in found] == [3, 4, 5, 6, 7, 8, 9]
    small, _, _, soon, marked, theirs, _ = (item.property for item in found)
    assert (small.id, small.clauses, small.says.zh) == ("small", ("R1",), "小")
    assert isinstance(soon.expects, LeadsTo)
    assert (soon.expects.unit, soon.expects.amount) == (Unit.WORKING_DAYS, 5)
    assert isinstance(marked.expects, LeadsTo)
    assert (marked.expects.by, marked.expects.answered) == (date(2021, 3, 31), True)
    assert theirs.expects == Reserved(("office",), ("open", "send"), ("size",))


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ("workflow: case", "workflow: cases", "unknown_workflow", 1),
        ("size > 0", "sise > 0", "expression", 4),
        ("size > 0", "size > ", "syntax", 4),
        ("size > 0", 'size > "a"', "expression", 4),
        ("[R1]", "[R77]", "unknown_clause", 3),
        ("{always: size > 0}", "{always: size > 0, then: size > 0}", "expectation", 4),
        ("within: {working_days: 5}", "within: {fortnights: 5}", "unknown_key", 6),
        (", within: {working_days: 5}", "", "expectation", 6),
        (", acts: [open, send], records: [size]", "", "expectation", 8),
        ("only: [office]", "only: [offices]", "unknown_role", 8),
        ("acts: [open, send]", "acts: [sent]", "unknown_act", 8),
        ("settled: [size]", "settled: [sise]", "unknown_fact", 9),
        ("2021-03-31", "2021-02-30", "no_such_date", 7),
        ("  odd:", "  positive:", "duplicate_key", 5),
    ],
)
def test_what_does_not_fit_is_refused_in_its_place(
    tmp_path: Path, old: str, new: str, code: str, line: int
) -> None:
    assert old in GOOD
    (tmp_path / "case.yaml").write_text(GOOD.replace(old, new, 1), "utf-8")
    with pytest.raises(InputError) as caught:
        load_properties(tmp_path, BOUND)
    assert (code, line) in {(one.code, one.place.line) for one in caught.value.problems}


def test_the_same_name_in_two_files_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(GOOD, "utf-8")
    (tmp_path / "b.yaml").write_text(GOOD, "utf-8")
    with pytest.raises(InputError) as caught:
        load_properties(tmp_path, BOUND)
    assert {one.code for one in caught.value.problems} == {"duplicate_property"}
    assert len(caught.value.problems) == 7
