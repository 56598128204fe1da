"""I7: the dearest rules that are accepted cost little; none of them reads, imports or loops.

What no rule can reach is proven by `tests/unit/language/test_generated_code.py` under an audit
hook. Here are rules as long, as deep and as wide as the limits allow.
"""

from __future__ import annotations

import time
import tracemalloc

import pytest

from reformflow.language import ExpressionError, parse
from reformflow.language.compile import compile_rules
from reformflow.language.meaning import evaluate
from reformflow.model import Expression
from support.expressions import Row, rows

LENGTH = 2000
MEMORY = 16 * 2**20
MANY = 2000


def filled(piece: str, joint: str, around: tuple[str, str] = ("", "")) -> str:
    """Repeat a piece for as long as the text is accepted."""
    for times in range(LENGTH // (len(piece) + len(joint)), 0, -1):
        text = around[0] + joint.join([piece] * times) + around[1]
        if accepted(text):
            return text
    raise AssertionError(piece)


def nested(before: str, after: str, core: str) -> str:
    """Nest as deep as is accepted."""
    for times in range(LENGTH // len(before + after), 0, -1):
        text = before * times + core + after * times
        if accepted(text):
            return text
    raise AssertionError(before)


def accepted(text: str) -> bool:
    try:
        parse(text)
    except ExpressionError:
        return False
    return True


DEAREST = {
    "long": lambda: filled("posts < units", " and "),
    "either": lambda: filled("posts<1", " or "),
    "deep": lambda: nested("not (", ")", "flag"),
    "truths": lambda: nested("(", " == ready) == (flag)", "flag"),
    "sum": lambda: filled("posts", " + ", ("", " > 9223372036854775807")),
    "members": lambda: filled("9223372036854775807", ", ", ("posts in {", "}")),
    "children": lambda: filled("all(m.size < posts for m in matters if m.in_scope)", " and "),
    "counts": lambda: filled("count(m for m in matters if m.size<posts)<3", " or "),
}


def family() -> Row:
    """Return a case with very many children."""
    row = next(row for row in rows(3, 50) if row.children)
    return Row(row.own, row.parent, row.children[:1] * MANY, row.today)


@pytest.mark.parametrize("kind", DEAREST)
def test_the_dearest_rules_need_little_memory(kind: str) -> None:
    """Read, compiled and asked about a case with 2,000 children; the time is only told."""
    text, row = DEAREST[kind](), family()
    tracemalloc.start()
    try:
        begun = time.perf_counter()
        rule = parse(text)
        read = time.perf_counter() - begun
        decided = decide(rule, row)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    sizes = f"{len(text)} characters, {read * 1000:.1f} ms to read, {decided * 1000:.1f} to decide"
    print(f"{kind}: {sizes}, {peak / 2**20:.2f} MiB at most")  # noqa: T201 - for `make soak`
    assert peak < MEMORY


def decide(rule: Expression, row: Row) -> float:
    """Decide a rule in both ways; returns the seconds that the compiled one took."""
    test = compile_rules([rule])[0]
    parts = (row.own, row.parent, row.today, lambda _: row.children)
    begun = time.perf_counter()
    answer = test.true(*parts), test.false(*parts)
    taken = time.perf_counter() - begun
    value = evaluate(rule, row.view())
    assert answer == (value is True, value is False)
    return taken
