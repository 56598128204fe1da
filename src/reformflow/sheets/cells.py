"""One cell to one value: ids, days, and facts by their declared types."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from typing import Final

import attrs

from reformflow.errors import nearest
from reformflow.model import Fact, FactType, Value
from reformflow.sheets.tables import Raw

MAX_ID: Final = 200
TRUE: Final = frozenset({"true", "yes", "是"})
FALSE: Final = frozenset({"false", "no", "否"})

_EXACT: Final = 10**15  # a spreadsheet keeps 15 digits of a number
_WHOLE: Final = re.compile(r"[+-]?[0-9]{1,19}")
_DAY: Final = re.compile(r"([0-9]{4})(?:-|/|\.|年)([0-9]{1,2})(?:-|/|\.|月)([0-9]{1,2})日?")
_DAMAGED: Final = re.compile(r"[0-9](?:\.[0-9]+)?E\+[0-9]+", re.IGNORECASE)
_FIRST_DAY: Final = date(1900, 3, 1)  # spreadsheets count a 29 February 1900 that never was
_FORMULA: Final = ("\t", "\r")


@attrs.frozen
class CellError(Exception):
    """A cell that cannot be read: a stable code, what is wrong, what to do."""

    code: str
    message: str
    hint: str = ""


def is_empty(cell: Raw) -> bool:
    """Say whether a cell holds nothing but spaces."""
    return isinstance(cell, str) and not cell.strip()


def read_text(cell: Raw) -> str:
    """Return a cell as text, spaces around it removed; CellError for what no text came from."""
    match cell:
        case str():
            return _plain(cell)
        case bool():
            return "true" if cell else "false"
        case int() | float():
            return _digits(cell)
        case datetime():
            return read_day(cell).isoformat()
        case date():
            return cell.isoformat()
        case _:
            raise CellError("type", f"{cell!r} is a time of day", "write it as text")


def read_id(cell: Raw) -> str:
    """Return a cell as the id of a case, unit, actor or key: one line of visible characters."""
    text = read_text(cell)
    for character in text:
        if unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}:
            message = f"{text!a} holds an invisible character, U+{ord(character):04X}"
            raise CellError("invisible", message, "type the id again")
    if len(text) > MAX_ID:
        raise CellError("too_long", f"{len(text)} characters in an id", f"at most {MAX_ID}")
    return text


def read_day(cell: Raw) -> date:
    """Return a cell as a day, written 2021-02-08, 2021/2/8 or 2021年2月8日."""
    hint = "write a day as 2021-02-08"
    match cell:
        case datetime():
            if (cell.hour, cell.minute, cell.second, cell.microsecond) != (0, 0, 0, 0):
                raise CellError("date", f"{cell} has a time of day", hint)
            return _certain(cell.date())
        case date():
            return _certain(cell)
        case str():
            return _day(cell, hint)
        case _:
            raise CellError("date", f"{cell!r} is not a day", hint)


def read_fact(fact: Fact, cell: Raw) -> Value:
    """Return a cell as a value of the fact's type; CellError if it is none."""
    match fact.type:
        case FactType.BOOL:
            return _truth(cell)
        case FactType.INT:
            return _number(fact, cell)
        case FactType.DATE:
            return read_day(cell)
        case FactType.CHOICE:
            return _choice(fact, cell)
        case FactType.TEXT:
            text = read_text(cell)
            if len(text) > fact.max_length:
                message = f"{len(text)} characters"
                raise CellError("too_long", message, f"at most {fact.max_length}")
            return text


# ---------------------------------------------------------------------------------------------


def _plain(cell: str) -> str:
    if "\0" in cell or any(unicodedata.category(character) == "Cs" for character in cell):
        raise CellError("characters", "a character that cannot be stored", "type it again")
    if cell.startswith(_FORMULA) or cell.lstrip().startswith(("=", "＝")):
        message = f"{cell[:40]!r} would run as a formula in a spreadsheet"
        raise CellError("formula", message, "write the value itself, without = or tab before it")
    text = cell.strip()
    if _DAMAGED.fullmatch(text):
        message = f"{text!r} is a number that a spreadsheet has rounded"
        raise CellError("float_id", message, "format the column as text and type it again")
    return text


def _digits(cell: float) -> str:
    if cell != cell or cell in (float("inf"), float("-inf")) or cell != int(cell):  # noqa: PLR0124
        return str(cell)
    if abs(cell) >= _EXACT:
        message = f"{cell!r} has lost digits: a spreadsheet keeps 15 of a number"
        raise CellError("float_id", message, "format the column as text and type it again")
    return str(int(cell))


def _certain(day: date) -> date:
    if day < _FIRST_DAY:
        message = f"{day} is a day that spreadsheets miscount"
        raise CellError("date", message, "write days before March 1900 as text")
    return day


def _day(cell: str, hint: str) -> date:
    found = _DAY.fullmatch(cell.strip())
    if found is None:
        raise CellError("date", f"{cell.strip()[:40]!r} is not a day", hint)
    try:
        return date(*map(int, found.groups()))
    except ValueError:
        raise CellError("date", f"there is no day {cell.strip()!r}", hint) from None


def _truth(cell: Raw) -> bool:
    if isinstance(cell, bool):
        return cell
    word = cell.strip().lower() if isinstance(cell, str) else ""
    if word in TRUE:
        return True
    if word in FALSE:
        return False
    raise CellError(
        "bool", f"{_shown(cell)} is neither true nor false", "write true/false or 是/否"
    )


def _number(fact: Fact, cell: Raw) -> int:
    if isinstance(cell, bool) or not isinstance(cell, str | int | float):
        raise CellError("int", f"{_shown(cell)} is not a whole number")
    text = _digits(cell) if not isinstance(cell, str) else cell.strip()
    if not _WHOLE.fullmatch(text):
        raise CellError("int", f"{text[:40]!r} is not a whole number", "write digits only")
    number = int(text)
    if abs(number) >= 2**63:
        raise CellError("int", f"{number} has more than 64 bits")
    if fact.minimum is not None and number < fact.minimum:
        raise CellError("range", f"{number} is too small", f"the least is {fact.minimum}")
    if fact.maximum is not None and number > fact.maximum:
        raise CellError("range", f"{number} is too large", f"the most is {fact.maximum}")
    return number


def _choice(fact: Fact, cell: Raw) -> str:
    text = read_text(cell)
    names: dict[str, str] = {}
    for choice in fact.choices:
        for name in (choice.label.en, choice.label.zh):
            names.setdefault(name, choice.id)
    names |= {choice.id: choice.id for choice in fact.choices}
    if text in names:
        return names[text]
    raise CellError("choice", f"{text!r} is no choice", nearest(text, [c.id for c in fact.choices]))


def _shown(cell: Raw) -> str:
    return repr(cell.strip()[:40] if isinstance(cell, str) else cell)
