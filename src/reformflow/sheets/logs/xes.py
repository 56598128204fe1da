"""XES (IEEE 1849): event logs of other systems, read event by event.

An event's attributes go by their keys, those of its trace with `case:` before them, so that a
log means the same as the table that process-mining tools make of it.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final
from xml.parsers import expat

from reformflow.sheets.tables import MAX_CELL, MAX_ROWS, Faults, Raw

MAX_BYTES: Final = 500 * 1024 * 1024
"""So much is read of one log, once unpacked."""

_CHUNK: Final = 1 << 16
_TRACE: Final = "case:"


def read_xes(path: Path, faults: Faults) -> Iterator[tuple[int, dict[str, Raw]]]:
    """Yield each event with the line at which it begins; a problem is noted and ends them."""
    reader = _Reader(faults)
    try:
        with _opened(path) as stream:
            read = 0
            while chunk := stream.read(_CHUNK):
                read += len(chunk)
                if read > MAX_BYTES:
                    faults.add("too_large", "the log is too large", f"at most {MAX_BYTES:,} bytes")
                    return
                yield from reader.feed(chunk)
                if faults.problems:
                    return
            yield from reader.end()
    except (OSError, EOFError, zlib.error) as error:
        faults.add("unreadable", f"the log cannot be read: {error}", "check the file")


# ---------------------------------------------------------------------------------------------


def _opened(path: Path) -> IO[bytes]:
    return gzip.open(path) if path.suffix.lower() == ".gz" else path.open("rb")  # type: ignore[return-value]


class _Stop(Exception):
    """The log cannot be read on; the problem is noted."""


class _Reader:
    """Reads XML piece by piece: refuses document types, keeps one trace's attributes at a time."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self._events: list[tuple[int, dict[str, Raw]]] = []
        self._trace: dict[str, Raw] = {}
        self._waiting: list[tuple[int, dict[str, Raw]]] = []
        self._event: dict[str, Raw] | None = None
        self._line = self._depth = self._count = 0
        self._in_trace = False
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end

    def feed(self, chunk: bytes) -> Iterator[tuple[int, dict[str, Raw]]]:
        return self._parse(chunk, final=False)

    def end(self) -> Iterator[tuple[int, dict[str, Raw]]]:
        return self._parse(b"", final=True)

    def _parse(self, chunk: bytes, *, final: bool) -> Iterator[tuple[int, dict[str, Raw]]]:
        try:
            self._parser.Parse(chunk, final)
        except expat.ExpatError as error:
            self._faults.add("damaged", f"this is not sound XML: {error}", line=error.lineno)
        except _Stop:
            pass
        yield from self._events
        self._events = []

    def _doctype(self, *_: object) -> None:
        self._fault("entities", "the log declares a document type", "no log needs one; remove it")

    def _fault(self, code: str, message: str, hint: str) -> None:
        self._faults.add(code, message, hint, line=self._parser.CurrentLineNumber)
        raise _Stop

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(" ")[2]
        if local == "trace":
            self._in_trace, self._trace, self._waiting = True, {}, []
        elif local == "event":
            self._event, self._line = {}, self._parser.CurrentLineNumber
        elif local != "log":
            self._depth += 1
            inside = self._event is not None or self._in_trace
            if self._depth == 1 and inside and "key" in attributes:
                self._attribute(attributes)

    def _attribute(self, attributes: dict[str, str]) -> None:
        value = attributes.get("value", "")
        if len(value) > MAX_CELL:
            self._fault("too_large", f"{len(value):,} characters", f"at most {MAX_CELL:,}")
        if self._event is not None:
            self._event[attributes["key"]] = value
        else:
            self._trace[f"{_TRACE}{attributes['key']}"] = value

    def _end(self, name: str) -> None:
        local = name.rpartition(" ")[2]
        if local == "event":
            self._waiting.append((self._line, self._event or {}))
            self._event = None
            self._count += 1
            if self._count > 10 * MAX_ROWS:
                self._fault("too_large", f"more than {10 * MAX_ROWS:,} events", "split the log")
        elif local == "trace":  # only now are all attributes of the trace known
            self._events += [(line, {**self._trace, **event}) for line, event in self._waiting]
            self._in_trace, self._waiting = False, []
        elif local != "log":
            self._depth -= 1
