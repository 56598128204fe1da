"""What of one definition goes on as what of the next one: columns, and the states in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

import attrs

from reformflow.binding.bound import BoundReform, BoundWorkflow
from reformflow.errors import RequestError, UnknownName

Renames = Mapping[str, str]
"""What was renamed: `workflow.fact` (or transition, track, duty) and `workflow.track.state`, each
to its new name."""


@attrs.frozen
class Succession:
    """How the cases of a workflow go on under another definition of it.

    `origin` gives for each column of the new definition the old column whose value it takes over,
    if there is one; `states` for each of the new tracks the new name of every renamed old state.
    `renamed_from` has the old name of every fact, transition, track and duty with a new one;
    `retyped` are the new columns that cannot take over the value of theirs: its type is another.
    """

    old: BoundWorkflow
    new: BoundWorkflow
    origin: Mapping[str, str]
    states: Mapping[str, Mapping[str, str]]
    retyped: Mapping[str, str]
    renamed_from: Mapping[str, str]

    @property
    def fresh(self) -> tuple[str, ...]:
        """The columns that no old one stands behind, in the order of the table."""
        taken = {*self.origin, *self.retyped}
        return tuple(name for name in self.new.columns if name not in taken)

    @property
    def carried(self) -> Mapping[str, str]:
        """The columns that take over the value of an old one with another name."""
        return {new: old for new, old in self.origin.items() if new != old}

    @property
    def left(self) -> tuple[str, ...]:
        """The old columns that do not go on."""
        taken = {*self.origin.values(), *self.retyped.values()}
        return tuple(name for name in self.old.columns if name not in taken)


def successions(old: BoundReform, new: BoundReform, names: Renames) -> dict[str, Succession]:
    """Return for each workflow of both definitions how its cases go on.

    Raises UnknownName for a name that is in neither definition where it should be, RequestError
    if two old names would become one.
    """
    given = {flow: _Given() for flow in old.workflows}
    for key, name in names.items():
        parts = key.split(".")
        if parts[0] not in old.workflows:
            raise UnknownName.of("workflow", parts[0], old.workflows)
        if parts[0] not in new.workflows:
            message = f"{parts[0]!r} is not in the new definition, so {key!r} cannot go on"
            raise RequestError(message, "a workflow keeps its name")
        given[parts[0]].add(old.workflows[parts[0]], new.workflows[parts[0]], parts, name)
    return {
        flow: _succession(old.workflows[flow], new.workflows[flow], given[flow])
        for flow in old.workflows
        if flow in new.workflows
    }


# ---------------------------------------------------------------------------------------------

_STATE: Final = 3


@attrs.define
class _Given:
    """What was given for one workflow: things by their old name, states by old track."""

    things: dict[str, str] = attrs.field(factory=dict)
    states: dict[str, dict[str, str]] = attrs.field(factory=dict)

    def add(self, old: BoundWorkflow, new: BoundWorkflow, parts: list[str], name: str) -> None:
        match parts:
            case [_, thing]:
                kind, known = _sort(old, thing)
                _known(kind, name, _things(new)[kind])
                self.things[known] = name
            case [_, track, state]:
                _known("track", track, old.tracks)
                _known("state", state, _states(old, track))
                self.states.setdefault(track, {})[state] = name
            case _:
                message = f"{'.'.join(parts)!r} names nothing that can be renamed"
                raise RequestError(message, "write workflow.fact or workflow.track.state")


def _things(flow: BoundWorkflow) -> dict[str, list[str]]:
    """Return the names of everything that has columns, by what it is."""
    workflow = flow.workflow
    return {
        "fact": [fact.id for fact in workflow.facts],
        "transition": [transition.id for transition in workflow.transitions],
        "track": [track.id for track in workflow.tracks],
        "duty": [duty.id for duty in workflow.duties],
    }


def _sort(flow: BoundWorkflow, name: str) -> tuple[str, str]:
    """Return what sort of thing a name stands for, and the name; UnknownName if for nothing."""
    things = _things(flow)
    for kind, names in things.items():
        if name in names:
            return kind, name
    known = [name for names in things.values() for name in names]
    raise UnknownName.of("fact, transition, track or duty", name, known)


def _known(kind: str, name: str, known: Iterable[str]) -> None:
    known = list(known)
    if name not in known:
        raise UnknownName.of(kind, name, known)


def _states(flow: BoundWorkflow, track: str) -> list[str]:
    return [state.id for state in flow.tracks[track].states]


def _succession(old: BoundWorkflow, new: BoundWorkflow, given: _Given) -> Succession:
    origin: dict[str, str] = {}
    retyped: dict[str, str] = {}
    for column in old.columns:
        thing, dot, part = column.partition(".")
        name = f"{given.things.get(thing, thing)}{dot}{part}"
        if name not in new.columns:
            continue
        taken = origin.get(name) or retyped.get(name)
        if taken is not None:
            message = f"{taken!r} and {column!r} of {old.id!r} would both become {name!r}"
            raise RequestError(message, "give one of them another name")
        if old.columns[column].type == new.columns[name].type:
            origin[name] = column
        else:
            retyped[name] = column
    states: dict[str, dict[str, str]] = {}
    for track, renamed in given.states.items():
        after = given.things.get(track, track)
        _known("track", after, new.tracks)
        for name in renamed.values():
            _known("state", name, _states(new, after))
        states[after] = renamed
    renamed_from = {name: thing for thing, name in given.things.items()}
    return Succession(old, new, origin, states, retyped, renamed_from)
