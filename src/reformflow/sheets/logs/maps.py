"""What the columns and activities of somebody else's log stand for: a small YAML file.

workflow: permit
columns: {case: "case:concept:name", activity: "concept:name", on: "time:timestamp"}
activities: {Confirmation of receipt: confirm, Decision sent: decide}
facts: {final_day: "case:deadline"}
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import attrs

from reformflow.binding import BoundReform
from reformflow.formats.forms import FAULTY, Form, IdForm, Spot, TextForm
from reformflow.formats.nodes import Node
from reformflow.formats.records import Field, ListForm, PairsForm, RecordForm
from reformflow.formats.single import Names, read_single

COLUMNS: Final = ("case", "activity", "on", "actor", "role", "unit", "subject", "reason", "opened")
"""What a column of a log can stand for, besides facts and states."""


@attrs.frozen
class LogMap:
    """How a log is read.

    `columns` names the log's column for each of COLUMNS that it has, `facts` and `states` the
    columns of facts and of the states that a line claims, by fact and by track. `activities`
    gives the transition of each activity; `record` names those that only record facts, `ignore`
    those that are nobody's business here. `days` are columns that hold the day on which a
    transition was fired, as tables have them that keep one row for each case. `only` keeps the
    lines whose columns hold one of the words. `values` translates the words of a column, `dates`
    is the format of days and instants where they are not in ISO 8601 (as Python's `strptime` has
    it).
    """

    workflow: str
    columns: Mapping[str, str]
    activities: Mapping[str, str] = attrs.field(factory=dict)
    days: Mapping[str, str] = attrs.field(factory=dict)
    facts: Mapping[str, str] = attrs.field(factory=dict)
    states: Mapping[str, str] = attrs.field(factory=dict)
    record: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    only: Mapping[str, tuple[str, ...]] = attrs.field(factory=dict)
    values: Mapping[str, Mapping[str, str]] = attrs.field(factory=dict)
    dates: str = ""

    @property
    def read(self) -> frozenset[str]:
        """The columns of the log that are read."""
        tables = (self.columns, self.days, self.facts, self.states)
        return frozenset([*self.only, *(name for table in tables for name in table.values())])


def read_map(path: Path, bound: BoundReform) -> LogMap:
    """Read a map; InputError with every problem, by line and field, if there is any."""
    found: LogMap = read_single(path, _MAP, lambda read, names: _check(read, bound, names))
    return found


# ---------------------------------------------------------------------------------------------

_TEXT: Final = TextForm("a column or word", bools=True, max_length=200)
_WORDS: Final = ListForm(_TEXT)


@attrs.frozen
class _TableForm(PairsForm):
    """A mapping whose value is a dict."""

    def read(self, node: Node, spot: Spot) -> Any:  # noqa: ANN401 - as every form
        """Read each entry."""
        pairs = super().read(node, spot)
        return pairs if pairs is FAULTY else dict(pairs)


def _table(value: Form, key: Form = _TEXT, keys: tuple[str, ...] = ()) -> _TableForm:
    return _TableForm(value, key, keys)


_MAP: Final = RecordForm(
    "map",
    LogMap,
    (
        Field("workflow", IdForm("a workflow"), required=True),
        Field("columns", _table(_TEXT, IdForm(), COLUMNS), required=True),
        Field("activities", _table(IdForm("a transition"))),
        Field("days", _table(_TEXT, IdForm("a transition"))),
        Field("facts", _table(_TEXT, IdForm("a fact"))),
        Field("states", _table(_TEXT, IdForm("a track"))),
        Field("record", _WORDS),
        Field("ignore", _WORDS),
        Field("only", _table(_WORDS)),
        Field("values", _table(_table(_TEXT))),
        Field("dates", TextForm("a format", max_length=100)),
    ),
)


def _check(found: LogMap, bound: BoundReform, names: Names) -> None:
    """Report names that the reform does not have, and columns that are missing."""
    if not names.known(("workflow",), "workflow", found.workflow, bound.workflows):
        return
    flow = bound.workflows[found.workflow]
    for name in ("case",) if found.days else ("case", "activity", "on"):
        if name not in found.columns:
            hint = f"add {name}: with the name of the log's column"
            names.fault(("columns",), "missing_key", f"no {name!r}", hint)
    for activity, transition in found.activities.items():
        names.known(("activities", activity), "transition", transition, flow.transitions)
    given = [fact.id for fact in flow.facts.values() if fact.derived is None]
    kinds = {
        "days": ("transition", list(flow.transitions)),
        "facts": ("fact", given),
        "states": ("track", list(flow.tracks)),
    }
    for field, (kind, known) in kinds.items():
        for name in getattr(found, field):
            names.known((field, name), kind, name, known)
