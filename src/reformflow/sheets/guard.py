"""What a workbook holds, looked at before it is unpacked into memory.

A workbook is a zip archive of XML. A few bytes of it can stand for gigabytes: members that
inflate, a cell in the last column of the last row, entities that expand. So every member is
streamed once through expat, with limits, before the reader sees the file.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from pathlib import Path
from typing import Final
from xml.parsers import expat

import attrs

from reformflow.sheets.tables import MAX_COLUMNS, MAX_ROWS, Faults

MAX_UNPACKED: Final = 64 * 1024 * 1024
MAX_MEMBERS: Final = 1_000
_CHUNK: Final = 1 << 16
_REFERENCE: Final = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


@attrs.frozen
class Formula:
    """A cell whose formula has no stored result; line and column count from 1."""

    line: int
    column: int


@attrs.define
class Inside:
    """What was found: formulas without a result."""

    formulas: list[Formula] = attrs.field(factory=list)


def inspect_archive(path: Path, faults: Faults) -> Inside | None:
    """Look through a workbook that is a zip archive; None, with a problem noted, if it is unfit."""
    try:
        with zipfile.ZipFile(path) as archive:
            return _look(archive, faults)
    except _Unfit as unfit:
        faults.add(unfit.code, unfit.message, unfit.hint, line=unfit.line, column=unfit.column)
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        EOFError,
        OSError,
        RuntimeError,  # an encrypted member
        NotImplementedError,  # a compression that nobody uses for workbooks
        ValueError,
        zlib.error,
    ) as error:
        hint = "open it in a spreadsheet program and save it again as .xlsx"
        faults.add("damaged", f"this is not a sound workbook: {error}", hint)
    return None


# ---------------------------------------------------------------------------------------------


@attrs.frozen
class _Unfit(Exception):
    code: str
    message: str
    hint: str
    line: int = 0
    column: int = 0


def _look(archive: zipfile.ZipFile, faults: Faults) -> Inside:
    members = archive.infolist()
    total = sum(member.file_size for member in members)
    if len(members) > MAX_MEMBERS or total > MAX_UNPACKED:
        message = f"unpacked, the workbook has {total:,} bytes in {len(members):,} parts"
        raise _Unfit("too_large", message, f"at most {MAX_UNPACKED:,}; split it")
    if any(member.filename.lower().endswith("vbaproject.bin") for member in members):
        message = f"{faults.file} holds macros"
        raise _Unfit("macros", message, "save it as .xlsx without macros")
    inside = Inside()
    for member in members:
        if not member.is_dir():
            _read(archive, member, inside)
    return inside


def _read(archive: zipfile.ZipFile, member: zipfile.ZipInfo, inside: Inside) -> None:
    """Stream one member whole, which also verifies its size and checksum."""
    is_xml = member.filename.lower().endswith((".xml", ".rels"))
    scan = _Scan(member.filename, inside) if is_xml else None
    with archive.open(member) as stream:
        while chunk := stream.read(_CHUNK):
            if scan is not None:
                scan.feed(chunk)
    if scan is not None:
        scan.end()


class _Scan:
    """Reads one XML member: refuses document types, far cells and repeats; notes formulas."""

    def __init__(self, name: str, inside: Inside) -> None:
        self._name = name
        self._inside = inside
        self._row = self._column = self._rows = 0
        self._formula = self._value = False
        self._in_value = False
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text

    def feed(self, chunk: bytes) -> None:
        try:
            self._parser.Parse(chunk, False)  # noqa: FBT003 - the parser's own signature
        except expat.ExpatError as error:
            raise self._damaged(error) from error

    def end(self) -> None:
        try:
            self._parser.Parse(b"", True)  # noqa: FBT003 - the parser's own signature
        except expat.ExpatError as error:
            raise self._damaged(error) from error

    def _damaged(self, error: expat.ExpatError) -> _Unfit:
        hint = "open it in a spreadsheet program and save it again as .xlsx"
        return _Unfit("damaged", f"{self._name} is not sound XML: {error}", hint)

    def _doctype(self, *_: object) -> None:
        message = f"{self._name} declares a document type"
        raise _Unfit("entities", message, "no spreadsheet program writes that; do not trust it")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(" ")[2]
        if local == "row":
            self._rows += 1
            self._row = _number(attributes.get("r"), self._row + 1)
            self._column = 0
            self._check()
        elif local == "c":
            self._cell(attributes.get("r"))
        elif local == "f":
            self._formula = True
        elif local in {"v", "is"}:
            self._in_value = True
        elif local == "table-row":
            self._repeated_row(attributes)
        elif local in {"table-cell", "covered-table-cell"}:
            self._repeated_cell(attributes)

    def _cell(self, reference: str | None) -> None:
        self._column += 1
        self._formula = self._value = False
        found = _REFERENCE.fullmatch(reference or "")
        if found:
            self._column = _column_number(found[1])
            self._row = int(found[2])
        self._check()

    def _repeated_row(self, attributes: dict[str, str]) -> None:
        self._row += max(_repeats(attributes, "number-rows-repeated"), 1)
        self._column = 0

    def _repeated_cell(self, attributes: dict[str, str]) -> None:
        """Empty cells may be repeated to the edge of the sheet, cells with a value may not."""
        self._column += max(_repeats(attributes, "number-columns-repeated"), 1)
        names = {name.rpartition(" ")[2] for name in attributes}
        if "value-type" in names:
            self._rows += 1
            self._check()
        elif "formula" in names:
            self._inside.formulas.append(Formula(self._row, self._column))

    def _text(self, text: str) -> None:
        if self._in_value and text.strip():
            self._value = True

    def _end(self, name: str) -> None:
        local = name.rpartition(" ")[2]
        if local in {"v", "is"}:
            self._in_value = False
        elif local == "c" and self._formula and not self._value:
            self._inside.formulas.append(Formula(self._row, self._column))

    def _check(self) -> None:
        if self._row > MAX_ROWS + 1 or self._rows > (MAX_ROWS + 1) * MAX_COLUMNS:
            message = f"there is something in row {self._row:,}, past {MAX_ROWS:,} rows"
            hint = "delete what stands far below the table, or split the file"
            raise _Unfit("too_large", message, hint, self._row, self._column or 1)
        if self._column > MAX_COLUMNS:
            message = f"there is something in column {self._column:,}, past {MAX_COLUMNS}"
            hint = "delete what stands far to the right of the table"
            raise _Unfit("too_large", message, hint, self._row, self._column)


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() else otherwise


def _repeats(attributes: dict[str, str], wanted: str) -> int:
    for name, value in attributes.items():
        if name.rpartition(" ")[2] == wanted:
            return _number(value[:9], 1)
    return 1


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
