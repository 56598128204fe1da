"""How dates, deadlines, windows and recurring duties are written."""

from __future__ import annotations

from typing import Any

from reformflow.formats.forms import FAULTY, DayForm, EnumForm, Faulty, NumberForm, Spot
from reformflow.formats.nodes import MapNode
from reformflow.formats.phrases import DayOfYearForm, RuleForm, SettingForm, WordsForm
from reformflow.formats.records import (
    NAME,
    NAMES,
    EitherForm,
    Field,
    ListForm,
    PairsForm,
    Parts,
    RecordForm,
    changed,
)
from reformflow.model import (
    Answerable,
    BeforeEffect,
    Boundary,
    Deadline,
    Duty,
    Late,
    Permit,
    PolicySetting,
    Roll,
    Unit,
    When,
    Window,
)

MAX_AMOUNT = 100_000
"""Days, weeks, months or years; more than any calendar of Python's can hold."""

_AMOUNT = SettingForm(NumberForm(minimum=0, maximum=MAX_AMOUNT))
_COUNTED = tuple(unit for unit in Unit if unit not in {Unit.ON, Unit.NEXT})
_UNITS = (
    Field(Unit.ON.value, SettingForm(DayForm())),
    *(Field(unit.value, _AMOUNT) for unit in _COUNTED),
    Field(Unit.NEXT.value, ListForm(DayOfYearForm())),
)
_OPTIONS = (
    Field("roll", SettingForm(EnumForm(Roll, as_text=True))),
    Field("boundary", SettingForm(EnumForm(Boundary, as_text=True))),
    Field("when", RuleForm()),
)
_ANCHORS = (Field("after", NAME), Field("before", NAME))
_WHEN_FIELDS = (*_UNITS, *_ANCHORS, *_OPTIONS)
_WHEN_KEYS = {field.key for field in _WHEN_FIELDS}
_UNIT_NAMES = "on, " + ", ".join(unit.value for unit in _COUNTED) + " or next"


def _options_of(parts: Parts) -> Parts:
    return {field.key: parts[field.key] for field in _OPTIONS if field.key in parts}


def _when(parts: Parts, node: MapNode, spot: Spot, *, anchored: bool = True) -> When | Faulty:
    """Build a date from one unit, one anchor and the options."""
    units = [unit for unit in Unit if node.get(unit.value) is not None]
    if len(units) != 1:
        found = "two of them" if units else "none of them"
        return spot.fault(node, "date_unit", f"a date has one of {_UNIT_NAMES}; here is {found}")
    unit = units[0]
    anchors = [key for key in ("after", "before") if node.get(key) is not None]
    wanted = int(anchored and unit is not Unit.ON)
    if anchored and len(anchors) != wanted:
        hint = "add after: or before:" if wanted else "take out after: or before:"
        if len(anchors) > 1:
            hint = "keep after: or before:"
        message = f"{unit.value!r} {'needs one' if wanted else 'takes no'} day to count from"
        return spot.fault(node, "date_anchor", message, hint)
    if unit.value not in parts or any(anchored and anchor not in parts for anchor in anchors):
        return FAULTY
    options = _options_of(parts)
    if unit is Unit.ON:
        return When(unit, on=parts["on"], **options)
    if unit is Unit.NEXT:
        if "before" in parts:
            return spot.fault(node, "date_anchor", "'next' counts forward", "write after:")
        days = parts["next"]
        return When(unit, days_of_year=days, anchor=parts.get("after", ""), **options)
    amount = parts[unit.value]
    if "before" in parts:
        if isinstance(amount, PolicySetting):
            message = "a policy cannot supply an amount counted before a day"
            return spot.fault(node, "date_anchor", message, "let the policy's options be negative")
        return When(unit, amount=-amount, anchor=parts["before"], **options)
    return When(unit, amount=amount, anchor=parts.get("after", ""), **options)


def _step(parts: Parts, node: MapNode, spot: Spot) -> When | Faulty:
    return _when(parts, node, spot, anchored=False)


def _when_parts(value: When) -> Parts:
    """Return the keys that a date is written with."""
    parts = _options_of(changed(value, always=set()))
    if value.unit is Unit.ON:
        return {"on": value.on, **parts}
    if value.unit is Unit.NEXT:
        written: Any = value.days_of_year
    else:
        written = value.amount
    direction = "after"
    if isinstance(written, int) and written < 0:
        written, direction = -written, "before"
    anchor = {direction: value.anchor} if value.anchor else {}
    return {value.unit.value: written, **anchor, **parts}


WHEN = RecordForm(
    "date",
    When,
    _WHEN_FIELDS,
    build=_when,
    split=_when_parts,
    example="{on: 2021-02-10} or {days: 30, after: opened}",
)
WHENS = ListForm(WHEN)
_STEP = RecordForm(
    "step",
    When,
    (*_UNITS, *_OPTIONS),
    build=_step,
    split=_when_parts,
    example="{months: 3} or {next: [06-30, 12-31]}",
)
_LATE = SettingForm(EnumForm(Late, as_text=True))
_ROLE = Field("role", NAME, required=True)
_BY = Field("by", NAMES, required=True)
_SUSPENSION = RecordForm("suspension", Permit, (_BY, Field("clauses", NAMES)))
_EXTENSION = RecordForm(
    "extension",
    Permit,
    (_BY, Field("times", NumberForm(minimum=1)), Field("at_most", _STEP), Field("clauses", NAMES)),
)


def _deadline(parts: Parts, node: MapNode, spot: Spot) -> Deadline | Faulty:
    """Build a deadline from its list of dates, or from the one date written in place."""
    inline = [leaf for leaf, _ in node.entries if leaf.text in _WHEN_KEYS]
    own = {key: part for key, part in parts.items() if key not in _WHEN_KEYS}
    if node.get("dates") is None:
        single = _when({key: parts[key] for key in _WHEN_KEYS & parts.keys()}, node, spot)
        return FAULTY if single is FAULTY else Deadline(dates=(single,), **own)
    if inline:
        hint = "move it into one of the dates"
        return spot.key(inline[0].text).fault(
            inline[0], "date_unit", f"{inline[0].text!r} stands beside 'dates'", hint
        )
    if "dates" not in own:
        return FAULTY
    return Deadline(**own)


def _deadline_parts(value: Deadline) -> Parts:
    """Return the keys that a deadline is written with; a single date stands in place."""
    parts = changed(value, always={"dates"})
    if len(value.dates) == 1:
        del parts["dates"]
        parts |= _when_parts(value.dates[0])
    return parts


DEADLINE = RecordForm(
    "deadline",
    Deadline,
    (
        *_WHEN_FIELDS,
        Field("dates", WHENS),
        Field("late", _LATE),
        Field("before_effect", SettingForm(EnumForm(BeforeEffect, as_text=True))),
        Field(
            "answerable",
            ListForm(
                EitherForm(
                    _ROLE, RecordForm("answerable", Answerable, (_ROLE, Field("when", RuleForm())))
                )
            ),
        ),
        Field("during", NAMES),
        Field("suspended_in", NAMES),
        Field("extension", _EXTENSION),
        Field("suspension", _SUSPENSION),
        Field("says", WordsForm()),
        Field("clauses", NAMES),
    ),
    build=_deadline,
    split=_deadline_parts,
    example="{on: 2021-02-10} or {days: 30, after: opened}",
)

WINDOW = RecordForm(
    "window",
    Window,
    (
        Field("opens", WHENS),
        Field("closes", WHENS),
        Field("outside", _LATE),
        Field("says", WordsForm()),
        Field("clauses", NAMES),
    ),
)

DUTY = RecordForm(
    "duty",
    Duty,
    (
        Field("opens", NAME, name="relation", required=True),
        Field("first", WHENS, required=True),
        Field("every", _STEP, required=True),
        Field("while", RuleForm(), name="condition"),
        Field("lead_days", NumberForm(minimum=0, maximum=MAX_AMOUNT)),
        Field("gives", PairsForm(NAME, keys=("due", "start", "number"))),
        Field("set", PairsForm(RuleForm()), name="sets"),
        Field("enabled", RuleForm()),
        Field("says", WordsForm()),
        Field("clauses", NAMES),
    ),
)
