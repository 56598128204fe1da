"""Definitions made up by lot hold up, can be written as files, and have everything in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from hypothesis import given, settings
from hypothesis import strategies as st

from reformflow.binding import bind
from reformflow.engine import Engine
from reformflow.errors import CalendarError
from reformflow.formats.writing import to_yaml
from reformflow.model import Kind, Literal, Workflow
from reformflow.testing import Walk
from reformflow.testing.drawing import Lot
from reformflow.testing.inventing import reform

seeds = st.integers(0, 2**32)


@settings(max_examples=60)
@given(seed=seeds)
def test_a_reform_made_up_holds_up_and_has_a_written_form(seed: int) -> None:
    made = reform(Lot.seeded(seed))
    bind(made)
    assert to_yaml(made)


def test_no_lot_makes_the_simplest_reform() -> None:
    (flow,) = reform(Lot(b"")).workflows
    assert [step.id for step in flow.transitions] == ["progress_1"]
    assert not flow.rules


def test_the_same_lot_makes_the_same_reform() -> None:
    assert reform(Lot.seeded(8)) == reform(Lot.seeded(8)) != reform(Lot.seeded(9))


def parts(flow: Workflow) -> Iterator[str]:
    for step in flow.transitions:
        yield from (name for name in dir(step) if not name.startswith("_") and getattr(step, name))
        yield from ("extension",) * (step.due is not None and step.due.extension is not None)
        yield from ("several ways",) * (len(step.to) > 1)
        yield from ("policy",) * (step.due is not None and not isinstance(step.due.late, str))
    yield from (f"derived {fact.type}" for fact in flow.facts if fact.derived is not None)
    yield from ("during" for fact in flow.facts if fact.during is not None)
    yield from ("once" for fact in flow.facts if fact.once)
    yield from (type(rule.requires).__name__ for rule in flow.rules)
    yield from ("opening rule" for _ in flow.opening.needs)
    yield from ("relation" for _ in flow.children)
    yield from ("duty" for _ in flow.duties)
    yield from (f"{len(flow.tracks)} tracks",)


def test_everything_that_a_definition_can_have_is_made_up() -> None:
    found = Counter(
        part
        for seed in range(80)
        for flow in reform(Lot.seeded(seed)).workflows
        for part in parts(flow)
    )
    wanted = (
        "by signed_by not_by needs due window records may_record sets automatic at after_due "
        "reason extension policy during once relation duty Compare Aggregate And Or Not Member "
        "Recorded Name"
    )
    wanted_too = ("several ways", "derived date", "derived bool", "opening rule", "2 tracks")
    assert [name for name in (*wanted.split(), *wanted_too) if found[name] < 3] == []
    assert not found[Literal.__name__]


@settings(max_examples=30)
@given(seed=seeds)
def test_cases_of_them_can_live(seed: int) -> None:
    engine = Engine(reform(Lot.seeded(seed)))
    for _ in _played(Walk(engine, seed)):
        pass


def test_they_come_far() -> None:
    """Reforms in which nothing is ever granted would try nothing."""
    kinds: Counter[str] = Counter()
    for seed in range(40):
        walk = Walk(Engine(reform(Lot.seeded(seed))), seed)
        for decision in _played(walk):
            kinds.update(entry.kind for entry in decision.entries)
    assert kinds.keys() == set(Kind) - {Kind.MIGRATED}
    assert kinds[Kind.FIRED] > 120


def _played(walk: Walk) -> Iterator:
    try:
        for _, decision in walk.play(60):
            yield decision
    except CalendarError:
        return
