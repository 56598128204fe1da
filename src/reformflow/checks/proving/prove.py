"""The proof of a claim: by induction over acts; else acts that lead to what should never be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from enum import StrEnum
from typing import Final

import attrs

from reformflow.binding import BoundReform, BoundWorkflow
from reformflow.checks.proving.certain import TODAY, certain, either, framed
from reformflow.checks.proving.claims import Claim
from reformflow.checks.proving.system import ACT, PICK, System
from reformflow.checks.solver import Answer, Demand, Situation, Solver, Verdict
from reformflow.language.folding import FALSE, fold
from reformflow.language.meaning import View, evaluate
from reformflow.language.reading import columns_read
from reformflow.model import And, Expression, Literal, Member, Name, Not, Or, Recorded, Value

_CANDIDATES: Final = 400
_WIDENINGS: Final = 3
"""How often the acts that an induction looks at are taken in more detail."""


class Standing(StrEnum):
    """How a claim stands."""

    PROVED = "proved"
    REFUTED = "refuted"
    UNKNOWN = "unknown"


@attrs.frozen
class Moment:
    """One step of a way: the act, its day, and the columns after it that were looked at."""

    act: str
    on: date
    values: tuple[tuple[str, Value], ...]


@attrs.frozen
class Proof:
    """How a claim stands.

    Proved: `invariants` are conditions that hold of every case, the claim among them, and carry
    over every act. Refuted: `way` leads from the opening to what should never be; kin are taken
    as they have to be, so it has to be tried out. Unknown: nothing was found up to `depth` acts.
    """

    standing: Standing
    invariants: tuple[Expression, ...] = ()
    way: tuple[Moment, ...] = ()
    depth: int = 0


def prove(bound: BoundReform, flow: BoundWorkflow, claim: Claim, *, depth: int = 6) -> Proof:
    """Prove a claim for every case of a workflow, or look for up to `depth` acts against it.

    MissingExtra without the extra `checks`.
    """
    system = System.of(bound, flow)
    claim = Claim(system.own(claim.bad))
    if claim.bad == FALSE:
        return Proof(Standing.PROVED)
    columns = _columns(system, claim)
    for _ in range(_WIDENINGS):
        invariants = _induction(system, claim, columns)
        if invariants:
            return Proof(Standing.PROVED, invariants)
        wider = system.related(columns)
        if wider == columns:
            break
        columns = wider
    return _search(system, claim, columns, depth)


# ---------------------------------------------------------------------------------------------

_BEFORE, _AFTER = "s0", "s1"


def _columns(system: System, claim: Claim) -> frozenset[str]:
    """Return the columns of the claim, those they are computed from, and every track's state."""
    read = {name.column for name in columns_read(claim.bad)} & system.names.keys()
    states = {f"{track}.state" for track in system.flow.tracks}
    return system.with_sources(frozenset(read | states))


def _induction(
    system: System, claim: Claim, columns: frozenset[str]
) -> tuple[Expression, ...]:  # fmt: skip
    """Return conditions that carry over every act and make the claim, nothing if none do.

    Houdini's way (Flanagan and Leino, FME 2001): of many candidates, drop those that an act can
    break, until none is broken.
    """
    candidates = _candidates(system, claim, columns)
    solver = Solver(system.world((_BEFORE, _AFTER), columns, picks=len(candidates)))
    opened = system.opened(_AFTER, columns)
    moved = system.moved(_BEFORE, _AFTER, columns)
    broken = [
        either((fold(Not(_picked([number]))), fold(Not(_at(one, _AFTER)))))
        for number, one in enumerate(candidates)
    ]
    left = list(range(len(candidates)))
    for ground, assuming in ((opened, False), (moved, True)):
        while left and left[0] == 0:  # the claim itself
            assumed = [_at(candidates[number], _BEFORE) for number in left if assuming]
            answer = _asked(solver, (ground, *assumed, *broken, _picked(left)))
            if answer.impossible:
                break
            fallen = _fallen(answer, [candidates[number] for number in left])
            if not fallen:
                return ()  # the solver gives no answer that could be used
            left = [number for number in left if candidates[number] not in fallen]
    if not left or left[0] != 0:
        return ()
    # From what excludes itself anything would follow.
    kept = tuple(candidates[number] for number in left)
    sound = _asked(solver, (opened, *(_at(one, _AFTER) for one in kept)))
    return kept if sound.possible else ()


def _picked(numbers: Iterable[int]) -> Expression:
    """Return that the candidate which is broken is one of some."""
    return Member(Name(PICK, _AFTER), tuple(Literal(f"candidate {number}") for number in numbers))


def _asked(solver: Solver, expressions: Iterable[Expression], *, plain: bool = False) -> Answer:
    return solver.ask([Demand("", expression) for expression in expressions], plain=plain)


def _fallen(answer: Answer, candidates: Sequence[Expression]) -> frozenset[Expression]:
    if answer.verdict is not Verdict.POSSIBLE or answer.situation is None:
        return frozenset()
    values = answer.situation.frames[_AFTER]
    day = values[TODAY]
    today = day if isinstance(day, date) else date.min
    view = View(values, today)
    return frozenset(one for one in candidates if evaluate(one, view) is False)


def _good(claim: Claim) -> Expression:
    return fold(Not(claim.bad))


def _candidates(system: System, claim: Claim, columns: frozenset[str]) -> list[Expression]:
    """Return what may be invariant: the claim, parts of it in each state, what is recorded there.

    The claim stands first.
    """
    good = _good(claim)
    found: list[Expression] = [good]
    pieces = list(dict.fromkeys(_pieces(claim.bad)))
    recorded = [Recorded(Name(c), negated=False) for c in sorted(columns) if _may_miss(system, c)]
    for track in system.flow.tracks.values():
        for state in track.states:
            here = Member(Name(f"{track.id}.state"), (Literal(state.id),))
            found += (either((fold(Not(here)), piece)) for piece in (*pieces, *recorded))
        for other in system.flow.tracks.values():
            if other.id != track.id:
                found += _together(track.id, other.id, system)
    return list(dict.fromkeys(found))[:_CANDIDATES]


def _together(one: str, other: str, system: System) -> Iterator[Expression]:
    """Yield that two tracks are never in two certain states at once."""
    tracks = system.flow.tracks
    for state in tracks[one].states:
        here = Member(Name(f"{one}.state"), (Literal(state.id),))
        for beside in tracks[other].states:
            there = Member(Name(f"{other}.state"), (Literal(beside.id),))
            if one < other:
                yield either((fold(Not(here)), fold(Not(there))))


def _pieces(bad: Expression) -> Iterator[Expression]:
    """Yield the conditions that a claim is made of, turned to what should be."""
    match bad:
        case And(operands=operands) | Or(operands=operands):
            for operand in operands:
                yield from _pieces(operand)
        case Not(operand=inner):
            for piece in _pieces(inner):
                yield fold(Not(piece)) if not isinstance(piece, Not) else piece.operand
        case _:  # a comparison may be unknown, and an invariant never is
            yield fold(Not(certain(bad)))


def _may_miss(system: System, column: str) -> bool:
    return column in system.names and not column.endswith((".state", ".since", ".last"))


def _at(node: Expression, owner: str) -> Expression:
    return framed(node, lambda _: owner, owner)


def _search(system: System, claim: Claim, columns: frozenset[str], depth: int) -> Proof:
    """Look for acts that lead from the opening to what should never be, the fewest first."""
    owners = [f"s{number}" for number in range(depth + 1)]
    solver = Solver(system.world(owners, columns))
    way = [system.opened(owners[0], columns)]
    for number, owner in enumerate(owners):
        if number:
            way.append(system.moved(owners[number - 1], owner, columns))
        answer = _asked(solver, (*way, _at(claim.bad, owner)), plain=True)
        if answer.possible and answer.situation is not None:
            return Proof(Standing.REFUTED, way=tuple(_moments(answer.situation, owners, number)))
        if not answer.impossible:
            return Proof(Standing.UNKNOWN, depth=max(0, number - 1))
    return Proof(Standing.UNKNOWN, depth=depth)


def _moments(situation: Situation, owners: Sequence[str], last: int) -> Iterator[Moment]:
    for owner in owners[: last + 1]:
        values = dict(situation.frames[owner])
        act, day = str(values.pop(ACT)), values.pop(TODAY)
        shown = tuple(sorted((name, value) for name, value in values.items()))
        yield Moment(act, day if isinstance(day, date) else date.min, shown)
