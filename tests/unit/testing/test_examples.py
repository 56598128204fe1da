"""The ledgers beside a reform are examples of what it answers."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import attrs
import pytest

from reformflow.engine import Engine
from reformflow.formats import folder_of, load
from reformflow.sheets import Tick
from reformflow.testing.examples import Example, answers, examples
from reformflow.testing.histories import History, nearest_first

SHIPPED = ("putuo-2021-9", "uk-service-standard", "cisa-directives")


@pytest.mark.parametrize("name", SHIPPED)
def test_the_shipped_examples_come_out_as_their_notes_say(name: str) -> None:
    reform = load(name)
    for example in examples(folder_of(name), reform):
        assert len(example.steps) > 20
        assert list(example.unexpected(reform)) == []


def test_a_note_that_expects_something_else_is_told_with_its_place() -> None:
    reform = load("putuo-2021-9")
    example = next(one for one in examples(folder_of(reform.id), reform) if not one.choices)
    number = next(n for n, note in enumerate(example.notes) if "expect: refused" in note)
    notes = list(example.notes)
    notes[number] = ""
    (told,) = attrs.evolve(example, notes=tuple(notes)).unexpected(reform)
    assert told.startswith(f"{example.places[number]}: refused, not granted: ")


def test_an_example_under_another_option_is_written_and_read_again(tmp_path: Path) -> None:
    reform = load("putuo-2021-9")
    known = examples(folder_of(reform.id), reform)[0]
    some = attrs.evolve(
        known, steps=known.steps[:10], notes=known.notes[:10], choices=(("seal", "two_seals"),)
    )
    some.write(tmp_path / "examples" / "seal")
    (read,) = examples(tmp_path, reform)
    assert (read.choices, len(read.steps)) == ((("seal", "two_seals"),), 10)


def test_families_of_an_example_are_told_apart_and_answer_alone() -> None:
    reform = load("putuo-2021-9")
    wholes = [one for one in _shipped() if len(one.parts()) > 1]
    assert len(wholes) >= 3
    for whole in wholes:
        parts = [part.steps for part in whole.parts()]
        cases = [{step.case for step in steps} for steps in parts]
        assert sum(map(len, cases)) == len(set().union(*cases))
        engine = Engine(reform.choosing(**dict(whole.choices)))
        told = dict(zip(map(id, whole.steps), answers(engine, whole.steps), strict=True))
        for steps in parts:
            assert list(answers(engine, steps)) == [told[id(step)] for step in steps]


def test_where_time_passes_for_all_families_at_once_they_are_one_part() -> None:
    whole = next(one for one in _shipped() if len(one.parts()) > 1)
    (part,) = attrs.evolve(whole, steps=(*whole.steps, Tick(date(2021, 7, 1)))).parts()
    assert part.steps[:-1] == whole.steps


def test_a_reform_without_examples_has_none(tmp_path: Path) -> None:
    assert examples(tmp_path, load("cisa-directives")) == ()


def test_histories_about_what_was_changed_come_first() -> None:
    one, two, three = (History((), frozenset(some)) for some in ("ab", "bc", "cd"))
    assert nearest_first([one, two, three], frozenset("cd")) == [2, 1, 0]
    assert Example(()).steps == ()


def _shipped() -> tuple[Example, ...]:
    reform = load("putuo-2021-9")
    return examples(folder_of(reform.id), reform)
