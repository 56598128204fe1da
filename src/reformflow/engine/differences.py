"""What sets two definitions of a workflow apart, as far as its cases are concerned."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import attrs

from reformflow.binding import Computed, Succession
from reformflow.engine.program import Plan, Program, Recipe
from reformflow.model import Entry, Fact, Kind, Value


@attrs.frozen
class Mark:
    """A new column that tells when a transition last fired (`on`), or who did it (`by`)."""

    column: str
    transition: str
    part: str


def columns_of(recipes: Iterable[Recipe]) -> set[str]:
    """Return the columns that some recipes compute."""
    return {recipe.computed.column for recipe in recipes}


def marks_of(goes_on: Succession) -> Iterable[Mark]:
    """Yield the marks of transitions that nothing read before, so that no column kept them."""
    before = {transition.id for transition in goes_on.old.workflow.transitions}
    for name in goes_on.fresh:
        transition, _, part = name.rpartition(".")
        old = goes_on.renamed_from.get(transition, transition)
        if part in _MARKS and transition in goes_on.new.transitions and old in before:
            yield Mark(name, old, part)


def recounted(
    before: Program, after: Program, goes_on: Succession, marks: Iterable[Mark]
) -> Iterable[Recipe]:
    """Yield the columns that are computed otherwise than before, or from something else."""
    old = {item.column: item for item in goes_on.old.computed}
    other_calendar = before.bound.reform.calendar != after.bound.reform.calendar
    changed = {name for name in goes_on.fresh if goes_on.new.initial[name] is not None}
    changed |= {mark.column for mark in marks}
    changed |= {f"{track}.state" for track in goes_on.states}
    for track in goes_on.new.tracks:
        changed |= {f"{track}.since"} - goes_on.origin.keys()
        changed.add(f"{track}.last")
    for recipe in after.plan(goes_on.new.id).recipes:
        item = recipe.computed
        origin = goes_on.origin.get(item.column, "")
        same = _alike(old.get(origin), item) and not (other_calendar and item.dates)
        if not same or item.sources & changed or _carries(goes_on, item):
            changed.add(item.column)
            yield recipe


def restanding(goes_on: Succession, recounted: set[str]) -> Iterable[str]:
    """Yield the tracks whose date on the board may be another."""
    for track in goes_on.new.tracks:
        old_track = goes_on.origin.get(f"{track}.state", "").removesuffix(".state")
        new = {
            (goes_on.origin.get(one.due), one.during, one.suspended_in, one.suspension is None)
            for one in goes_on.new.deadlines.values()
            if one.track == track
        }
        old = {
            (one.due, one.during, one.suspended_in, one.suspension is None)
            for one in goes_on.old.deadlines.values()
            if one.track == old_track
        }
        dues = {one.due for one in goes_on.new.deadlines.values() if one.track == track}
        if new != old or track in goes_on.states or dues & recounted:
            yield track


def needed(
    plan: Plan, goes_on: Succession, recipes: tuple[Recipe, ...], tracks: tuple[str, ...]
) -> set[str]:
    """Return the old columns on which the changes rest."""
    new: set[str] = {f"{track}.state" for track in goes_on.new.tracks}
    old: set[str] = {f"{track}.state" for track in goes_on.old.tracks}
    for recipe in recipes:
        new |= {recipe.computed.column, *recipe.computed.sources}
    for deadline in goes_on.new.deadlines.values():
        if deadline.can_pause or deadline.track in tracks or deadline.due in new:
            new |= {deadline.due} | ({deadline.paused} if deadline.can_pause else set())
            new |= {deadline.extended} if deadline.extension is not None else set()
    for duty in goes_on.new.duties.values():
        new |= {duty.first, duty.known} if duty.first in new else set()
    old |= {goes_on.origin[name] for name in new if name in goes_on.origin}
    for own in plan.recipes:
        if own.computed.column in old:
            old |= own.computed.sources
    for was in goes_on.old.deadlines.values():
        if was.can_pause:
            old |= {was.due, was.paused}
    return old


def checked(goes_on: Succession) -> dict[str, Fact]:
    """Return the facts whose choices or bounds are others than before."""
    facts = goes_on.old.facts
    return {
        name: fact
        for name, fact in goes_on.new.facts.items()
        if name in goes_on.origin and _allows(facts[goes_on.origin[name]]) != _allows(fact)
    }


def marked(entries: Sequence[Entry], mark: Mark) -> Value:
    """Return what a mark says by the history: of the last firing that was not taken back."""
    void = {entry.voids for entry in entries if entry.kind is Kind.CORRECTED and not entry.name}
    for entry in reversed(entries):
        if entry.kind is Kind.FIRED and entry.name == mark.transition and entry.seq not in void:
            return entry.on if mark.part == "on" else entry.actor
    return None


# ---------------------------------------------------------------------------------------------

_MARKS: Final = ("on", "by")


def _alike(old: Computed | None, new: Computed) -> bool:
    return old is not None and attrs.evolve(old, column=new.column) == new


def _carries(goes_on: Succession, item: Computed) -> bool:
    """Say whether a source is under another name now; its value is the same."""
    return any(goes_on.origin.get(source, source) != source for source in item.sources)


def _allows(fact: Fact) -> tuple[object, ...]:
    choices = frozenset(choice.id for choice in fact.choices)
    return choices, fact.max_length, fact.minimum, fact.maximum
