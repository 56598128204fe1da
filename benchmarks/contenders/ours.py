"""reformflow: live cases, and its machine on top of `transitions` where a callback listens.

- Live cases are the engine's own way of holding cases in memory; `fire` takes the actor too, whose
  role is checked at every call, which no other contender here does.
- The guard is three rules, so that a refusal names each of them that failed.
"""

from collections.abc import Callable, Sequence
from datetime import date

from contenders import OURS, Calls, Contender, Walk
from contenders.lifecycle import INITIAL, STATES, STEPS, Entry, Facts, Listener, Step, states_of
from reformflow.engine import Docket, Engine
from reformflow.engine.live import LiveCase
from reformflow.language import parse
from reformflow.model import (
    Actor,
    Branch,
    Document,
    Fact,
    FactType,
    Open,
    Opening,
    Reform,
    Request,
    Role,
    Rule,
    State,
    Text,
    Track,
    Transition,
    Workflow,
)

ACTOR = Actor.holding("clerk", "office")


def rules(step: Step) -> tuple[Rule, ...]:
    """Write the guard of ``step`` as three rules."""
    return (
        Rule(f"{step.trigger}_in_time", parse(f'today <= date("{step.due}")')),
        Rule(f"{step.trigger}_first", parse(step.first)),
        Rule(f"{step.trigger}_second", parse(step.second)),
    )


def transition(step: Step) -> Transition:
    """Write ``step`` as a transition that needs its three rules."""
    needs = tuple(rule.id for rule in rules(step))
    return Transition(
        step.trigger,
        "progress",
        (step.source,),
        (Branch(step.target),),
        by=("office",),
        needs=needs,
    )


def engine() -> Engine:
    """Build the engine of the lifecycle."""
    names = tuple(fact for step in STEPS for fact in (step.first, step.second))
    workflow = Workflow(
        "lifecycle",
        (Track("progress", INITIAL, tuple(State(name) for name in STATES)),),
        tuple(transition(step) for step in STEPS),
        facts=tuple(Fact(name, FactType.BOOL, by=("office",)) for name in names),
        rules=tuple(rule for step in STEPS for rule in rules(step)),
        opening=Opening(by=("office",), may_record=names),
    )
    return Engine(Reform("line", Document(Text("line")), (workflow,), roles=(Role("office"),)))


def opener(built: Engine, adopt: Callable[..., LiveCase]) -> Callable[[Facts], LiveCase]:
    """Make the function that opens a live case from a case value with the same facts."""
    values = {}

    def opened(facts: Facts) -> LiveCase:
        key = tuple(sorted(facts.items()))
        if key not in values:
            request = Request("case", Open("lifecycle", facts=dict(facts)), ACTOR, date(2021, 1, 1))
            values[key] = Docket([built.fire(Docket(), request)]).case("case")
        return adopt(values[key])

    return opened


def history(case: LiveCase) -> Sequence[Entry]:
    """Tell the history of a live case as the other contenders do."""
    fired = [(entry.name, str(entry.changes["progress.state"]), entry.on) for entry in case.history]
    sources = states_of([("", "", target, on) for _, target, on in fired])
    rows = zip(fired, sources, strict=False)
    return [(name, source, target, on) for (name, target, on), source in rows]


def contender() -> Contender[LiveCase]:
    """Return reformflow's live cases."""
    built = engine()
    live = built.live("lifecycle")
    fire = live.fire

    def walk(cases: Sequence[LiveCase], calls: Calls) -> None:
        for case in cases:
            for trigger, on in calls:
                fire(case, trigger, ACTOR, on)

    def refuse(cases: Sequence[LiveCase], trigger: str, on: date) -> None:
        for case in cases:
            fire(case, trigger, ACTOR, on)

    def observed(listener: Listener) -> Walk[LiveCase]:
        machine = built.machine("lifecycle", after_state_change=[listener])
        # The live cases of one engine share their layout, whichever machine drives them.
        events = machine.events

        def walk_observed(cases: Sequence[LiveCase], calls: Calls) -> None:
            for case in cases:
                for trigger, on in calls:
                    events[trigger].trigger(case, ACTOR, on)

        return walk_observed

    return Contender(
        name=OURS,
        open=opener(built, live.adopt),
        walk=walk,
        state=lambda case: str(case["progress.state"]),
        history=history,
        refuse=refuse,
        observed=observed,
        reasons=lambda case, trigger, on: fire(case, trigger, ACTOR, on).failed,
    )
