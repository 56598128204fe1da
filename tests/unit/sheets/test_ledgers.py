"""Ledgers: every action, and that a faulty line is told before anything is done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from reformflow.binding import BoundReform
from reformflow.errors import InputError, Problem
from reformflow.model import (
    Act,
    Actor,
    Correct,
    Extend,
    Fire,
    Open,
    Record,
    Request,
    Resume,
    Suspend,
)
from reformflow.sheets import Ledger, Line, Tick, read_ledger
from reformflow.sheets.assignments import read_assignments
from reformflow.sheets.cells import CellError
from support.building import bound_of

HEAD = "key,on,case,action,name,actor,facts,reason,note\n"
ACTORS = {"wang": Actor.holding("wang", "office"), "li": Actor.holding("li", "bureau", unit="u1")}
Read = Callable[[str], Ledger]


@pytest.fixture
def read(tmp_path: Path, bound: BoundReform) -> Read:
    def ledger(rows: str) -> Ledger:
        path = tmp_path / "ledger.csv"
        path.write_text(HEAD + rows, encoding="utf-8")
        return read_ledger(path, bound, ACTORS, known={"c1": "case"}.get)

    return ledger


def problems(read: Read, rows: str) -> tuple[Problem, ...]:
    with pytest.raises(InputError) as caught:
        read(rows)
    return caught.value.problems


LINES: dict[str, Act] = {
    "open,case,wang,unit=u1; subject=甲; kind=whole": Open(
        "case", "u1", "甲", None, {"kind": "whole"}
    ),
    "open,report,wang,parent=c1": Open("report", parent="c1"),
    "record,,li,before=5; started_on=2021-02-08; note=a text": Record(
        {"before": 5, "started_on": date(2021, 2, 8), "note": "a text"}
    ),
    "record,,li,note=": Record({"note": None}),
    "fire,start,li,started_on=2021年2月8日": Fire("start", {"started_on": date(2021, 2, 8)}),
    "extend,finish,wang,until=2021-04-30": Extend("finish", date(2021, 4, 30)),
    "suspend,finish,wang,": Suspend("finish"),
    "resume,finish,wang,": Resume("finish"),
    "correct,,wang,entry=3; void=true": Correct(3, {}, void=True),
    "correct,,wang,entry=3; sort=甲": Correct(3, {"sort": "a"}),
}


@pytest.mark.parametrize("line", LINES)
def test_an_action_becomes_its_act(line: str, read: Read) -> None:
    action, name, actor, facts = line.split(",")
    case = "c2" if action == "open" else "c1"
    (found,) = read(f"k1,2021-02-08,{case},{action},{name},{actor},{facts},why,note\n").lines
    assert isinstance(found.step, Request)
    assert found.step.act == LINES[line]
    assert (found.step.reason, found.step.key, found.step.case) == ("why", "k1", case)


def test_time_passes_for_one_case_or_for_all(read: Read) -> None:
    lines = read("k1,2021-06-30,,tick,,,,,\nk2,2021-07-01,c1,tick,,,,,\n").lines
    steps = [line.step for line in lines]
    assert steps == [Tick(date(2021, 6, 30)), Tick(date(2021, 7, 1), "c1")]


def test_a_case_that_an_earlier_line_opens_is_known(read: Read) -> None:
    rows = "a,2021-02-08,c2,open,case,wang,kind=whole,,\nb,2021-02-08,c2,record,,li,before=1,,\n"
    assert [line.workflow for line in read(rows).lines] == ["case", "case"]


def test_the_period_of_a_duty_is_known_by_its_id(read: Read) -> None:
    (line,) = read("a,2021-02-08,c1/reporting/2,fire,hand_in,li,,,\n").lines
    assert line.workflow == "report"


def test_a_line_without_a_key_gets_one_from_what_it_says(read: Read) -> None:
    row = ",2021-02-08,c1,record,,li,before=5,,{}\n"
    first, again, other = read(
        row.format("one") + row.format("two") + row.replace("5", "6").format("")
    ).lines
    assert first.key == again.key != other.key
    assert first.key.startswith("line:")


def test_the_same_line_twice_is_no_fault(read: Read) -> None:
    row = "k1,2021-02-08,c1,record,,li,before=5,,\n"
    first, second = read(row + row).lines
    assert (first.step, first.place.line, second.place.line) == (second.step, 2, 3)


BAD = {
    "k,2021-02-08,c9,fire,start,li,,,": ("unknown_case", "case"),
    "k,2021-02-08,c1,fire,strat,li,,,": ("unknown_transition", "name"),
    "k,2021-02-08,c1,fire,,li,,,": ("unknown_transition", "name"),
    "k,2021-02-08,c1,frie,start,li,,,": ("unknown_action", "action"),
    "k,2021-02-08,c1,,start,li,,,": ("missing", "action"),
    "k,2021-02-30,c1,fire,start,li,,,": ("date", "on"),
    "k,,c1,fire,start,li,,,": ("date", "on"),
    "k,2021-02-08,c1,fire,start,lo,,,": ("unknown_actor", "actor"),
    "k,2021-02-08,c1,fire,start,,,,": ("missing", "actor"),
    "k,2021-02-08,,fire,start,li,,,": ("missing", "case"),
    "k,2021-02-08,c1,record,,li,befor=1,,": ("unknown_fact", "facts"),
    "k,2021-02-08,c1,record,,li,grown=true,,": ("unknown_fact", "facts"),
    "k,2021-02-08,c1,fire,start,li,before=1,,": ("unknown_fact", "facts"),
    "k,2021-02-08,c1,record,,li,before=1.5,,": ("int", "facts"),
    "k,2021-02-08,c1,record,,li,before=-1,,": ("range", "facts"),
    "k,2021-02-08,c1,record,,li,kind=hole,,": ("choice", "facts"),
    "k,2021-02-08,c1,record,,li,started_on=soon,,": ("date", "facts"),
    "k,2021-02-08,c1,record,,li,,,": ("missing", "facts"),
    "k,2021-02-08,c1,record,x,li,before=1,,": ("unexpected", "name"),
    "k,2021-02-08,c1,record,,li,before,,": ("facts", "facts"),
    "k,2021-02-08,c1,record,,li,before=1；after=2,,": ("facts", "facts"),
    "k,2021-02-08,c1,record,,li,before=1; before=2,,": ("facts", "facts"),
    "k,2021-02-08,c1,record,,li,note==1+1,,": ("formula", "facts"),
    "k,2021-02-08,c1,sign,finish,li,,,": ("unknown_transition", "name"),
    "k,2021-02-08,c1,extend,start,wang,until=2021-05-01,,": ("unknown_deadline", "name"),
    "k,2021-02-08,c1,extend,finish,wang,,,": ("date", "facts"),
    "k,2021-02-08,c1,suspend,finish,wang,note=x,,": ("unknown_fact", "facts"),
    "k,2021-02-08,c1,correct,,wang,void=true,,": ("entry", "facts"),
    "k,2021-02-08,c1,correct,,wang,entry=3,,": ("correction", "facts"),
    "k,2021-02-08,c1,correct,,wang,entry=3; void=true; before=1,,": ("correction", "facts"),
    "k,2021-02-08,c1,correct,,wang,entry=3; void=perhaps,,": ("bool", "facts"),
    "k,2021-02-08,c2,open,cse,wang,,,": ("unknown_workflow", "name"),
    "k,2021-02-08,r2,open,report,wang,parent=c9,,": ("unknown_case", "facts"),
    "k,2021-02-08,c2,open,case,wang,parent=c1; kind=whole,,": ("parent", "facts"),
    "k,2021-02-08,c9,tick,,,,,": ("unknown_case", "case"),
}


def test_a_ledger_may_be_written_in_chinese(tmp_path: Path) -> None:
    """Actions in the words of a history, transitions and workflows by the labels people see."""
    bound = bound_of(
        loan="""
            label: {en: loan, zh: 借阅}
            opening: {by: office}
            facts: {card: {type: bool, by: office, label: {en: card, zh: 证件}}}
            tracks: {progress: {initial: asked, states: {asked: {}, lent: {}, back: {}}}}
            transitions:
              lend: {label: {en: lend, zh: 借出}, from: asked, to: lent, by: office}
              extend: {label: {en: next, zh: 续}, from: lent, to: back, by: office}
              again: {label: {en: next, zh: 再续}, from: lent, to: back, by: office}
        """
    )
    path = tmp_path / "台账.csv"
    rows = "日期,个案,动作,事项,经办人,事实"
    rows += "\n2021-02-08,c,立案,借阅,wang,\n2021-02-08,c,记录,,wang,证件=是"
    rows += "\n2021-02-08,c,办理,借出,wang,\n2021-02-08,c,办理,再续,wang,"
    rows += "\n2021-02-08,,到期处理,,,\n"
    path.write_text(rows, "utf-8")
    steps = [line.step for line in read_ledger(path, bound, ACTORS).lines]
    assert [step.act for step in steps if isinstance(step, Request)] == [
        Open("loan"),
        Record({"card": True}),
        Fire("lend"),
        Fire("again"),
    ]
    assert steps[-1] == Tick(date(2021, 2, 8))
    path.write_text(rows.replace("再续", "next"), "utf-8")
    with pytest.raises(InputError, match="unknown transition 'next'"):
        read_ledger(path, bound, ACTORS)


def test_a_column_that_is_missing_is_told_once_and_not_of_every_line(
    tmp_path: Path, bound: BoundReform
) -> None:
    path = tmp_path / "ledger.csv"
    row = "2021-02-08,c1,start,li\n"
    path.write_text("on,case,name,actor\n" + row * 3, "utf-8")
    with pytest.raises(InputError) as caught:
        read_ledger(path, bound, ACTORS, known={"c1": "case"}.get)
    assert [problem.code for problem in caught.value.problems] == ["missing_column"]


@pytest.mark.parametrize("row", BAD)
def test_a_bad_line_is_told_by_line_and_column(row: str, read: Read) -> None:
    (problem,) = problems(read, f"ok,2021-02-08,c1,record,,li,before=1,,\n{row}\n")
    code, field = BAD[row]
    assert (problem.code, problem.place.field) == (code, field)
    assert problem.place.line == 3
    assert problem.place.column == HEAD.strip().split(",").index(field) + 1


def test_one_key_with_two_contents_is_told(read: Read) -> None:
    rows = "k,2021-02-08,c1,record,,li,before=1,,\nk,2021-02-08,c1,record,,li,before=2,,\n"
    (problem,) = problems(read, rows)
    assert (problem.code, problem.place.line) == ("key_reused", 3)
    assert "line 2" in problem.message


def test_all_problems_come_at_once(read: Read) -> None:
    rows = "\n".join(BAD)
    assert len(problems(read, rows.replace("k,", ",") + "\n")) >= len(BAD) - 2


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("", {}),
        ("a=1", {"a": "1"}),
        (" a = 1 ; b = two words ;", {"a": "1", "b": "two words"}),
        ('a="x; y=""z"""; b=', {"a": 'x; y="z"', "b": ""}),
        ("事实=文本；更多文本", {"事实": "文本；更多文本"}),
        ("a=b=c", {"a": "b=c"}),
    ],
)
def test_facts_are_written_name_equals_value(text: str, facts: dict[str, str]) -> None:
    assert read_assignments(text) == facts


@pytest.mark.parametrize("text", ['a="x', "=1", "a=1;;b=2", 'a="x"y', "a"])
def test_other_writing_is_refused(text: str) -> None:
    with pytest.raises(CellError):
        read_assignments(text)


def test_lines_are_values() -> None:
    assert Line.__hash__ is not None
