"""The reference evaluator, folding and the generated code mean the same; Kleene's laws hold."""

from __future__ import annotations

import random
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reformflow.language import parse
from reformflow.language.compile import Compiled, compile_rules
from reformflow.language.folding import fold
from reformflow.language.meaning import evaluate
from reformflow.language.reading import walk
from reformflow.model import And, Compare, Comparison, Expression, Literal, Not, Or, Recorded
from support.expressions import Row, row, rows, truths

ROWS = 50  # of each expression: 200 expressions in the profile `ci` make 10,000 pairs
seeds = st.integers(0, 2**32)


def value(expression: Expression, at: Row) -> object:
    return evaluate(expression, at.view())


def rails(test: Compiled, at: Row) -> tuple[bool, bool]:
    parts = (at.own, at.parent, at.today, lambda _: at.children)
    return test.true(*parts), test.false(*parts)


@given(truths(), seeds)
def test_generated_code_says_what_the_evaluator_says(expression: Expression, seed: int) -> None:
    test = compile_rules([expression])[0]
    for at in rows(seed, ROWS):
        answer = value(expression, at)
        assert rails(test, at) == (answer is True, answer is False), at


@given(st.lists(truths(2), min_size=2, max_size=5), seeds)
def test_rules_compiled_together_do_not_disturb_each_other(
    expressions: list[Expression], seed: int
) -> None:
    tests = compile_rules(expressions)
    for at in rows(seed, 5):
        for expression, test in zip(expressions, tests, strict=True):
            answer = value(expression, at)
            assert rails(test, at) == (answer is True, answer is False)


@given(truths(), seeds)
def test_folding_constants_keeps_the_meaning(expression: Expression, seed: int) -> None:
    folded = fold(expression)
    for at in rows(seed, ROWS):
        assert value(folded, at) is value(expression, at)


@given(truths())
def test_folding_is_done_after_one_time(expression: Expression) -> None:
    assert fold(fold(expression)) == fold(expression)


def test_folding_has_something_to_fold() -> None:
    """A fault that leaves everything as it is would pass the two tests above."""
    folded = {
        "1 + 2 * 3 == 7": "True",
        "a and 1 == 2": "False",
        "a or 1 == 1": "True",
        "a and 1 == 1": "a",
        "not 1 == 1": "False",
        '"a" in {"b"}': "False",
        "all(1 == 1 for m in ms if m.x)": "True",
        "a + (1 + 2) > 3": "a + 3 > 3",
    }
    for text, short in folded.items():
        assert fold(parse(text)) == parse(short)


@given(truths(2), truths(2), seeds)
def test_de_morgan_and_double_negation_hold_with_unknowns(
    left: Expression, right: Expression, seed: int
) -> None:
    pairs = [
        (Not(And((left, right))), Or((Not(left), Not(right)))),
        (Not(Or((left, right))), And((Not(left), Not(right)))),
        (Not(Not(left)), left),
        (And((left, right)), And((right, left))),
        (Or((left, right)), Or((right, left))),
        (And((left, Or((left, right)))), left),
        (Or((left, And((left, right)))), left),
    ]
    for at in rows(seed, 10):
        for one, other in pairs:
            assert value(one, at) is value(other, at)


@given(truths(), seeds)
def test_recording_what_is_missing_never_turns_an_answer_round(
    expression: Expression, seed: int
) -> None:
    """Fail closed for good reason: only rules that ask `is None` may change their mind."""
    if any(isinstance(node, Recorded) for node in walk(expression)):
        return
    rng = random.Random(seed)
    for _ in range(20):
        known = row(rng, unknown=0.0)
        partly = attrs.evolve(
            known,
            own=_forget(rng, known.own),
            parent=_forget(rng, known.parent) if known.parent else known.parent,
            children=tuple(_forget(rng, child) for child in known.children),
        )
        before = value(expression, partly)
        if before is not None:
            assert value(expression, known) is before


def _forget(rng: random.Random, columns: Any) -> dict:
    return {name: None if rng.random() < 0.4 else item for name, item in columns.items()}


def test_a_rule_that_asks_whether_something_is_recorded_does_change_its_mind() -> None:
    expression = parse("flag is None")
    at = row(random.Random(1), unknown=1.0)
    assert value(expression, at) is True
    assert value(expression, attrs.evolve(at, own={**at.own, "flag": True})) is False


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("all(m.in_scope for m in matters)", True),
        ("any(m.in_scope for m in matters)", False),
        ("count(m for m in matters) == 0", True),
    ],
)
def test_without_children_all_holds_and_none_is_counted(text: str, expected: Any) -> None:
    at = attrs.evolve(row(random.Random(2)), children=())
    assert value(parse(text), at) is expected
    assert rails(compile_rules([parse(text)])[0], at) == (expected, not expected)


@pytest.mark.parametrize(
    ("text", "children", "expected"),
    [
        ("all(m.in_scope for m in matters)", [True, None], None),
        ("all(m.in_scope for m in matters)", [False, None], False),
        ("any(m.in_scope for m in matters)", [True, None], True),
        ("any(m.in_scope for m in matters)", [False, None], None),
        ("count(m for m in matters if m.in_scope) == 1", [True, None], None),
        ("count(m for m in matters if m.in_scope) == 1", [True, False], True),
        ("all(m.size > 0 for m in matters if m.in_scope)", [None], None),
    ],
)
def test_an_unknown_child_counts_as_kleene_says(
    text: str, children: list[bool | None], expected: Any
) -> None:
    base = row(random.Random(3))
    kids = tuple({"in_scope": item, "size": -1} for item in children)
    at = attrs.evolve(base, children=kids)
    assert value(parse(text), at) is expected
    true, false = rails(compile_rules([parse(text)])[0], at)
    assert (true, false) == (expected is True, expected is False)


@given(truths(1), truths(1), seeds)
def test_truths_compare_like_values(left: Expression, right: Expression, seed: int) -> None:
    same = Compare(Comparison.EQ, left, right)
    for at in rows(seed, 10):
        one, other = value(left, at), value(right, at)
        expected = None if one is None or other is None else one == other
        assert value(same, at) is expected


def test_a_case_without_a_parent_knows_nothing_of_one() -> None:
    at = attrs.evolve(row(random.Random(4)), parent={})
    expression = And((Literal(True), parse("flag is None or flag is not None")))
    assert value(expression, at) is True
