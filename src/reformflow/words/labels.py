"""What people call the parts of a definition: labels in one language, ids where there are none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

import attrs

from reformflow.binding.bound import BoundReform, BoundWorkflow
from reformflow.language.reading import walk
from reformflow.model import PARENT, Aggregate, Expression, Scope, Text, Value
from reformflow.words import phrases
from reformflow.words.phrases import say

_ENTRY: Final = re.compile(r"entry (\d+)")


@attrs.frozen
class Labels:
    """Names in one language (`en` or `zh`) for what one workflow of a reform consists of."""

    bound: BoundReform
    flow: BoundWorkflow
    lang: str

    def of(self, workflow: str) -> Labels:
        """Return the names of another workflow of the same reform."""
        return attrs.evolve(self, flow=self.bound.workflows[workflow])

    def workflow(self) -> str:
        """Name the workflow itself."""
        return self._label(self.flow.workflow.label, self.flow.id)

    def role(self, id: str) -> str:  # noqa: A002
        """Name a role."""
        role = self.bound.roles.get(id)
        return self._label(role.label if role else Text(), id)

    def roles(self, ids: Iterable[str], *, own_unit: bool = False) -> str:
        """Name roles as alternatives; with `own_unit`, say which are held for one unit only."""
        names = []
        for id in ids:  # noqa: A001
            role = self.bound.roles.get(id)
            name = self.role(id)
            if own_unit and role is not None and role.scope is Scope.UNIT:
                name = say(phrases.OWN_UNIT, self.lang, role=name)
            names.append(name)
        return phrases.OR.read(self.lang).join(names) or phrases.NOBODY.read(self.lang)

    def fact(self, id: str) -> str:  # noqa: A002
        """Name a fact."""
        return self._label(self.flow.facts[id].label, id)

    def transition(self, id: str) -> str:  # noqa: A002
        """Name a transition, also one that is not enabled."""
        for transition in self.flow.workflow.transitions:
            if transition.id == id:
                return self._label(transition.label, id)
        return id

    def track(self, id: str) -> str:  # noqa: A002
        """Name a track; the only track of a workflow is called like the workflow."""
        if len(self.flow.tracks) == 1 and not self.flow.tracks[id].label:
            return self.workflow()
        return self._label(self.flow.tracks[id].label, id)

    def state(self, track: str, id: str) -> str:  # noqa: A002
        """Name a state of a track."""
        for state in self.flow.tracks[track].states:
            if state.id == id:
                return self._label(state.label, id)
        return id

    def stage(self, track: str, id: str) -> str:  # noqa: A002
        """Name a stage of a track."""
        for stage in self.flow.tracks[track].stages:
            if stage.id == id:
                return self._label(stage.label, id)
        return id

    def subject(self, id: str) -> str:  # noqa: A002
        """Name whatever a refusal is about, in quotes."""
        entry = _ENTRY.fullmatch(id)
        if entry:
            return say(phrases.ENTRY, self.lang, number=entry[1])
        if id in self.flow.facts:
            return quoted(self.fact(id))
        if id == self.flow.id:
            return quoted(self.workflow())
        return quoted(self.transition(id))

    def column(self, name: str) -> str:
        """Name a column of a case, written `fact`, `track.state`, `owner.column` and so on."""
        if name in self.flow.facts:
            return quoted(self.fact(name))
        owner, _, rest = name.partition(".")
        part, _, role = rest.partition(".")
        if name == "opened.on":
            return phrases.COLUMNS["opened"].read(self.lang)
        if owner in self.flow.tracks:
            text = phrases.COLUMNS["track_due" if part == "due" else part]
            return say(text, self.lang, owner=quoted(self.track(owner)))
        if any(owner == transition.id for transition in self.flow.workflow.transitions):
            named = quoted(self.transition(owner))
            return say(phrases.COLUMNS[part], self.lang, owner=named, role=self.role(role))
        if any(owner == duty.id for duty in self.flow.workflow.duties):
            return say(phrases.COLUMNS[part], self.lang, owner=quoted(owner))
        return self._of_kin(owner, rest) or quoted(name)

    def kin(self, owner: str) -> Labels | None:
        """Return the names of the parent, or of the children that a variable stands for."""
        if owner == PARENT:
            return self.of(self.flow.parent) if self.flow.parent else None
        for expression in _expressions(self.flow):
            for node in walk(expression):
                if isinstance(node, Aggregate) and node.variable == owner:
                    return self.of(self.flow.relations[node.relation].workflow)
        return None

    def value(self, column: str, value: Value) -> str:
        """Show what a column holds: labels of choices and states, days as people write them."""
        if value is None:
            return phrases.NO_VALUE.read(self.lang)
        if isinstance(value, str):
            owner, _, part = column.partition(".")
            if part == "state" and owner in self.flow.tracks:
                return quoted(self.state(owner, value))
            fact = self.flow.facts.get(column)
            for choice in fact.choices if fact else ():
                if choice.id == value:
                    return quoted(self._label(choice.label, value))
        return plain(value, self.lang)

    def values(self, pairs: Iterable[tuple[str, Value]]) -> str:
        """Show columns and what they hold in one list."""
        shown = [
            say(phrases.IS, self.lang, name=self.column(name), value=self.value(name, value))
            for name, value in pairs
        ]
        return phrases.FACTS.read(self.lang).join(dict.fromkeys(shown))

    def _of_kin(self, owner: str, column: str) -> str:
        kin = self.kin(owner)
        if kin is None:
            return ""
        text = phrases.COLUMNS["parent" if owner == PARENT else "child"]
        return say(text, self.lang, column=kin.column(column), owner=quoted(kin.workflow()))

    def _label(self, label: Text, id: str) -> str:  # noqa: A002
        return label.read(self.lang) or id


def quoted(name: str) -> str:
    """Put a name in quotation marks, turning those inside it to single ones."""
    return "“" + name.replace("“", "‘").replace("”", "’") + "”"


def plain(value: Value, lang: str) -> str:
    """Show a value without knowing its column."""
    match value:
        case None:
            return phrases.NO_VALUE.read(lang)
        case bool():
            return (phrases.YES if value else phrases.NO).read(lang)
        case int():
            return str(value)
        case date():
            return f"{value.year}年{value.month}月{value.day}日" if lang == "zh" else str(value)
        case str():
            return quoted(value)


# ---------------------------------------------------------------------------------------------


def _expressions(flow: BoundWorkflow) -> Iterator[Expression]:
    for rule in flow.rules.values():
        yield rule.expression
    yield from flow.during.values()
    for item in flow.transitions.values():
        yield from (when for _, when in item.to if when is not None)
        yield from (expression for _, expression in item.sets)
