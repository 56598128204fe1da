"""Strokes: one act on all rows of a workflow at once, as SQL.

A stroke says for which rows the act is refused and why, what it changes in the others, and which
rows it leaves to be decided by themselves. It means what `engine.firing` and `engine.acts` mean.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import attrs
import sqlalchemy as sa

from reformflow.binding import BoundTransition
from reformflow.model import (
    BeforeEffect,
    Code,
    Expression,
    Extend,
    Fire,
    Kind,
    Late,
    Record,
    Value,
)
from reformflow.store.bulk.bounds import outside
from reformflow.store.bulk.effects import Count, Effects, effects
from reformflow.store.bulk.grounds import Asked, Ground, day_of, enabled, free_of, grounds, passed
from reformflow.store.bulk.spelling import (
    DaysBetween,
    DayText,
    Operand,
    json_text,
    on_day,
    plain,
    word,
)
from reformflow.store.bulk.where import Condition, Sight, constant, is_true
from reformflow.store.history import plain as plain_value
from reformflow.store.types import dumps, type_of


@attrs.frozen
class Stroke:
    """One act on the rows that a sight sees.

    `free` is the condition that nothing stands against it, `beyond` that it cannot be decided in
    SQL; `late` are the marks of lateness as JSON, None if the act can never be late.
    """

    row: Sight
    kind: Kind
    name: str
    actor: str
    reason: str | None
    grounds: tuple[Ground, ...]
    free: Condition
    beyond: Condition | None
    effects: Effects
    late: Operand | None

    @property
    def clauses(self) -> tuple[str, ...]:
        """The clauses of the transition that is fired, none for another act."""
        known = self.row.table.flow.transitions.get(self.name)
        return () if known is None else known.transition.clauses

    @property
    def alone(self) -> bool:
        """Whether it looks at nothing but the row that it is about."""
        late = [] if self.late is None else [self.late]
        read = [self.free, *self.effects.after.values(), *late]
        return self.beyond is None and not any(map(looks_elsewhere, read))


def asked_for(
    row: Sight,
    asked: Asked,
    count: Count,
    *,
    definition: str = "",
    left: Condition | None = None,
) -> Stroke:
    """Return the stroke of an act that somebody asks for.

    Rows under another definition than that of the hash `definition` are refused; those for which
    `left` holds are left to be decided by themselves.
    """
    act = asked.act
    facts = act.facts if isinstance(act, Fire | Record) else {}
    given = {name: _literal(row, name, value) for name, value in facts.items()}
    recorded = effects(row, given, count) if given else _NOTHING
    scene = attrs.evolve(row, values=recorded.after)
    pinned = word(definition)
    other = row.table.table.c.definition != pinned if definition else None
    found = (*_pinned(other), *grounds(row, scene, asked, count))
    beyond = [
        *_listed(left),
        *recorded.beyond,
        *(ground.beyond for ground in found if ground.beyond is not None),
    ]
    late = None
    match act:
        case Fire(transition=name):
            bound = row.table.flow.transitions[name]
            change = _fired(row, scene, bound, asked.actor.id, given, count)
            beyond += [*change.beyond, *_out_of_bounds(scene, bound)]
            late = _marks(scene, bound, asked.effective_on, every=False)
            kind = Kind.FIRED
        case Record():
            change, kind, name = recorded, Kind.RECORDED, ""
        case Extend(transition=name, until=until):
            deadline = row.table.flow.deadlines[name]
            day = on_day(until)
            kept = {deadline.extended: day} if deadline.extension is not None else {}
            change = effects(row, {deadline.due: day, **kept}, count)
            beyond += change.beyond
            kind = Kind.EXTENDED
    return Stroke(
        row=row,
        kind=kind,
        name=name,
        actor=asked.actor.id,
        reason=asked.reason,
        grounds=found,
        free=free_of(list(found)),
        beyond=_any(beyond, unless=other),
        effects=change,
        late=late,
    )


def looks_elsewhere(condition: Operand) -> bool:
    """Say whether an expression reads other rows than the one it is about."""
    return any(isinstance(part, sa.Select) for part in sa.sql.visitors.iterate(condition))


def apart_from(stroke: Stroke) -> list[Condition]:
    """Return the condition, if there is one, that a row is not left to be decided by itself."""
    return [] if stroke.beyond is None else [sa.not_(stroke.beyond)]


def by_itself(
    row: Sight, bound: BoundTransition, effective_on: date | None, count: Count
) -> Stroke:
    """Return the stroke of a transition that fires without an actor."""
    change = _fired(row, row, bound, "", {}, count)
    last = row.column(f"{bound.track}.last")  # then it fires on that later day
    return Stroke(
        row=row,
        kind=Kind.FIRED,
        name=bound.id,
        actor="",
        reason=None,
        grounds=(),
        free=enabled(row, bound),
        beyond=_any([*change.beyond, *_out_of_bounds(row, bound), last > day_of(row)]),
        effects=change,
        late=_marks(row, bound, effective_on, every=True),
    )


def changes(stroke: Stroke) -> Operand:
    """Return the changes that a stroke makes to a row, as the JSON object of its entry."""
    row, made = stroke.row, stroke.effects
    written: list[Operand | str] = []
    for name in sorted(made.after):
        told = _told(row, name, made.after[name])
        if name in made.surely:
            written.append(told)
        else:
            told = plain(told) if isinstance(told, str) else told
            written.append(sa.case((_changes(row, name, made.after[name]), told), else_=_EMPTY))
    composed = plain("{").concat(sa.func.substr(_joined(written), 2)).concat(plain("}"))
    same = [_told(row, name, made.usual[name]) for name in sorted(made.usual)]
    if made.surely >= made.after.keys() or not same or not isinstance(same[0], str):
        return composed
    # In most rows everything changes: then there is less to work out.
    same[0] = same[0].replace(",", "{", 1)
    stays = [
        sa.not_(_changes(row, name, made.usual[name]))
        for name in made.usual
        if name not in made.surely
    ]
    return sa.case((sa.or_(*stays), composed), else_=_joined([*same, "}"]))


# ---------------------------------------------------------------------------------------------

_EMPTY = plain("")
_NOTHING = Effects({}, frozenset(), ())


def _literal(row: Sight, name: str, value: Value) -> Operand:
    return sa.literal(value, type_of(row.table.flow.columns[name]))


def _listed(condition: Condition | None) -> list[Condition]:
    return [] if condition is None or isinstance(condition, sa.False_) else [condition]


def _any(conditions: list[Condition], *, unless: Condition | None = None) -> Condition | None:
    if not conditions:
        return None
    found = sa.or_(*map(is_true, conditions))
    return found if unless is None else sa.and_(found, sa.not_(unless))


def _pinned(other: Condition | None) -> Iterator[Ground]:
    for condition in _listed(other):
        clear = sa.not_(condition)
        yield Ground(Code.NOT_DECIDED, "definition", (), condition, clear=clear)


def _fired(
    row: Sight,
    scene: Sight,
    bound: BoundTransition,
    actor: str,
    facts: Mapping[str, Operand],
    count: Count,
) -> Effects:
    """Return what changes when a transition fires, as `engine.firing.moves` has it."""
    track, day, columns = bound.track, day_of(row), row.table.flow.columns
    given = dict(facts)
    given |= {fact: scene.value(expression) for fact, expression in bound.sets}
    given[f"{track}.last"] = day
    marks = {f"{bound.id}.on": day, f"{bound.id}.by": word(actor)}
    given |= {name: value for name, value in marks.items() if name in columns}
    moved: Condition = sa.false()
    surely: set[str] = set()
    if bound.to:
        target = _target(scene, bound)
        given |= {f"{track}.state": target, f"{track}.since": day}
        state = f"{track}.state"
        targets = {state for state, _ in bound.to}
        if targets.isdisjoint(bound.source):
            surely.add(state)
            moved = sa.true()
        else:
            moved = row.column(state) != target
    for other in row.table.flow.transitions.values():
        if other.id == bound.id or other.track == track:
            reset = sa.true() if other.id == bound.id else moved
            for role in other.transition.signed_by:
                name = f"{other.id}.signed.{role}"
                given[name] = _reset(row, name, reset)
    return effects(row, given, count, surely=frozenset(surely))


def _reset(row: Sight, name: str, reset: Condition) -> Operand:
    if isinstance(reset, sa.True_):
        return sa.null()
    return sa.case((reset, sa.null()), else_=row.column(name))


def _target(scene: Sight, bound: BoundTransition) -> Operand:
    (first, condition), *_ = bound.to
    if condition is None:
        return constant(first)
    branches: list[tuple[Condition, Operand]] = []
    for state, when in bound.to:
        if when is None:
            return sa.case(*branches, else_=constant(state))
        branches.append((scene.true(when), constant(state)))
    return sa.case(*branches, else_=sa.null())


def _out_of_bounds(scene: Sight, bound: BoundTransition) -> Iterator[Condition]:
    """Yield the conditions that a fact would be set to a value that it cannot have."""
    for name, expression in bound.sets:
        yield outside(scene.value(expression), scene.table.flow.facts[name])


def _marks(
    scene: Sight, bound: BoundTransition, effective: date | None, *, every: bool
) -> Operand | None:
    """Return the marks of lateness as JSON; `every` also where lateness would be refused."""
    found: list[tuple[Condition, Operand]] = []
    deadline, window, day = bound.deadline, bound.window, day_of(scene)
    if deadline is not None:
        outside, due = passed(scene, deadline), scene.column(deadline.due)
        before = None if effective is None else on_day(effective)
        if deadline.before_effect is BeforeEffect.WAIVE and before is not None:
            outside = sa.and_(outside, due >= before)
        advisory = deadline.before_effect is BeforeEffect.ADVISORY and before is not None
        if every or advisory or deadline.late in _MAY_BE_LATE:
            found.append(
                (outside, _mark(scene, bound, due, _answerable(scene, deadline.answerable)))
            )
    if window is not None and (every or window.outside in _MAY_BE_LATE):
        nobody = plain('""')
        if window.opens is not None:
            opens = scene.column(window.opens)
            found.append((day < opens, _mark(scene, bound, opens, nobody)))
        if window.closes is not None:
            closes = scene.column(window.closes)
            found.append((day > closes, _mark(scene, bound, closes, nobody)))
    if not found:
        return None
    written = [sa.case((outside, mark), else_=_EMPTY) for outside, mark in found]
    listed = plain("[").concat(sa.func.substr(_joined(written), 2)).concat(plain("]"))
    return sa.case((sa.or_(*(outside for outside, _ in found)), listed), else_=sa.null())


_MAY_BE_LATE = (Late.FLAG, Late.REASON)


def _mark(scene: Sight, bound: BoundTransition, limit: Operand, role: Operand) -> Operand:
    days = sa.cast(DaysBetween(day_of(scene), limit), sa.String(20))
    return _joined(
        [
            ',{"bound":"', DayText(limit), '","days":', days,
            ',"role":', role, f',"transition":{dumps(bound.id)}}}',
        ]
    )  # fmt: skip


def _answerable(scene: Sight, roles: tuple[tuple[str, Expression | None], ...]) -> Operand:
    cases: list[tuple[Condition, Operand]] = []
    for role, when in roles:
        if when is None:
            last = plain(dumps(role))
            return sa.case(*cases, else_=last) if cases else last
        cases.append((scene.true(when), plain(dumps(role))))
    return sa.case(*cases, else_=plain('""')) if cases else plain('""')


def _changes(row: Sight, name: str, value: Operand) -> Condition:
    """Return the condition that a column is another than it was."""
    return row.column(name).is_distinct_from(value)


def _told(row: Sight, name: str, value: Operand) -> Operand | str:
    """Return `,"name":value` as it stands in the JSON object; text where it is the same for all."""
    begin = f",{dumps(name)}:"
    if isinstance(value, sa.sql.elements.Null):
        return f"{begin}null"
    if isinstance(value, sa.BindParameter):
        return begin + dumps(plain_value(value.value))
    return plain(begin).concat(json_text(value, row.table.flow.columns[name].type))


def _joined(parts: Sequence[Operand | str]) -> Operand:
    """Join texts, those that are the same for all rows together."""
    joined: Operand | None = None
    same = ""
    for part in parts:
        if isinstance(part, str):
            same += part
            continue
        if same:
            joined = plain(same) if joined is None else joined.concat(plain(same))
            same = ""
        joined = part if joined is None else joined.concat(part)
    if same or joined is None:
        joined = plain(same) if joined is None else joined.concat(plain(same))
    return joined
