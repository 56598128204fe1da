"""Dates of an act: its deadline, its window, and what being outside them means."""

from __future__ import annotations

from datetime import date

import attrs

from reformflow.binding.bound import BoundDeadline, BoundWindow
from reformflow.engine.computing import paused
from reformflow.engine.program import Program, Step
from reformflow.engine.scene import Scene
from reformflow.model import BeforeEffect, Code, Late, Lateness, Refusal, Text


@attrs.frozen
class Timing:
    """What the dates say about an act: refusals, and marks of lateness if it is granted."""

    refusals: tuple[Refusal, ...] = ()
    late: tuple[Lateness, ...] = ()


def timing(program: Program, scene: Scene, step: Step, reason: str | None) -> Timing:
    """Judge the day of an act against its transition's deadline and window."""
    refusals: list[Refusal] = []
    late: list[Lateness] = []
    for mark, mode, about in _outside(program, scene, step):
        late.append(mark)
        refusal = _refusal(mark, mode, about, reason)
        if refusal is not None:
            refusals.append(refusal)
    return Timing(tuple(refusals), tuple(late))


def answerable(scene: Scene, step: Step) -> str:
    """Return the role that answers for a delay, "" if the definition names none."""
    for role, test in step.answerable:
        if test is None or scene.true(test):
            return role
    return ""


# ---------------------------------------------------------------------------------------------


@attrs.frozen
class _About:
    clauses: tuple[str, ...]
    says: Text
    column: str
    extension_by: tuple[str, ...] = ()


def _outside(program: Program, scene: Scene, step: Step) -> list[tuple[Lateness, Late, _About]]:
    found: list[tuple[Lateness, Late, _About]] = []
    deadline = step.bound.deadline
    if deadline is not None:
        due = scene.values[deadline.due]
        if isinstance(due, date) and _passed(scene, deadline, due):
            mode = _mode(program, deadline, due)
            if mode is not None:
                mark = _mark(step, due, scene.today, answerable(scene, step))
                by = deadline.extension.by if deadline.extension else ()
                about = _About(deadline.clauses, deadline.says, deadline.due, by)
                found.append((mark, mode, about))
    window = step.bound.window
    if window is not None:
        found += _outside_window(scene, step, window)
    return found


def _passed(scene: Scene, deadline: BoundDeadline, due: date) -> bool:
    if not paused(deadline, scene.values):
        return scene.today > due
    since = scene.values[deadline.paused]
    return isinstance(since, date) and since > due


def _mode(program: Program, deadline: BoundDeadline, due: date) -> Late | None:
    """Return what lateness means here, None if the deadline binds nobody."""
    effective = program.effective_on
    if effective is None or due >= effective:
        return deadline.late
    match deadline.before_effect:
        case BeforeEffect.ENFORCE:
            return deadline.late
        case BeforeEffect.ADVISORY:
            return Late.FLAG
        case BeforeEffect.WAIVE:
            return None


def _outside_window(
    scene: Scene, step: Step, window: BoundWindow
) -> list[tuple[Lateness, Late, _About]]:
    found: list[tuple[Lateness, Late, _About]] = []
    for column, early in ((window.opens, True), (window.closes, False)):
        bound = scene.values[column] if column else None
        if isinstance(bound, date) and column is not None:
            outside = scene.today < bound if early else scene.today > bound
            if outside:
                about = _About(window.clauses, window.says, column)
                found.append((_mark(step, bound, scene.today, ""), window.outside, about))
    return found


def _mark(step: Step, bound: date, on: date, role: str) -> Lateness:
    return Lateness(step.id, bound, (on - bound).days, role)


def _refusal(mark: Lateness, mode: Late, about: _About, reason: str | None) -> Refusal | None:
    values = ((about.column, mark.bound),)
    code = Code.TOO_EARLY if mark.days < 0 else Code.LATE
    match mode:
        case Late.FLAG:
            return None
        case Late.REASON if reason:
            return None
        case Late.REASON:
            return Refusal(Code.REASON_MISSING, mark.transition, about.clauses, about.says, values)
        case Late.EXTENSION:
            return Refusal(
                Code.NOT_EXTENDED,
                mark.transition,
                about.clauses,
                about.says,
                values,
                must_act=about.extension_by,
            )
        case Late.REFUSE:
            return Refusal(code, mark.transition, about.clauses, about.says, values)
