"""Small workflows of states, yes-or-no facts and choices drawn by lot, and all their states.

`states_of` tries every act on every case with the real engine: what the search of a definition
has to find, no more and no less.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from random import Random

from reformflow.binding import BoundReform, BoundWorkflow
from reformflow.engine import Docket, Engine
from reformflow.model import (
    Act,
    Actor,
    And,
    Branch,
    Choice,
    Compare,
    Comparison,
    Document,
    Expression,
    Fact,
    FactType,
    Fire,
    Literal,
    Member,
    Name,
    Not,
    Open,
    Opening,
    Or,
    Record,
    Recorded,
    Reform,
    Request,
    Role,
    Rule,
    State,
    Text,
    Track,
    Transition,
    Value,
    Workflow,
)
from support.building import day

ACTOR = Actor.holding("ann", "office")
COLOURS = ("red", "green")
STATES = ("a", "b", "c")
TRACKS = ("one", "two")
FACTS = {"sure": FactType.BOOL, "paid": FactType.BOOL, "colour": FactType.CHOICE}


def drawn(rng: Random) -> Reform:
    """Draw a reform of one workflow `w`: two tracks, three facts, a few transitions."""
    rules: list[Rule] = []
    moves = tuple(_transition(rng, number, rules) for number in range(6))
    opening = Opening(
        by=("office",),
        records=tuple(name for name in FACTS if rng.random() < 0.15),
        may_record=tuple(name for name in FACTS if rng.random() < 0.15),
    )
    tracks = tuple(Track(id, "a", tuple(map(State, STATES))) for id in TRACKS)  # noqa: A001
    facts = tuple(_fact(rng, name) for name in FACTS)
    flow = Workflow("w", tracks, moves, facts, tuple(rules), opening)
    document = Document(Text("Drawn"), issued_on=day("2021-01-01"))
    return Reform("drawn", document, (flow,), roles=(Role("office"),))


def states_of(bound: BoundReform, columns: Sequence[str]) -> set[tuple[Value, ...]]:
    """Return what some columns hold in every state that a case can come to on one day."""
    engine, flow = Engine(bound), bound.workflows["w"]
    found: set[tuple[Value, ...]] = set()
    waiting = [Docket()]
    while waiting:
        docket = waiting.pop()
        for act in _acts(flow, opened=docket.exists("c")):
            decision = engine.fire(docket, Request("c", act, ACTOR, day("2021-03-01")))
            values = dict(docket.case("c").values if docket.exists("c") else flow.initial)
            before = len(found)
            for entry in decision.entries:
                values |= entry.changes
                before = len(found)
                found.add(tuple(values[column] for column in columns))
            if len(found) > before:
                after = Docket(base=docket)
                after.take(decision)
                waiting.append(after)
    return found


# ---------------------------------------------------------------------------------------------


def _acts(flow: BoundWorkflow, *, opened: bool) -> Iterator[Act]:
    opening = flow.workflow.opening
    if not opened:
        for facts in _given(flow, (*opening.records, *opening.may_record)):
            yield Open("w", facts=facts)
        return
    for item in flow.transitions.values():
        raw = item.transition
        if not raw.automatic:
            for facts in _given(flow, (*raw.records, *raw.may_record)):
                yield Fire(item.id, facts)
    for facts in _given(flow, flow.facts):
        if facts:
            yield Record(facts)


def _given(flow: BoundWorkflow, names: Iterable[str]) -> Iterator[dict[str, Value]]:
    """Yield every way of giving values to some of the facts."""
    listed = list(dict.fromkeys(names))
    ways = [(None, *values_of(flow.facts[name])) for name in listed]
    for recorded in product((True, False), repeat=len(listed)):
        some = [
            pair
            for pair, given in zip(zip(listed, ways, strict=True), recorded, strict=True)
            if given
        ]
        for values in product(*(way for _, way in some)):
            yield dict(zip((name for name, _ in some), values, strict=True))


def values_of(fact: Fact) -> tuple[Value, ...]:
    """Return all values that a fact can have."""
    return (True, False) if fact.type is FactType.BOOL else COLOURS


def _fact(rng: Random, name: str) -> Fact:
    kind = FACTS[name]
    initial = False if kind is FactType.BOOL else "red"
    return Fact(
        name,
        kind,
        by=("office",) if rng.random() < 0.5 else (),
        choices=tuple(map(Choice, COLOURS)) if kind is FactType.CHOICE else (),
        initial=initial if rng.random() < 0.3 else None,
        once=rng.random() < 0.3,
        during=_condition(rng) if rng.random() < 0.5 else None,
    )


def _transition(rng: Random, number: int, rules: list[Rule]) -> Transition:
    track = rng.choice(TRACKS)
    needs = []
    for _ in range(rng.choice((0, 1, 1, 2))):
        rules.append(Rule(f"r{len(rules)}", _condition(rng)))
        needs.append(rules[-1].id)
    automatic = rng.random() < 0.3
    # Automatic ones only lead on, so that binding finds no cycle of them.
    source = rng.choice(STATES[:2])
    further = STATES[STATES.index(source) + 1 :] if automatic else STATES
    to = [Branch(rng.choice(further), _condition(rng))] if rng.random() < 0.3 else []
    to += [Branch(rng.choice(further))] if automatic or to or rng.random() < 0.9 else []
    set_fact = rng.choice(list(FACTS))
    return Transition(
        f"t{number}",
        track,
        (source,),
        tuple(to),
        by=() if automatic else ("office",),
        needs=tuple(needs),
        records=() if automatic else tuple(n for n in FACTS if rng.random() < 0.15),
        may_record=() if automatic else tuple(n for n in FACTS if rng.random() < 0.15),
        sets=((set_fact, _value(rng, set_fact)),) if rng.random() < 0.4 else (),
        automatic=automatic,
    )


def _value(rng: Random, fact: str) -> Expression:
    if FACTS[fact] is FactType.CHOICE:
        return rng.choice((Literal("red"), Literal("green"), Name(fact)))
    return rng.choice((Literal(value=True), Literal(value=False), _condition(rng)))


def _condition(rng: Random, depth: int = 2) -> Expression:
    if depth and rng.random() < 0.5:
        parts = (_condition(rng, depth - 1), _condition(rng, depth - 1))
        return rng.choice((And(parts), Or(parts), Not(parts[0])))
    equal = rng.choice((Comparison.EQ, Comparison.NE))
    state = Name(f"{rng.choice(TRACKS)}.state")
    colour = Name("colour")
    return rng.choice(
        (
            Name("sure"),
            Name("paid"),
            Compare(equal, Name("sure"), Name("paid")),
            Compare(equal, colour, Literal(rng.choice(COLOURS))),
            Recorded(Name(rng.choice(list(FACTS))), negated=rng.random() < 0.5),
            Compare(equal, state, Literal(rng.choice(STATES))),
            Member(state, (Literal("a"), Literal("c")), negated=rng.random() < 0.5),
            Compare(equal, Name("one.state"), Name("two.state")),
        )
    )
