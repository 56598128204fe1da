"""Random expressions of the rule language, typed over one small schema, and rows to try them on.

Everything here is lowered already: names are columns, policies are constants. `rows` makes a
case, its parent and its children, each value recorded or not.
"""

from __future__ import annotations

import random
from datetime import date, timedelta

import attrs
from hypothesis import strategies as st

from reformflow.language.meaning import NOTHING, Columns, View
from reformflow.model import (
    PARENT,
    SELF,
    Aggregate,
    And,
    Arithmetic,
    Compare,
    Comparison,
    Expression,
    FactType,
    Literal,
    Member,
    Name,
    Not,
    Operator,
    Or,
    Quantifier,
    Recorded,
    Today,
    Value,
)

CHILD = "m"
RELATION = "matters"
STATES = ("open", "draft", "done")
KINDS = ("whole", "part")
FIRST_DAY = date(2021, 2, 1)

_B, _I, _D, _T, _C = FactType.BOOL, FactType.INT, FactType.DATE, FactType.TEXT, FactType.CHOICE
SCHEMA: dict[str, dict[str, FactType]] = {
    SELF: {
        "flag": _B,
        "ready": _B,
        "posts": _I,
        "units": _I,
        "plan_on": _D,
        "progress.since": _D,
        "submit.due": _D,
        "note": _T,
        "人员": _I,
        "kind": _C,
        "progress.state": _C,
    },
    PARENT: {"active": _B, "budget": _I, "open_on": _D, "rank": _T, "course.state": _C},
    CHILD: {"in_scope": _B, "size": _I, "due_on": _D, "title": _T, "progress.state": _C},
}
_TEXTS = ("", "a", "b", "人", 'say "no"', "tab\tand\nline", "\\")
_INTS = st.one_of(
    st.integers(-3, 3), st.sampled_from([2**63 - 1, -(2**63 - 1)]), st.integers(-(10**6), 10**6)
)


def choices_of(column: str) -> tuple[str, ...]:
    """Return what a choice column may hold."""
    return KINDS if column == "kind" else STATES


def names(kind: FactType, owners: tuple[str, ...]) -> st.SearchStrategy[Name]:
    """Name any column of one type that belongs to one of the owners."""
    listed = [
        Name(column, owner)
        for owner in owners
        for column, type_ in SCHEMA[owner].items()
        if type_ is kind
    ]
    return st.sampled_from(listed)


def truths(depth: int = 3, owners: tuple[str, ...] = (SELF, PARENT)) -> st.SearchStrategy:
    """Make expressions that are true, false or unknown, at most `depth` connectives deep."""
    leaves = st.one_of(
        names(_B, owners),
        st.builds(Literal, st.booleans()),
        recorded(owners),
        comparisons(owners),
        members(owners),
    )
    if depth == 0:
        return leaves
    inner = st.deferred(lambda: truths(depth - 1, owners))
    several = st.lists(inner, min_size=2, max_size=3).map(tuple)
    options = [
        leaves,
        st.builds(Not, inner),
        st.builds(And, several),
        st.builds(Or, several),
        st.builds(Compare, st.sampled_from([Comparison.EQ, Comparison.NE]), inner, inner),
    ]
    if CHILD not in owners:
        options += [aggregates(depth - 1), counted(depth - 1), summed(depth - 1)]
    return st.one_of(options)


def recorded(owners: tuple[str, ...]) -> st.SearchStrategy[Recorded]:
    """Ask whether some column is recorded."""
    anything = st.sampled_from([Name(c, o) for o in owners for c in SCHEMA[o]])
    return st.builds(Recorded, anything, st.booleans())


def numbers(owners: tuple[str, ...], depth: int = 2) -> st.SearchStrategy[Expression]:
    """Make whole-number expressions; one side of each multiplication is a constant."""
    constants = st.builds(Literal, _INTS)
    leaves = st.one_of(names(_I, owners), constants)
    if depth == 0:
        return leaves
    inner = numbers(owners, depth - 1)
    sums = st.sampled_from([Operator.ADD, Operator.SUB])
    return st.one_of(
        leaves,
        st.builds(Arithmetic, sums, inner, inner),
        st.builds(Arithmetic, st.just(Operator.MUL), constants, inner),
        st.builds(Arithmetic, st.just(Operator.MUL), inner, constants),
    )


def days(owners: tuple[str, ...]) -> st.SearchStrategy[Expression]:
    """Make date expressions: columns, constants, today."""
    constants = st.dates(FIRST_DAY, FIRST_DAY + timedelta(days=12)).map(Literal)
    return st.one_of(names(_D, owners), constants, st.just(Today()))


def comparisons(owners: tuple[str, ...]) -> st.SearchStrategy[Compare]:
    """Compare two operands of one type, texts only for equality."""
    every, equal = list(Comparison), [Comparison.EQ, Comparison.NE]
    texts = st.one_of(names(_T, owners), st.sampled_from(_TEXTS).map(Literal))
    chosen = names(_C, owners).flatmap(
        lambda name: st.builds(
            Compare,
            st.sampled_from(equal),
            st.just(name),
            st.sampled_from(choices_of(name.column)).map(Literal),
        )
    )
    numeric = numbers(owners)
    return st.one_of(
        st.builds(Compare, st.sampled_from(every), numeric, numeric),
        st.builds(Compare, st.sampled_from(every), days(owners), days(owners)),
        st.builds(Compare, st.sampled_from(equal), texts, texts),
        chosen,
    )


def members(owners: tuple[str, ...]) -> st.SearchStrategy[Member]:
    """Ask whether something is one of some constants."""

    def of(item: Expression, values: st.SearchStrategy) -> st.SearchStrategy[Member]:
        options = st.lists(values.map(Literal), min_size=1, max_size=3, unique=True).map(tuple)
        return st.builds(Member, st.just(item), options, st.booleans())

    return st.one_of(
        names(_I, owners).flatmap(lambda name: of(name, st.integers(-2, 3))),
        names(_T, owners).flatmap(lambda name: of(name, st.sampled_from(_TEXTS))),
        names(_C, owners).flatmap(lambda n: of(n, st.sampled_from(choices_of(n.column)))),
        days(owners).flatmap(
            lambda day: of(day, st.dates(FIRST_DAY, FIRST_DAY + timedelta(days=9)))
        ),
    )


def aggregates(depth: int) -> st.SearchStrategy[Aggregate]:
    """Ask about all or any of the children."""
    inside = truths(min(depth, 1), (CHILD, SELF, PARENT))
    condition = st.one_of(st.just(Literal(True)), inside)
    kinds = st.sampled_from([Quantifier.ALL, Quantifier.ANY])
    return st.builds(Aggregate, kinds, st.just(RELATION), st.just(CHILD), inside, condition)


def counted(depth: int) -> st.SearchStrategy[Compare]:
    """Compare the number of some children with a number."""
    inside = truths(min(depth, 1), (CHILD, SELF, PARENT))
    whole = st.just(Literal(True))
    count = st.builds(
        Aggregate,
        st.just(Quantifier.COUNT),
        st.just(RELATION),
        st.just(CHILD),
        st.one_of(whole, inside),
        st.one_of(whole, inside),
    )
    number = st.one_of(st.integers(0, 3).map(Literal), names(_I, (SELF,)))
    return st.builds(Compare, st.sampled_from(list(Comparison)), count, number)


def summed(depth: int) -> st.SearchStrategy[Compare]:
    """Compare the sum of a number over some children with a number."""
    inside = truths(min(depth, 1), (CHILD, SELF, PARENT))
    element = names(_I, (CHILD,))
    more = st.builds(Arithmetic, st.just(Operator.ADD), element, names(_I, (SELF, PARENT)))
    total = st.builds(
        Aggregate,
        st.just(Quantifier.SUM),
        st.just(RELATION),
        st.just(CHILD),
        st.one_of(element, more),
        st.one_of(st.just(Literal(True)), inside),
    )
    number = st.one_of(st.integers(-3, 9).map(Literal), names(_I, (SELF,)))
    return st.builds(Compare, st.sampled_from(list(Comparison)), total, number)


@attrs.frozen
class Row:
    """A case in its family on one day."""

    own: dict[str, Value]
    parent: Columns
    children: tuple[dict[str, Value], ...]
    today: date

    def view(self) -> View:
        """Return what the reference evaluator looks at."""
        return View(self.own, self.today, self.parent, lambda _: self.children)


def row(rng: random.Random, *, unknown: float = 0.3) -> Row:
    """Make one row; each value is missing with the probability `unknown`."""
    parent: Columns = NOTHING if rng.random() < 0.1 else _columns(rng, PARENT, unknown)
    children = tuple(_columns(rng, CHILD, unknown) for _ in range(rng.choice([0, 1, 2, 3])))
    today = FIRST_DAY + timedelta(days=rng.randrange(12))
    return Row(_columns(rng, SELF, unknown), parent, children, today)


def rows(seed: int, number: int) -> list[Row]:
    """Make rows from a seed."""
    rng = random.Random(seed)
    return [row(rng) for _ in range(number)]


def _columns(rng: random.Random, owner: str, unknown: float) -> dict[str, Value]:
    return {
        column: None if rng.random() < unknown else _value(rng, column, kind)
        for column, kind in SCHEMA[owner].items()
    }


def _value(rng: random.Random, column: str, kind: FactType) -> Value:
    match kind:
        case FactType.BOOL:
            return rng.random() < 0.5
        case FactType.INT:
            return rng.choice([-2, -1, 0, 1, 2, 3, 2**63 - 1, rng.randrange(-(10**6), 10**6)])
        case FactType.DATE:
            return FIRST_DAY + timedelta(days=rng.randrange(12))
        case FactType.TEXT:
            return rng.choice(_TEXTS)
        case FactType.CHOICE:
            return rng.choice(choices_of(column))
