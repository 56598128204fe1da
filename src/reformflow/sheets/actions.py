"""The actions of a ledger: what each of them takes, and the act it stands for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Final

import attrs

from reformflow.binding import BoundWorkflow
from reformflow.errors import nearest
from reformflow.model import (
    Act,
    Correct,
    Extend,
    Fire,
    Open,
    Record,
    Resume,
    Sign,
    Suspend,
    Value,
)
from reformflow.sheets.cells import CellError, read_day, read_fact, read_id, read_text
from reformflow.sheets.headers import ids_by_name

Faulty = list[tuple[str, CellError]]
"""What is wrong with a line, by the column it stands in."""


def read_act(
    flow: BoundWorkflow, action: str, name: str, texts: Mapping[str, str]
) -> tuple[Act | None, Faulty]:
    """Return the act of a ledger line about a case of `flow`, and everything wrong with it."""
    line = _Line(flow, name, dict(texts))
    act = _READERS[action](line)
    for left in line.texts:
        line.fault("facts", "unknown_fact", f"{action} takes no {left!r}", "leave it out")
    return (None if line.problems else act), line.problems


# ---------------------------------------------------------------------------------------------


@attrs.define
class _Line:
    """One line being read; `texts` are the facts not used yet."""

    flow: BoundWorkflow
    name: str
    texts: dict[str, str]
    problems: Faulty = attrs.field(factory=list)

    def fault(self, field: str, code: str, message: str, hint: str = "") -> None:
        self.problems.append((field, CellError(code, message, hint)))

    def named(self, known: Iterable[str], kind: str) -> str:
        """Return the transition that the line names by id or label, one of `known`."""
        transitions = self.flow.transitions
        names = ids_by_name({id_: transitions[id_].transition.label for id_ in known})
        if self.name not in names:
            message = f"unknown {kind} {self.name!r}" if self.name else f"{kind} is missing"
            code = f"unknown_{kind.split(maxsplit=1)[0]}"
            self.fault("name", code, message, nearest(self.name, names))
        return names.get(self.name, self.name)

    def nameless(self) -> None:
        if self.name:
            self.fault("name", "unexpected", f"this action takes no name, not {self.name!r}")

    def text(self, name: str) -> str:
        """Take a text out of the facts."""
        try:
            return read_text(self.texts.pop(name, ""))
        except CellError as error:
            self.problems.append(("facts", error))
            return ""

    def id(self, name: str) -> str:
        """Take an id out of the facts."""
        try:
            return read_id(self.texts.pop(name, ""))
        except CellError as error:
            self.problems.append(("facts", error))
            return ""

    def facts(self, allowed: Iterable[str]) -> dict[str, Value]:
        """Take all facts, each by its declared type; an empty one takes the value back."""
        names = {name: name for name in allowed}
        for name in list(names):
            label = self.flow.facts[name].label
            for shown in (label.en, label.zh):
                names.setdefault(shown, name)
        values: dict[str, Value] = {}
        for written, text in list(self.texts.items()):
            del self.texts[written]
            if written in names:
                values[names[written]] = self._value(names[written], text)
                continue
            known = written in self.flow.facts
            message = f"{'this act does not record' if known else 'unknown fact'} {written!r}"
            ids = [name for name in names if name in self.flow.facts]
            self.fault("facts", "unknown_fact", message, nearest(written, ids))
        return values

    def _value(self, name: str, text: str) -> Value:
        if not text.strip():
            return None
        try:
            return read_fact(self.flow.facts[name], text)
        except CellError as error:
            message = f"{name}: {error.message}"
            self.problems.append(("facts", attrs.evolve(error, message=message)))
            return None


def _open(line: _Line) -> Act:
    opening = line.flow.workflow.opening
    unit, subject, parent = line.id("unit"), line.text("subject"), line.id("parent") or None
    facts = line.facts((*opening.records, *opening.may_record))
    return Open(line.flow.id, unit, subject, parent, facts)


def _record(line: _Line) -> Act:
    line.nameless()
    if not line.texts:
        line.fault("facts", "missing", "no fact is given", "write a=1; b=2021-02-08")
    recordable = [fact.id for fact in line.flow.facts.values() if fact.derived is None]
    return Record(line.facts(recordable))


def _fire(line: _Line) -> Act:
    name = line.named(line.flow.transitions, "transition")
    item = line.flow.transitions.get(name)
    if item is None:
        line.texts.clear()
        return Fire(name)
    return Fire(name, line.facts((*item.transition.records, *item.transition.may_record)))


def _sign(line: _Line) -> Act:
    signed = [id for id, item in line.flow.transitions.items() if item.transition.signed_by]  # noqa: A001
    return Sign(line.named(signed, "transition that takes signatures"))


def _extend(line: _Line) -> Act:
    name = line.named(line.flow.deadlines, "deadline")
    until = date.max
    try:
        until = read_day(line.texts.pop("until", ""))
    except CellError as error:
        line.problems.append(("facts", attrs.evolve(error, hint="write until=2021-03-31")))
    return Extend(name, until)


def _suspend(line: _Line) -> Act:
    return Suspend(line.named(line.flow.deadlines, "deadline"))


def _resume(line: _Line) -> Act:
    return Resume(line.named(line.flow.deadlines, "deadline"))


def _correct(line: _Line) -> Act:
    line.nameless()
    entry, void = line.text("entry"), line.text("void").lower()
    if not (entry.isascii() and entry.isdigit()) or len(entry) > 9:  # noqa: PLR2004
        message = "entry is missing" if not entry else f"{entry!r} is not the number of an entry"
        line.fault("facts", "entry", message, "write entry=3, as the history shows it")
        entry = "0"
    if void not in {"", "true", "是", "false", "否"}:
        line.fault("facts", "bool", f"void={void!r} is neither true nor false", "write void=true")
    taken_back = void in {"true", "是"}
    facts = line.facts(fact.id for fact in line.flow.facts.values() if fact.derived is None)
    if taken_back == bool(facts) and not line.problems:
        hint = "give void=true, or the facts in place of the wrong ones"
        line.fault("facts", "correction", "a correction takes back or mends, one of the two", hint)
    return Correct(int(entry), facts, taken_back)


_READERS: Mapping[str, Callable[[_Line], Act]] = {
    "open": _open,
    "record": _record,
    "fire": _fire,
    "sign": _sign,
    "extend": _extend,
    "suspend": _suspend,
    "resume": _resume,
    "correct": _correct,
}

ACTIONS: Final = (*_READERS, "tick")
"""Everything that may stand in the column action."""

CHINESE: Final[Mapping[str, str]] = {
    "立案": "open",
    "记录": "record",
    "办理": "fire",
    "会签": "sign",
    "延期": "extend",
    "中止计时": "suspend",
    "恢复计时": "resume",
    "更正": "correct",
    "到期处理": "tick",
}
"""What may stand there in Chinese: the words in which a history tells the same."""
