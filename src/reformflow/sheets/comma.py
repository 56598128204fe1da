"""Comma-separated files: UTF-8 (with or without a mark), else GB 18030."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from reformflow.sheets.tables import MAX_CELL, Faults, Row

# Marks of files that are no text in either encoding, with what they are.
_OTHERS = {
    b"PK\x03\x04": "a workbook under another name",
    b"\xd0\xcf\x11\xe0": "a workbook under another name",
    b"\xff\xfe": "text in UTF-16",
    b"\xfe\xff": "text in UTF-16",
}


def read_csv(path: Path, faults: Faults) -> Iterator[Row]:
    """Yield the rows of a CSV file; what cannot be read is noted and ends the rows."""
    text = _text(path, faults)
    if text is None:
        return
    # Cells up to one character above the limit are read, so that the limit is reported in place.
    csv.field_size_limit(max(csv.field_size_limit(), MAX_CELL + 2))
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            hint = "close every double quote; write one inside a quoted cell twice"
            faults.add("bad_csv", f"this is not CSV: {error}", hint, line=line, column=1)
            return
        yield Row(line, tuple(cells))
        line = reader.line_num + 1


# ---------------------------------------------------------------------------------------------


def _text(path: Path, faults: Faults) -> str | None:
    try:
        data = path.read_bytes()
    except OSError as error:
        faults.add("unreadable", f"the file cannot be read: {error.strerror}")
        return None
    for mark, what in _OTHERS.items():
        if data.startswith(mark):
            faults.add("not_csv", f"this is {what}", "save it as CSV in UTF-8")
            return None
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            line = text[: text.index("\0")].count("\n") + 1
            faults.add("nul", "there is a NUL character", "save it as CSV in UTF-8", line=line)
            return None
        return text
    hint = "save it as CSV in UTF-8"
    faults.add("encoding", "the text is neither UTF-8 nor GB 18030", hint)
    return None
