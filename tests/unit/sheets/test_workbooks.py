"""Workbooks: real ones are read, hostile ones are refused before they fill the memory."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from reformflow.sheets import write_workbook
from reformflow.sheets.files import read_table
from reformflow.sheets.tables import Faults, Table

Write = Callable[[Any, Any], None]
SHEET = "xl/worksheets/sheet1.xml"


def workbook(path: Path, write: Callable[[Any, Any], None]) -> Path:
    """Write a workbook with one sheet by a function of book and sheet."""
    with xlsxwriter.Workbook(str(path)) as book:
        write(book, book.add_worksheet())
    return path


def read(path: Path) -> tuple[Table | None, list[str]]:
    faults = Faults(str(path))
    table = read_table(path, faults)
    return table, [problem.code for problem in faults.problems]


def changed(path: Path, **members: Callable[[bytes], bytes]) -> Path:
    """Return the workbook with the text of its sheet changed."""
    before = zipfile.ZipFile(io.BytesIO(path.read_bytes()))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            data = before.read(name)
            after.writestr(name, members["sheet"](data) if name == SHEET else data)
    return path


def plain(book: Any, sheet: Any) -> None:
    sheet.write_row(0, 0, ["id", "n"])
    sheet.write_row(1, 0, ["x", 5])


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "t.xlsx"


def test_what_is_written_reads_back(path: Path) -> None:
    rows: list[list[Any]] = [["甲", 5, date(2021, 2, 8), True, None], ["=1+1", 0, None, False, "x"]]
    write_workbook(path, ["a", "b", "c", "d", "e"], rows)
    table, codes = read(path)
    assert codes == []
    assert table is not None
    assert [row.cells for row in table.rows] == [
        ("甲", 5.0, date(2021, 2, 8), True, ""),
        ("=1+1", 0.0, "", False, "x"),
    ]
    assert list(path.parent.iterdir()) == [path]


def test_a_formula_like_text_is_written_as_text(path: Path) -> None:
    write_workbook(path, ["a"], [["=HYPERLINK(1)"], ["https://example.org"]])
    inside = zipfile.ZipFile(path).read(SHEET)
    assert b"<f>" not in inside
    assert b"hyperlink" not in inside


def test_lines_and_columns_are_those_that_people_see(path: Path) -> None:
    def shifted(book: Any, sheet: Any) -> None:
        sheet.write_row(3, 2, ["id", "n"])
        sheet.write_row(5, 2, ["x", 5])

    table, codes = read(workbook(path, shifted))
    assert codes == []
    assert table is not None
    assert (table.header.line, table.rows[0].line) == (4, 6)
    assert table.rows[0].cells == ("", "", "x", 5.0)


def test_a_formula_without_a_stored_result_is_told(path: Path) -> None:
    def formulas(book: Any, sheet: Any) -> None:
        plain(book, sheet)
        sheet.write_formula(2, 0, "=A1", None, "")
        sheet.write_formula(2, 1, "=1+1", None, 2)

    faults = Faults("t")
    read_table(workbook(path, formulas), faults)
    assert [(p.code, p.place.line, p.place.column) for p in faults.problems] == [("formula", 3, 1)]


def test_several_sheets_with_data_are_told(path: Path) -> None:
    def two(book: Any, sheet: Any) -> None:
        plain(book, sheet)
        book.add_worksheet("empty")
        plain(book, book.add_worksheet("other"))

    assert read(workbook(path, two)) == (None, ["several_sheets"])


@pytest.mark.parametrize("cell", ["XFD1048576", "A1048576", "XFD1"])
def test_a_cell_at_the_far_end_is_refused(path: Path, cell: str) -> None:
    def far(data: bytes) -> bytes:
        new = f'<row><c r="{cell}"><v>1</v></c></row></sheetData>'
        return data.replace(b"</sheetData>", new.encode())

    faults = Faults("t")
    assert read_table(changed(workbook(path, plain), sheet=far), faults) is None
    (problem,) = faults.problems
    assert problem.code == "too_large"
    # The place shows that it was seen before the sheet was laid out in memory.
    assert problem.place.column == (16_384 if cell.startswith("XFD") else 1)


def test_a_row_number_at_the_far_end_is_refused(path: Path) -> None:
    def far(data: bytes) -> bytes:
        return data.replace(b"</sheetData>", b'<row r="1048576"><c><v>1</v></c></row></sheetData>')

    assert read(changed(workbook(path, plain), sheet=far)) == (None, ["too_large"])


def test_a_workbook_that_unpacks_to_gigabytes_is_refused(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(SHEET, b" " * (65 * 1024 * 1024))
    assert path.stat().st_size < 100_000
    assert read(path) == (None, ["too_large"])


def test_a_workbook_that_lies_about_its_size_is_refused(path: Path) -> None:
    workbook(path, plain)
    data = bytearray(path.read_bytes())
    entry = data.rindex(SHEET.encode()) - 46  # the central directory's record of the sheet
    data[entry + 24 : entry + 28] = (100).to_bytes(4, "little")
    path.write_bytes(bytes(data))
    assert read(path) == (None, ["damaged"])


def test_entities_are_refused_and_never_read(path: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("s3cret")

    def entity(data: bytes) -> bytes:
        head, _, rest = data.partition(b"?>")
        doctype = f'<!DOCTYPE x [<!ENTITY e SYSTEM "file://{tmp_path}/secret">]>'
        return head + b"?>" + doctype.encode() + rest

    assert read(changed(workbook(path, plain), sheet=entity)) == (None, ["entities"])


def test_a_workbook_with_macros_is_refused_under_any_name(path: Path, tmp_path: Path) -> None:
    workbook(path, plain)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"x")
    assert read(path) == (None, ["macros"])
    assert read(path.rename(tmp_path / "t.xlsm")) == (None, ["macros"])


@pytest.mark.parametrize("content", [b"", b"hello", b"PK\x03\x04broken", b"\xd0\xcf\x11\xe0broken"])
@pytest.mark.parametrize("suffix", [".xlsx", ".xls", ".ods"])
def test_what_is_no_workbook_is_told(tmp_path: Path, suffix: str, content: bytes) -> None:
    path = tmp_path / f"t{suffix}"
    path.write_bytes(content)
    assert read(path) == (None, ["damaged"])


def _ods(cells: str) -> Iterator[tuple[str, str]]:
    names = 'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    names += ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    names += ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    yield "mimetype", "application/vnd.oasis.opendocument.spreadsheet"
    yield (
        "content.xml",
        (
            f"<office:document-content {names}><office:body><office:spreadsheet>"
            f'<table:table table:name="S">{cells}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>"
        ),
    )
    manifest = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
    yield "META-INF/manifest.xml", f'<m:manifest xmlns:m="{manifest}"/>'


def ods(path: Path, cells: str) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in _ods(cells):
            archive.writestr(name, text)
    return path


VALUE = '<table:table-cell office:value-type="string"><text:p>id</text:p></table:table-cell>'
ROW = f"<table:table-row>{VALUE}</table:table-row>"


def test_an_ods_table_is_read_with_its_empty_margins(tmp_path: Path) -> None:
    margins = (
        '<table:table-row table:number-rows-repeated="1048000">'
        '<table:table-cell table:number-columns-repeated="1024"/></table:table-row>'
    )
    table, codes = read(ods(tmp_path / "t.ods", ROW + ROW + margins))
    assert codes == []
    assert table is not None
    assert [row.cells[0] for row in table.rows] == ["id"]


@pytest.mark.parametrize("what", ["rows", "columns"])
def test_an_ods_cell_repeated_to_the_far_end_is_refused(tmp_path: Path, what: str) -> None:
    repeat = f'table:number-{what}-repeated="1048576"'
    if what == "rows":
        cells = f"<table:table-row {repeat}>{VALUE}</table:table-row>"
    else:
        cells = ROW.replace("<table:table-cell", f"<table:table-cell {repeat}", 1)
    assert read(ods(tmp_path / "t.ods", ROW + cells)) == (None, ["too_large"])


def test_the_time_of_a_day_is_not_dropped_silently(path: Path) -> None:
    from reformflow.sheets.cells import CellError, read_day, read_id

    with pytest.raises(CellError, match="time of day"):
        read_day(datetime(2021, 2, 8, 5, 0))  # noqa: DTZ001 - as a sheet gives it
    with pytest.raises(CellError, match="miscount"):
        read_day(date(1900, 2, 28))  # what a sheet's 29 February 1900 becomes
    with pytest.raises(CellError, match="lost digits"):
        read_id(310101199001011234.0)
    assert read_id(3101.0) == "3101"
