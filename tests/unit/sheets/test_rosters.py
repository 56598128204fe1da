"""Rosters: what is read, and that every fault is told by file, line, column and what to do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from reformflow.binding import BoundReform
from reformflow.errors import InputError, Problem
from reformflow.model import Grant, Open
from reformflow.sheets import Roster, read_roster

ReadRoster = Callable[..., Roster]
Problems = Callable[..., tuple[Problem, ...]]
HEAD = "id,unit,parent,subject,on,actor,kind,note\n"
GOOD = HEAD + "c1,u1,,First,2021-02-01,wang,whole,hello\n"


def test_a_row_becomes_the_request_that_opens_its_case(roster_of: ReadRoster) -> None:
    roster = roster_of(case_csv=GOOD)
    (opening,) = roster.openings
    request = opening.request
    assert request.case == "c1"
    assert request.act == Open("case", "u1", "First", None, {"kind": "whole", "note": "hello"})
    assert request.on == date(2021, 2, 1)
    assert request.actor.grants == {Grant("office")}
    assert request.key == "roster:case:c1"
    assert (opening.place.line, opening.workflow) == (2, "case")


def test_a_role_may_be_written_by_label_or_alias_and_a_unit_limits_it(
    roster_of: ReadRoster,
) -> None:
    actors = "actor,role,unit\nwang,总办,\nwang,Bureau,u2\n"
    roster = roster_of(case_csv=GOOD, actors_csv=actors)
    assert roster.actors["wang"].grants == {Grant("office"), Grant("bureau", "u2")}


def test_parents_come_before_their_children_whatever_the_order_of_files(
    roster_of: ReadRoster,
) -> None:
    children = "id,parent,on,actor\nr1,c1,2021-03-01,wang\n"
    roster = roster_of(case_csv=GOOD, report_csv=children)
    assert [opening.request.case for opening in roster.openings] == ["c1", "r1"]


@pytest.mark.parametrize(
    "content",
    [
        GOOD.encode("utf-8-sig"),
        GOOD.replace("hello", "示例").encode("gb18030"),
        GOOD.replace("\n", "\r\n").encode(),
        GOOD.replace("note", "note　").replace("id,", " id ,", 1).encode(),
        GOOD.replace("2021-02-01", "2021/2/1").encode(),
        GOOD.replace("2021-02-01", "2021年2月1日").encode(),
        GOOD.replace("id,", "编号,", 1).replace(",on,", ",日期,").encode(),
        (GOOD + ",,,,,,,\n\n").encode(),
    ],
    ids=["mark", "gb18030", "crlf", "spaces", "slashes", "chinese-day", "chinese-head", "blank"],
)
def test_tables_as_programs_write_them_are_read(content: bytes, roster_of: ReadRoster) -> None:
    (opening,) = roster_of(case_csv=content).openings
    assert opening.request.on == date(2021, 2, 1)


def test_a_text_keeps_rare_and_look_alike_characters(roster_of: ReadRoster) -> None:
    roster = roster_of(case_csv=HEAD + "c1,u1,,𠮷⼈人,2021-02-01,wang,whole,\n")
    (opening,) = roster.openings
    assert isinstance(opening.request.act, Open)
    assert opening.request.act.subject == "𠮷⼈人"


ROWS = {
    "duplicate_id": "c1,u1,,A,2021-02-01,wang,whole,\nc1,u1,,B,2021-02-01,wang,whole,",
    "look_alike": "c1,u1,,A,2021-02-01,wang,whole,\nｃ1,u1,,B,2021-02-01,wang,whole,",
    "invisible": "c\u200b1,u1,,A,2021-02-01,wang,whole,",
    "missing": ",u1,,A,2021-02-01,wang,whole,",
    "unknown_actor": "c1,u1,,A,2021-02-01,wnag,whole,",
    "date": "c1,u1,,A,2021-02-29,wang,whole,",
    "choice": "c1,u1,,A,2021-02-01,wang,hole,",
    "too_long": f"c1,u1,,A,2021-02-01,wang,whole,{'x' * 51}",
    "formula": 'c1,u1,,"=HYPERLINK(""http://x"")",2021-02-01,wang,whole,',
    "float_id": "3.10101E+17,u1,,A,2021-02-01,wang,whole,",
    "ragged": "c1,u1,,A,2021-02-01,wang,whole",
    "unknown_case": "c1,u1,c9,A,2021-02-01,wang,whole,",
}


@pytest.mark.parametrize("code", ROWS)
def test_a_bad_row_is_told_by_its_line(code: str, problems_of: Problems) -> None:
    problems = problems_of(case_csv=f"{HEAD}{ROWS[code]}\n")
    assert [problem.code for problem in problems] == [code]
    place = problems[0].place
    assert place.file.endswith("case.csv")
    assert place.line == 2 + ROWS[code].count("\n")
    assert place.column > 0
    assert problems[0].hint


@pytest.mark.parametrize(
    ("head", "code"),
    [
        ("id,on,actor,knd", "unknown_column"),
        ("id,on,actor,kind,kind", "duplicate_column"),
        ("id,on,actor,kind,kind ", "duplicate_column"),
        ("id,actor,kind,note", "missing_column"),
        ("id,on,actor,posts_after", "unknown_column"),
    ],
)
def test_a_bad_header_is_told(head: str, code: str, problems_of: Problems) -> None:
    row = ",".join(["x"] * (head.count(",") + 1))
    codes = {problem.code for problem in problems_of(case_csv=f"{head}\n{row}\n")}
    assert code in codes


def test_a_wrong_column_names_the_nearest_right_one(problems_of: Problems) -> None:
    (problem,) = problems_of(case_csv="id,on,actor,knd\n")
    assert problem.hint == "did you mean 'kind'?"
    assert str(problem.place).endswith("case.csv:1:4: knd")


@pytest.mark.parametrize(
    "sign", ["=1+1", "＝1+1", "\t=1+1", "\tcmd", " =1+1"], ids=["=", "wide", "tab=", "tab", "space"]
)
def test_text_that_a_spreadsheet_would_run_is_refused(sign: str, problems_of: Problems) -> None:
    row = f'c1,u1,,"{sign}",2021-02-01,wang,whole,'
    assert [problem.code for problem in problems_of(case_csv=HEAD + row)] == ["formula"]


def test_all_problems_of_all_files_come_at_once(problems_of: Problems) -> None:
    bad = HEAD + "c1,u1,,A,tomorrow,wang,hole,\nc2,u1,,A,2021-02-01,nobody,whole,\n"
    problems = problems_of(case_csv=bad, actors_csv="actor,role\nwang,ofice\n")
    assert {problem.code for problem in problems} >= {"date", "choice", "unknown_role"}
    assert len({problem.place.file for problem in problems}) == 2


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"\n\n", "empty"),
        (b"PK\x03\x04zip", "not_csv"),
        ("id,on".encode("utf-16"), "not_csv"),
        (b"id,on\x00,actor\n", "nul"),
        (b"id,on,actor\nc\xff\xff\n", "encoding"),
        (b'id,on,actor\n"c1,2021-02-01,wang\n', "bad_csv"),
        (b"id,on,actor\n" + b"x" * 40_000 + b",,\n", "too_large"),
        (b"id,on,actor\n" + b"," * 300 + b"\n", "too_large"),
    ],
)
def test_an_unreadable_file_is_named_with_what_to_do(
    content: bytes, code: str, problems_of: Problems
) -> None:
    problem = problems_of(case_csv=content)[0]
    assert problem.code == code
    assert problem.place.file.endswith("case.csv")


def test_too_many_rows_end_the_reading(problems_of: Problems) -> None:
    rows = "c,2021-02-01,wang\n" * 200_002
    (problem,) = problems_of(case_csv="id,on,actor\n" + rows)
    assert problem.code == "too_large"


def test_a_file_named_after_no_workflow_is_told(problems_of: Problems) -> None:
    (problem,) = problems_of(case_csv=GOOD, reprot_csv="id,on,actor\n")
    assert (problem.code, problem.hint) == ("unknown_workflow", "did you mean 'report'?")


def test_two_files_for_one_workflow_are_told(problems_of: Problems) -> None:
    codes = [problem.code for problem in problems_of(case_csv=GOOD, case_xlsx=b"")]
    assert codes == ["duplicate_file"]


def test_a_roster_without_actors_or_folder_is_told(tmp_path: Path, bound: BoundReform) -> None:
    (tmp_path / "case.csv").write_text(GOOD)
    with pytest.raises(InputError, match="missing_file"):
        read_roster(tmp_path, bound)
    with pytest.raises(InputError, match="no such folder"):
        read_roster(tmp_path / "gone", bound)


def test_a_parent_of_the_wrong_kind_or_in_a_circle_is_told(problems_of: Problems) -> None:
    head = "id,parent,on,actor\n"
    wrong = problems_of(report_csv=head + "r1,r2,2021-02-01,wang\nr2,r1,2021-02-01,wang\n")
    assert {problem.code for problem in wrong} == {"parent", "cycle"}


def test_a_parent_may_be_open_already(tmp_path: Path, bound: BoundReform) -> None:
    (tmp_path / "actors.csv").write_text("actor,role\nwang,office\n")
    (tmp_path / "report.csv").write_text("id,parent,on,actor\nr1,c7,2021-02-01,wang\n")
    roster = read_roster(tmp_path, bound, known={"c7": "case"}.get)
    assert [opening.request.case for opening in roster.openings] == ["r1"]
