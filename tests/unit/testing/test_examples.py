"""The ledgers beside a reform are examples of what it answers."""

from __future__ import annotations

import pytest

from reformflow.engine import Engine
from reformflow.formats import folder_of, load
from reformflow.testing.examples import Answered, examples
from reformflow.testing.histories import History, nearest_first

SHIPPED = ("putuo-2021-9", "uk-service-standard", "cisa-directives")


@pytest.mark.parametrize("name", SHIPPED)
def test_the_shipped_examples_are_answered_alike_twice_and_otherwise_by_a_changed_reform(
    name: str,
) -> None:
    reform = load(name)
    engine = Engine(reform)
    for example in examples(folder_of(name), engine.program.bound):
        assert list(example.unexpected(engine)) == []
    answered = Answered.by(engine, example.steps)
    assert len(answered.answers) == len(example.steps) > 20
    assert not answered.differs(Engine(reform))
    shorter = Answered(answered.steps[:-1], answered.answers[1:])
    assert shorter.differs(engine)


def test_a_reform_without_examples_has_none(tmp_path) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    engine = Engine(load("cisa-directives"))
    assert examples(tmp_path, engine.program.bound) == ()


def test_histories_about_what_was_changed_come_first() -> None:
    one, two, three = (History((), frozenset(some)) for some in ("ab", "bc", "cd"))
    assert nearest_first([one, two, three], frozenset("cd")) == [three, two, one]
