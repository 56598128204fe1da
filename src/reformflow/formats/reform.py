"""How a reform is written: reform.yaml and clauses.yaml."""

from __future__ import annotations

import zoneinfo

import attrs

from reformflow.calendars import calendar_named
from reformflow.errors import CalendarError, MissingExtra, nearest
from reformflow.formats.forms import (
    FAULTY,
    CodeForm,
    DayForm,
    EnumForm,
    Faulty,
    Form,
    IdForm,
    NumberForm,
    Plain,
    ScalarForm,
    Schema,
    Spot,
    TextForm,
)
from reformflow.formats.nodes import MapNode, Node
from reformflow.formats.phrases import SettingForm, WordsForm
from reformflow.formats.records import (
    NAMES,
    EitherForm,
    Field,
    ListForm,
    NamedForm,
    PairsForm,
    Parts,
    RecordForm,
    changed,
)
from reformflow.model import (
    CalendarChoice,
    Clause,
    Document,
    Modality,
    Option,
    Policy,
    Reform,
    Role,
    Scope,
    Standing,
)

_LABEL = Field("label", WordsForm())
_SAYS = Field("says", WordsForm())
_CLAUSES = Field("clauses", NAMES)
_OPTION = TextForm("an option", max_length=200, bools=True)
_DAYS = ListForm(DayForm(), single=False)


@attrs.frozen
class _OptionsForm:
    """The options of a policy: a list in which name and value are one, or `{name: value}`."""

    listed: Form = ListForm(ScalarForm(), single=False)
    named: Form = PairsForm(ScalarForm(), key=_OPTION)

    def read(self, node: Node, spot: Spot) -> tuple[Option, ...] | Faulty:
        if isinstance(node, MapNode):
            pairs = self.named.read(node, spot)
            return FAULTY if pairs is FAULTY else tuple(Option(*pair) for pair in pairs)
        values = self.listed.read(node, spot)
        return FAULTY if values is FAULTY else tuple(Option(_name(v), v) for v in values)

    def write(self, value: tuple[Option, ...]) -> Plain:
        if all(_name(option.value) == option.name for option in value):
            return self.listed.write(tuple(option.value for option in value))
        return self.named.write(tuple((option.name, option.value) for option in value))

    def schema(self, defs: Schema) -> Schema:
        return {"anyOf": [self.listed.schema(defs), self.named.schema(defs)]}


def _name(value: object) -> str:
    """Return the name of an option that is written as its value alone."""
    return str(value).lower() if isinstance(value, bool) else str(value)


@attrs.frozen
class _ZoneForm:
    """A time zone of the IANA database."""

    text: TextForm = TextForm("a time zone", max_length=100)

    def read(self, node: Node, spot: Spot) -> str | Faulty:
        name = self.text.read(node, spot)
        if name is FAULTY:
            return FAULTY
        try:
            zoneinfo.ZoneInfo(name)
        except (OSError, ValueError, zoneinfo.ZoneInfoNotFoundError):
            hint = nearest(name, zoneinfo.available_timezones())
            return spot.fault(node, "unknown_word", f"there is no time zone {name!a}", hint)
        return name

    def write(self, value: str) -> Plain:
        return value

    def schema(self, defs: Schema) -> Schema:
        return self.text.schema(defs)


_DOCUMENT = RecordForm(
    "document",
    Document,
    (
        Field("title", WordsForm(), required=True),
        Field("number", TextForm()),
        Field("issuer", WordsForm()),
        Field("adopted_on", DayForm()),
        Field("issued_on", DayForm()),
        _CLAUSES,
    ),
)


@attrs.frozen
class _CalendarNameForm:
    """The name of a working-day calendar that exists."""

    text: TextForm = TextForm("a calendar's name", max_length=100)

    def read(self, node: Node, spot: Spot) -> str | Faulty:
        name = self.text.read(node, spot)
        if name is FAULTY:
            return FAULTY
        try:
            calendar_named(name)
        except CalendarError as error:
            return spot.fault(node, "unknown_calendar", error.message, error.hint)
        except MissingExtra:
            return name  # whoever counts with it is told what to install
        return name

    def write(self, value: str) -> Plain:
        return value

    def schema(self, defs: Schema) -> Schema:
        return self.text.schema(defs)


_CALENDAR_NAME = Field("name", _CalendarNameForm())
_CALENDAR = EitherForm(
    _CALENDAR_NAME,
    RecordForm(
        "calendar",
        CalendarChoice,
        (
            _CALENDAR_NAME,
            Field("days_off", _DAYS),
            Field("working_days", _DAYS),
            Field("years", ListForm(NumberForm(minimum=1, maximum=9999), single=False)),
        ),
    ),
)
_ROLE = RecordForm(
    "role",
    Role,
    (_LABEL, Field("scope", EnumForm(Scope)), Field("aliases", NAMES), _CLAUSES),
)
_POLICY = RecordForm(
    "policy",
    Policy,
    (
        _SAYS,
        Field("options", _OptionsForm(), required=True),
        Field("default", _OPTION, required=True),
        Field("chosen", _OPTION),
        Field("interprets", TextForm()),
        _CLAUSES,
    ),
)
_CLAUSE = RecordForm(
    "clause",
    Clause,
    (
        Field("at", TextForm(), required=True),
        Field("modality", EnumForm(Modality), required=True),
        Field("kind", TextForm()),
        Field("says", WordsForm(), required=True),
        Field("standing", EnumForm(Standing)),
        Field("why", WordsForm()),
    ),
)


@attrs.frozen
class Head:
    """What reform.yaml holds: a reform whose workflows and clauses are still names."""

    reform: Reform
    workflows: tuple[str, ...]


def _head(parts: Parts, node: MapNode, spot: Spot) -> Head | Faulty:
    names = parts.pop("workflows")
    if not names:
        listed = node.get("workflows") or node
        hint = "list at least one"
        return spot.key("workflows").fault(listed, "missing_value", "there is no workflow", hint)
    return Head(Reform(workflows=(), **parts), names)


def _head_parts(value: Head) -> Parts:
    parts = changed(value.reform, always={"id", "document"})
    return {**parts, "workflows": value.workflows}


HEAD = RecordForm(
    "reform",
    Head,
    (
        Field("reform", CodeForm("a reform's id"), name="id", required=True),
        Field("document", _DOCUMENT, required=True),
        Field("effective_from", SettingForm(DayForm())),
        Field("time_zone", _ZoneForm()),
        Field("calendar", _CALENDAR),
        Field("roles", NamedForm(_ROLE)),
        Field("policies", NamedForm(_POLICY)),
        Field("workflows", ListForm(IdForm("a workflow's id")), required=True),
    ),
    build=_head,
    split=_head_parts,
)
_CLAUSE_BOOK = NamedForm(_CLAUSE, id=CodeForm("a clause's id"))


def _clauses(parts: Parts, node: MapNode, spot: Spot) -> tuple[Clause, ...]:  # noqa: ARG001
    clauses: tuple[Clause, ...] = parts["clauses"]
    return clauses


CLAUSES = RecordForm(
    "clauses file",
    tuple,
    (Field("clauses", _CLAUSE_BOOK, required=True),),
    build=_clauses,
    split=lambda clauses: {"clauses": clauses},
)
