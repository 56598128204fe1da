"""Every bad definition file is refused by file, line, field and code, all its faults together.

A file in `tests/definitions/bad` takes the place of one file of the sound definition in `base`
there. Its first comments say which one, and what is to be reported; nothing else may be.
"""

from __future__ import annotations

import os
import re
import shutil
from collections import Counter
from pathlib import Path

import pytest

from reformflow.errors import DefinitionError, Problem
from reformflow.formats import load
from support.repository import ROOT

BAD = ROOT / "tests" / "definitions" / "bad"
BASE = BAD / "base"
FILES = sorted(BAD.glob("*.yaml"))
EXPECT = re.compile(r"# expect: (?:file=(\S+) )?code=(\S+) line=(\d+) field=(.*)")
REFORM = b"reform: sample\ndocument: {title: A sample}\nworkflows: [case, report]\n"


def expected(path: Path) -> tuple[str, Counter[tuple[str, str, int, str]]]:
    """Return which file a bad file stands for, and what is to be reported."""
    text = path.read_text(encoding="utf-8")
    found = re.match(r"# in: (\S+)\n", text)
    assert found, f"{path.name} does not say which file it stands for"
    return found[1], Counter(
        (file or found[1], code, int(line), field)
        for file, code, line, field in EXPECT.findall(text)
    )


def told(problems: tuple[Problem, ...]) -> Counter[tuple[str, str, int, str]]:
    places = [(problem, problem.place) for problem in problems]
    return Counter((place.file, problem.code, place.line, place.field) for problem, place in places)


def laid_over(folder: Path, name: str, data: bytes) -> Path:
    shutil.copytree(BASE, folder)
    (folder / name).write_bytes(data)
    return folder


def problems_of(folder: str | Path) -> tuple[Problem, ...]:
    with pytest.raises(DefinitionError) as caught:
        load(folder)
    return caught.value.problems


def test_the_sound_definition_under_the_bad_files_loads() -> None:
    assert load(BASE).id == "sample"


def test_there_are_many_bad_files_and_each_expects_something() -> None:
    assert len(FILES) > 150
    assert [path.name for path in FILES if not expected(path)[1]] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_bad_file_is_refused_where_it_is_wrong(path: Path, tmp_path: Path) -> None:
    name, wanted = expected(path)
    problems = problems_of(laid_over(tmp_path / "reform", name, path.read_bytes()))
    assert told(problems) == wanted
    assert all(problem.message for problem in problems)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_bad_file_names_a_column_that_its_line_has(path: Path, tmp_path: Path) -> None:
    name, _ = expected(path)
    lines = path.read_text(encoding="utf-8").split("\n")
    for problem in problems_of(laid_over(tmp_path / "reform", name, path.read_bytes())):
        assert 1 <= problem.place.column <= len(lines[problem.place.line - 1]) + 1


def test_all_faults_of_all_files_come_together_sorted_by_place(tmp_path: Path) -> None:
    folder = laid_over(tmp_path / "reform", "clauses.yaml", b"clauses: {R1: {at: 1}}\n")
    case = folder / "case.yaml"
    case.write_text(
        case.read_text().replace("once: true", "once: no").replace("by: bureau", "by: x")
    )
    (folder / "report.yaml").write_text("workflow: [\n")
    problems = problems_of(folder)
    assert {problem.place.file for problem in problems} == {
        "case.yaml",
        "clauses.yaml",
        "report.yaml",
    }
    places = [(p.place.file, p.place.line, p.place.column) for p in problems]
    assert places == sorted(places)


def test_wrong_names_are_told_beside_wrong_types_of_the_same_file(tmp_path: Path) -> None:
    """Nobody has to mend the spelling first to learn that a role does not exist."""
    text = (BASE / "case.yaml").read_text()
    text = text.replace("once: true", "once: no").replace("by: [office]", "by: [ofice]")
    codes = [p.code for p in problems_of(laid_over(tmp_path / "r", "case.yaml", text.encode()))]
    assert codes == ["wrong_type", "unknown_role"]


def test_nothing_is_told_that_only_follows_from_another_fault(tmp_path: Path) -> None:
    """A rule about a fact whose type is misspelt is not blamed for that."""
    text = (BASE / "case.yaml").read_text().replace("before: {type: int", "before: {type: integer")
    problems = problems_of(laid_over(tmp_path / "r", "case.yaml", text.encode()))
    assert [problem.place.field for problem in problems] == ["case.facts.before.type"]


@pytest.mark.parametrize(
    ("data", "code", "line"),
    [
        (REFORM.decode().encode("utf-16"), "not_utf8", 1),
        (REFORM.decode().encode("utf-16-be"), "hidden_character", 1),
        (REFORM.decode().encode("utf-32"), "not_utf8", 1),
        (b"\xef\xbb\xbf" + REFORM, "not_utf8", 1),
        (REFORM + b"time_zone: \xff\n", "not_utf8", 4),
        (REFORM + "time_zone: 上海\n".encode("gb18030"), "not_utf8", 4),
        (REFORM + b"# \xed\xa0\x80\n", "not_utf8", 4),
        (REFORM + b"time_zone: UTC\x00\n", "hidden_character", 4),
        (REFORM + b"# \x1b[2J\n", "hidden_character", 4),
        (REFORM + "# turned \u202e round\n".encode(), "hidden_character", 4),
        (REFORM + b"# a line\rthat hides\n", "hidden_character", 4),
        (b"", "empty_file", 1),
        (b"\n\n", "empty_file", 1),
        (REFORM + b"x: [" + b"1, " * 400_000 + b"1]\n", "file_too_large", 0),
        (b"[" * 1_000_000, "too_deep", 1),
        (b"- " * 500_000, "too_deep", 1),
        (b"{a: " * 250_000, "too_deep", 1),
        (b"? " * 500_000, "too_deep", 1),
    ],
)
def test_bytes_that_no_editor_should_write_are_refused(
    data: bytes, code: str, line: int, tmp_path: Path
) -> None:
    first = problems_of(laid_over(tmp_path / "reform", "reform.yaml", data))[0]
    assert (first.code, first.place.file, first.place.line) == (code, "reform.yaml", line)


def test_a_long_flat_list_of_faults_is_cut_short(tmp_path: Path) -> None:
    data = REFORM + b"x: [" + b"*a, " * 200_000 + b"]\n"
    problems = problems_of(laid_over(tmp_path / "reform", "reform.yaml", data))
    assert len(problems) == 100


def test_a_device_a_pipe_a_folder_and_a_loop_are_no_files(tmp_path: Path) -> None:
    """None of them is waited for or read without end."""
    folder = laid_over(tmp_path / "reform", "reform.yaml", REFORM)
    for name in ("case.yaml", "report.yaml", "clauses.yaml"):
        (folder / name).unlink()
    (folder / "case.yaml").symlink_to("/dev/zero")
    os.mkfifo(folder / "report.yaml")
    (folder / "clauses.yaml").mkdir()
    assert [(p.place.file, p.code) for p in problems_of(folder)] == [
        ("case.yaml", "unreadable_file"),
        ("clauses.yaml", "unreadable_file"),
        ("report.yaml", "unreadable_file"),
    ]
    (folder / "reform.yaml").unlink()
    (folder / "reform.yaml").symlink_to("reform.yaml")
    assert [p.code for p in problems_of(folder) if p.place.file == "reform.yaml"] == [
        "unreadable_file"
    ]


def test_a_link_to_a_file_that_is_gone_is_unreadable_not_absent(tmp_path: Path) -> None:
    folder = laid_over(tmp_path / "reform", "reform.yaml", REFORM)
    (folder / "clauses.yaml").unlink()
    (folder / "clauses.yaml").symlink_to("nowhere.yaml")
    assert ("clauses.yaml", "unreadable_file") in [
        (p.place.file, p.code) for p in problems_of(folder)
    ]


@pytest.mark.parametrize("path", ["/dev/zero", "no-such-reform", "", "a\0b", "x" * 5000, "../.."])
def test_a_path_that_is_no_reform_is_refused(path: str) -> None:
    with pytest.raises(DefinitionError):
        load(path)


def test_a_folder_that_links_to_itself_is_refused(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(DefinitionError):
        load(tmp_path / "loop")


def test_a_folder_without_reform_file_is_refused_by_that_files_name(tmp_path: Path) -> None:
    assert [(p.place.file, p.code) for p in problems_of(tmp_path)] == [
        ("reform.yaml", "unreadable_file")
    ]
