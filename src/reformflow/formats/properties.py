"""How properties are written: files of their own, in the folder `properties` of a reform.

workflow: permit
properties:
small_when_granted:
when: state == "granted"
then: area <= 12
clauses: [S3]
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Final

import attrs

from reformflow.binding import BoundReform, Questions
from reformflow.errors import InputError, Place, Problem, RequestError
from reformflow.formats.forms import DayForm, Faulty, FlagForm, IdForm, NumberForm, Spot
from reformflow.formats.nodes import MapNode
from reformflow.formats.phrases import RuleForm, WordsForm
from reformflow.formats.records import NAMES, Field, NamedForm, Parts, RecordForm
from reformflow.formats.single import Names, read_single
from reformflow.model import (
    Always,
    Expectation,
    Expression,
    Implies,
    LeadsTo,
    Never,
    Property,
    Reserved,
    Settled,
    Unit,
    names_in,
)

FOLDER: Final = "properties"


@attrs.frozen
class Placed:
    """A property, and where it stands."""

    property: Property
    place: Place


def load_properties(path: str | os.PathLike[str], bound: BoundReform) -> tuple[Placed, ...]:
    """Read the properties in a file, or in every YAML file of a folder, in the order of names.

    InputError with the problems of all files, by line and field: names that the reform does not
    have, expressions that do not fit, properties called the same.
    """
    place = Path(path)
    files = sorted(place.glob("*.yaml")) if place.is_dir() else [place]
    found: list[Placed] = []
    problems: list[Problem] = []
    for file in files:
        try:
            read = read_single(file, _FILE, lambda read, names: _check(read, bound, names))
        except InputError as error:
            problems += error.problems
            continue
        found += (_placed(item, read.workflow, file) for item in read.properties)
    names: dict[str, Placed] = {}
    for item in found:
        first = names.setdefault(item.property.id, item)
        if first is not item:
            message = f"a second property {item.property.id!r}"
            hint = f"the first is in {first.place}"
            problems.append(Problem("duplicate_property", message, hint, item.place))
    if problems:
        count = f"{len(problems)} problem{'s' if len(problems) != 1 else ''}"
        raise InputError(f"{place} has {count}", problems=tuple(problems))
    return tuple(found)


# ---------------------------------------------------------------------------------------------

_ABOUT: Final = frozenset({"id", "says", "clauses"})
_UNITS: Final = (Unit.DAYS, Unit.WORKING_DAYS, Unit.WEEKS, Unit.MONTHS)


@attrs.frozen
class _Within:
    unit: Unit
    amount: int


@attrs.frozen
class _Written:
    """A property as it is written, with its line."""

    id: str
    expects: Expectation
    line: int
    says: Any = None
    clauses: tuple[str, ...] = ()


@attrs.frozen
class _File:
    workflow: str
    properties: tuple[_Written, ...]


def _within(parts: Parts, node: MapNode, spot: Spot) -> _Within | Faulty:
    if len(parts) != 1:
        units = ", ".join(unit.value for unit in _UNITS)
        return spot.fault(node, "date_unit", f"a span of time has one of {units}")
    ((unit, amount),) = parts.items()
    return _Within(Unit(unit), amount)


_SPAN: Final = RecordForm(
    "span of time",
    _Within,
    tuple(Field(unit.value, NumberForm(0, 100_000)) for unit in _UNITS),
    build=_within,
    example="{working_days: 10}",
)


def _built(parts: Parts, node: MapNode, spot: Spot) -> _Written | Faulty:
    expects = _expectation(parts, node, spot)
    if isinstance(expects, Faulty):
        return expects
    kept = {name: parts[name] for name in ("id", "says", "clauses") if name in parts}
    return _Written(expects=expects, line=node.line, **kept)


def _expectation(parts: Parts, node: MapNode, spot: Spot) -> Expectation | Faulty:
    keys = parts.keys() - _ABOUT
    if keys == {"never"}:
        return Never(parts["never"])
    if keys == {"always"}:
        return Always(parts["always"])
    if keys == {"when", "then"}:
        return Implies(parts["when"], parts["then"])
    if keys == {"when", "settled"}:
        return Settled(parts["settled"], parts["when"])
    if keys - {"acts", "records"} == {"only"} and len(keys) > 1:
        return Reserved(parts["only"], parts.get("acts", ()), parts.get("records", ()))
    if keys - {"answered"} in ({"when", "leads_to", "within"}, {"when", "leads_to", "by"}):
        span = parts.get("within", _Within(Unit.DAYS, 0))
        return LeadsTo(
            parts["when"],
            parts["leads_to"],
            span.unit,
            span.amount,
            parts.get("by"),
            parts.get("answered", False),
        )
    hint = (
        "never, always, when and then, when and leads_to with within or by, "
        "only with acts or records, or settled and when"
    )
    return spot.fault(node, "expectation", "this is no expectation", hint)


_PROPERTY: Final = RecordForm(
    "property",
    _Written,
    (
        Field("never", RuleForm()),
        Field("always", RuleForm()),
        Field("when", RuleForm()),
        Field("then", RuleForm()),
        Field("leads_to", RuleForm()),
        Field("within", _SPAN),
        Field("by", DayForm()),
        Field("answered", FlagForm()),
        Field("only", NAMES),
        Field("acts", NAMES),
        Field("records", NAMES),
        Field("settled", NAMES),
        Field("says", WordsForm()),
        Field("clauses", NAMES),
    ),
    build=_built,
)
_FILE: Final = RecordForm(
    "file of properties",
    _File,
    (
        Field("workflow", IdForm("a workflow"), required=True),
        Field("properties", NamedForm(_PROPERTY), required=True),
    ),
)


def _check(found: _File, bound: BoundReform, names: Names) -> None:
    """Report what the reform does not have, and expressions that do not fit."""
    if not names.known(("workflow",), "workflow", found.workflow, bound.workflows):
        return
    clauses = [clause.id for clause in bound.reform.clauses]
    questions = Questions(bound)
    for item in found.properties:
        keys = ("properties", item.id)
        for clause in item.clauses:
            names.known((*keys, "clauses"), "clause", clause, clauses)
        for key, kind, given in names_in(item.expects):
            for name in given:
                names.known((*keys, key), kind, name, questions.names(found.workflow, kind))
        for key, expression in _expressions(item.expects):
            try:
                questions.bind(found.workflow, expression, marks=True)
            except RequestError as error:
                names.fault((*keys, key), "expression", error.message, error.hint)


def _expressions(expects: Expectation) -> tuple[tuple[str, Expression], ...]:
    match expects:
        case Never(condition=condition):
            return (("never", condition),)
        case Always(condition=condition):
            return (("always", condition),)
        case Implies(condition=condition, consequence=consequence):
            return (("when", condition), ("then", consequence))
        case LeadsTo(condition=condition, goal=goal):
            return (("when", condition), ("leads_to", goal))
        case Settled(condition=condition):
            return (("when", condition),)
        case Reserved():
            return ()


def _placed(item: _Written, workflow: str, file: Path) -> Placed:
    says = {} if item.says is None else {"says": item.says}
    made = Property(item.id, workflow, item.expects, clauses=item.clauses, **says)
    return Placed(made, Place(str(file), item.line, 1, f"properties.{item.id}"))
