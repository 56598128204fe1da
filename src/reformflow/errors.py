"""The errors of the library, one small tree told apart by who must act.

    ReformflowError
    ├── DefinitionError     the author of a definition: every problem of its files at once
    ├── CalendarError       the author or operator: a calendar without data, an unknown name
    ├── RequestError        the caseworker or the calling program: a request that cannot be read
    │   ├── UnknownName     … names something that does not exist
    │   ├── KeyReused       … sends an idempotency key again with another body
    │   └── InputError      … hands in a file with problems, by file, line and field
    ├── StoreError          the operator: the database is not there, not ours, not intact
    │   ├── Conflict        … or somebody else changed the same case meanwhile: try again
    │   └── NotMigrated     … or a case follows another definition than the one at hand
    └── EmbeddingError      the embedding program
        ├── MissingExtra    … lacks an optional library
        └── TransactionLost … works on a transaction that the database has undone

A refusal is not an error: it is a value (`reformflow.model.Refusal`), unless a caller asks for
an exception with `Decision.raise_for_refusal()`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Self

import attrs

_SHOWN = 8
"""How many known names a hint lists."""


def _sentence(message: str, hint: str) -> str:
    return f"{message} ({hint})" if hint else message


def nearest(name: str, known: Iterable[str]) -> str:
    """Return a hint that names the known name closest to `name`, or lists a few of them."""
    import difflib  # large, and seldom needed

    names = sorted({str(item) for item in known})
    close = difflib.get_close_matches(str(name), names, n=1, cutoff=0.5)
    if close:
        return f"did you mean {close[0]!r}?"
    if not names:
        return "none is declared"
    shown = ", ".join(names[:_SHOWN])
    return f"known: {shown}" + (", …" if len(names) > _SHOWN else "")


@attrs.frozen
class Place:
    """Where a problem stands: a file, a line and a column counted from 1, and a field's path.

    `line` and `column` are 0 where the source has none (a definition built in Python).
    """

    file: str = ""
    line: int = 0
    column: int = 0
    field: str = ""

    def __str__(self) -> str:
        """Write `file:line:column: field`, leaving out what is not known."""
        position = f"{self.line}:{self.column}" if self.line else ""
        return ": ".join(
            part for part in (":".join(p for p in (self.file, position) if p), self.field) if part
        )


@attrs.frozen
class Problem:
    """One fault of an input: a stable `code`, its place, what is wrong and what to do."""

    code: str
    message: str
    hint: str = ""
    place: Place = Place()

    def __str__(self) -> str:
        """Write the problem on one line: place, code, message and hint."""
        where = str(self.place)
        head = f"{where}: " if where else ""
        return f"{head}[{self.code}] {_sentence(self.message, self.hint)}"


@attrs.frozen
class ReformflowError(Exception):
    """Base of every error this library raises: a message and what to do about it."""

    message: str
    hint: str = ""

    def __str__(self) -> str:
        """Return the message followed by the hint in parentheses."""
        return _sentence(self.message, self.hint)

    def __reduce__(self) -> tuple[type[Self], tuple[object, ...]]:
        """Travel between processes as its fields: what is frozen cannot be filled afterwards."""
        return type(self), attrs.astuple(self, recurse=False)


@attrs.frozen
class DefinitionError(ReformflowError):
    """A definition that cannot be used; `problems` holds all of its faults."""

    problems: tuple[Problem, ...] = ()

    def __str__(self) -> str:
        """Return the message and one line for each problem."""
        return "\n".join([_sentence(self.message, self.hint), *map(str, self.problems)])


@attrs.frozen
class CalendarError(ReformflowError):
    """A calendar cannot answer: no data for the year, an unknown name, a date out of range."""


@attrs.frozen
class RequestError(ReformflowError):
    """A request cannot be read at all, so nobody could decide it; nothing was changed."""


@attrs.frozen
class UnknownName(RequestError):
    """A request names a case, transition, fact or deadline that does not exist."""

    @classmethod
    def of(cls, kind: str, name: str, known: Iterable[str]) -> UnknownName:
        """Build the error for `name` with the nearest known name as its hint."""
        return cls(message=f"unknown {kind} {name!r}", hint=nearest(name, known))


@attrs.frozen
class KeyReused(RequestError):
    """An idempotency key came again with another body; the stored answer stays as it is."""


@attrs.frozen
class InputError(RequestError):
    """A roster or ledger file has problems; nothing of it was stored."""

    problems: tuple[Problem, ...] = ()

    def __str__(self) -> str:
        """Return the message and one line for each problem."""
        return "\n".join([_sentence(self.message, self.hint), *map(str, self.problems)])


@attrs.frozen
class StoreError(ReformflowError):
    """The database cannot be used: unreachable, foreign, newer, read-only or damaged."""


@attrs.frozen
class Conflict(StoreError):
    """Somebody else changed the same case, or took the same id or key, at the same time."""

    @classmethod
    def over(cls, what: str) -> Conflict:
        """Build the conflict over a case."""
        message = f"{what!r} was changed by somebody else meanwhile"
        return cls(message, "begin the transaction again, read the case again, and ask again")


@attrs.frozen
class NotMigrated(StoreError):
    """A case follows another definition than the one at hand, so its rules are not these."""

    @classmethod
    def of(cls, case: str, definition: str) -> NotMigrated:
        """Build the error for a case that is pinned to another definition."""
        message = f"the case {case!r} follows the definition {definition}, not this one"
        return cls(message, "migrate it first: `reformflow migrate`, or open it with its own")


@attrs.frozen
class EmbeddingError(ReformflowError):
    """The embedding program uses the library in a way that cannot work."""


@attrs.frozen
class MissingExtra(EmbeddingError):
    """An optional library is not installed; the hint is the line that installs it."""

    @classmethod
    def of(cls, extra: str, *, purpose: str) -> MissingExtra:
        """Build the error for the extra named `extra`, which is needed for `purpose`."""
        return cls(
            message=f"{purpose} needs the extra {extra!r}",
            hint=f"pip install 'reformflow[{extra}]'",
        )


@attrs.frozen
class TransactionLost(EmbeddingError):
    """The database has rolled back the host's transaction; the host must start it again."""
