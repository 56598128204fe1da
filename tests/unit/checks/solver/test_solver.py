"""What the solver says of an expression is what the reference evaluator says of it."""

from __future__ import annotations

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reformflow.checks.solver import (
    Answer,
    Demand,
    Domain,
    Partial,
    Solver,
    Table,
    Truth,
    Verdict,
    World,
)
from reformflow.language import parse
from reformflow.language.meaning import evaluate
from reformflow.language.reading import walk
from reformflow.model import (
    PARENT,
    SELF,
    Aggregate,
    Compare,
    Comparison,
    Expression,
    FactType,
    Literal,
    Name,
    Quantifier,
    Recorded,
    Today,
    Value,
)
from support.expressions import CHILD, RELATION, SCHEMA, Row, choices_of, rows, truths
from support.soak import DEAR

seeds = st.integers(0, 2**32)


def domain(column: str, kind: FactType) -> Domain:
    return Domain(kind, choices_of(column) if kind is FactType.CHOICE else None)


def table(owner: str, *, optional: bool = False) -> Table:
    columns = {name: domain(name, kind) for name, kind in SCHEMA[owner].items()}
    return Table(columns, optional=optional)


FAMILY = World({SELF: table(SELF), PARENT: table(PARENT, optional=True)}, {RELATION: table(CHILD)})
BESIDE = World({owner: table(owner) for owner in (SELF, PARENT, CHILD)})
"""Without children; the columns of one stand beside the case, to be named by themselves."""


EXACT = (Truth.TRUE, Truth.FALSE, Truth.UNKNOWN)


def holding(name: Name, value: Value) -> Expression:
    if value is None:
        return Recorded(name, negated=True)
    return Compare(Comparison.EQ, name, Literal(value))


def fixed(at: Row, *owners: str) -> list[Demand]:
    """Demand the very columns of a row, and its day."""
    columns = {SELF: at.own, PARENT: at.parent, CHILD: (*at.children, Partial())[0]}
    demands = [Demand("", Compare(Comparison.EQ, Today(), Literal(at.today)))]
    for owner in owners:
        demands += [
            Demand("", holding(Name(column, owner), columns[owner][column]))
            for column in SCHEMA[owner]
        ]
    return demands


@DEAR
@given(truths(owners=(SELF, PARENT, CHILD)), seeds)
def test_of_a_case_that_is_fixed_an_expression_can_be_what_it_is_and_nothing_else(
    expression: Expression, seed: int
) -> None:
    solver = Solver(BESIDE)
    for at in rows(seed, 3):
        others = {CHILD: (*at.children, Partial())[0]}
        value = evaluate(expression, attrs.evolve(at.view(), others=others))
        for truth in EXACT:
            demands = [*fixed(at, SELF, PARENT, CHILD), Demand("so", expression, truth)]
            answer = solver.ask(demands)
            assert answer.verdict is not Verdict.UNKNOWN
            assert answer.possible == truth.admits(value), (at, truth)


@DEAR
@given(truths(), seeds)
def test_what_a_family_shows_is_never_said_to_be_impossible(
    expression: Expression, seed: int
) -> None:
    """The children are left to the solver: it may find others, but must not rule these out."""
    solver = Solver(FAMILY)
    for at in rows(seed, 3):
        value = evaluate(expression, at.view())
        (truth,) = (one for one in EXACT if one.admits(value))
        answer = solver.ask([*fixed(at, SELF, PARENT), Demand("so", expression, truth)])
        assert not answer.impossible, (at, truth)
        if not _adds(expression):
            assert answer.possible, (at, truth)


def _adds(expression: Expression) -> bool:
    """Say whether sums or many counts are in it: there the solver may not be able to tell."""
    asked = [node for node in walk(expression) if isinstance(node, Aggregate)]
    counted = [node for node in asked if node.quantifier is Quantifier.COUNT]
    return any(node.quantifier is Quantifier.SUM for node in asked) or len(counted) > 3


def own(**domains: Domain) -> World:
    return World({SELF: Table(domains)})


INT = Domain(FactType.INT)
DATE = Domain(FactType.DATE)
TEXT = Domain(FactType.TEXT)


def asked(world: World, *rules: str) -> Answer:
    """Ask for all rules to be true, labelled by their text."""
    return Solver(world).ask([Demand(rule, parse(rule)) for rule in rules])


def test_the_core_of_a_contradiction_is_minimal_and_named() -> None:
    world = own(posts=INT, units=INT, leaders=INT)
    answer = asked(
        world, "posts > 3", "units < 9", "posts + units < 4", "leaders == 2", "units > 0"
    )
    assert answer.impossible
    assert answer.core == ("posts > 3", "posts + units < 4", "units > 0")


def test_a_demand_without_a_label_is_taken_for_granted() -> None:
    world = own(posts=INT)
    demands = [Demand("", parse("posts > 3")), Demand("few", parse("posts < 2"))]
    assert Solver(world).ask(demands).core == ("few",)


def test_a_witness_is_plain() -> None:
    world = own(posts=INT, day=DATE, note=TEXT, other=TEXT)
    answer = asked(world, "posts > 3", "day < today", 'note != other and note != "a"')
    assert answer.situation is not None
    values = answer.situation.values
    assert values["posts"] in range(4, 101)
    assert abs((values["day"] - world.near).days) < 1300
    assert values["note"] not in {values["other"], "a"}


def test_a_wish_that_cannot_be_granted_spoils_no_answer() -> None:
    world = own(posts=INT, day=DATE)
    answer = asked(world, "posts < 0 - 1000", 'day > date("2090-01-01")', "today > day")
    assert answer.situation is not None
    assert answer.situation.values["posts"] < -1000


@pytest.mark.parametrize(
    ("domain", "rule", "possible"),
    [
        (Domain(FactType.INT, least=0), "x < 0", False),
        (Domain(FactType.INT, most=9), "x > 9", False),
        (Domain(FactType.INT, values=(1, 5)), "x > 1 and x < 5", False),
        (Domain(FactType.INT, missing=False), "x is None", False),
        (Domain(FactType.INT, recorded=False), "x > 0", False),
        (Domain(FactType.INT, recorded=False), "x is None", True),
        (Domain(FactType.BOOL, values=(True,)), "not x", False),
        (Domain(FactType.BOOL, values=(True,)), "x", True),
        (Domain(FactType.CHOICE, ("a", "b")), 'x != "a" and x != "b"', False),
        (Domain(FactType.TEXT, longest=2), 'x == "abc"', False),
        (Domain(FactType.TEXT, longest=2), 'x == "ab"', True),
        (Domain(FactType.TEXT), 'x != "a" and x != ""', True),
        (Domain(FactType.DATE), 'x < date("0001-01-01")', False),
        (Domain(FactType.INT), "x > 9223372036854775806", True),
        (Domain(FactType.INT), "x < 0 - 9223372036854775807", False),
    ],
)
def test_a_column_holds_only_what_it_may(domain: Domain, rule: str, possible: bool) -> None:
    answer = asked(own(x=domain), rule)
    assert answer.possible is possible
    assert answer.impossible is not possible


def test_who_has_no_parent_knows_nothing_of_one() -> None:
    columns = {"active": Domain(FactType.BOOL, missing=False), "budget": INT}
    world = World({SELF: Table({}), PARENT: Table(columns, optional=True)})
    assert asked(world, "parent.active is None", "parent.budget is None").possible
    assert asked(world, "parent.active is None", "parent.budget > 0").impossible


def family(**child: Domain) -> World:
    return World({SELF: Table({"posts": INT})}, {"ms": Table(child)})


SIZE = Domain(FactType.INT, least=1, most=10)


@pytest.mark.parametrize(
    ("rules", "possible"),
    [
        (["all(m.size > 3 for m in ms)", "any(m.size < 3 for m in ms)"], False),
        (["all(m.size > 3 for m in ms)", "count(m for m in ms) == 0"], True),
        (["count(m.size > 3 for m in ms) > count(m for m in ms)"], False),
        (["count(m.size > 3 for m in ms) == 2", "count(m.size < 6 for m in ms) == 2",
          "count(m for m in ms) == 3"], True),
        (["count(m for m in ms) == 700", "all(m.size == 1 for m in ms)"], True),
        (["sum(m.size for m in ms) < count(m for m in ms)"], False),
        (["sum(m.size for m in ms) > 10 * posts", "count(m for m in ms) == posts"], False),
        (["sum(m.size for m in ms) == 7", "count(m for m in ms) == 1"], True),
        (["sum(m.size for m in ms) == 5", "all(m.size > 1 for m in ms)"], True),
        (["sum(m.size for m in ms if m.size > 3) > sum(m.size for m in ms)"], False),
        (["any(m.size == 1 for m in ms)", "any(m.size == 2 for m in ms)",
          "any(m.size == 3 for m in ms)", "count(m for m in ms) < 3"], False),
    ],
)  # fmt: skip
def test_children_are_as_many_as_are_needed(rules: list[str], possible: bool) -> None:
    answer = asked(family(size=attrs.evolve(SIZE, missing=False)), *rules)
    assert answer.possible is possible
    assert answer.impossible is not possible


def test_a_sum_that_no_equal_children_make_up_is_no_claim() -> None:
    """Each of several children has a value of its own: what is found is one case, or nothing."""
    world = family(size=Domain(FactType.INT, values=(2,), missing=False))
    answer = asked(world, "sum(m.size for m in ms) == 5")
    assert answer.verdict is Verdict.UNKNOWN


@pytest.mark.parametrize(
    "rule",
    [
        "sum(m.size for m in ms) >= 0",
        "sum(m.size for m in ms if m.size is None) >= 0",
        "sum(1 for m in ms if m.size > 3) >= 0",
        "count(m.size > 3 for m in ms) >= 0",
    ],
)
def test_one_child_of_which_nothing_is_known_makes_a_number_unknown(rule: str) -> None:
    nothing_known = "any(m.size is None for m in ms)"
    assert asked(family(size=SIZE), rule, nothing_known).impossible
    assert asked(family(size=SIZE), rule, f"not {nothing_known}").possible
