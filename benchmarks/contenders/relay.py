"""A relay of offices: tracks and facts whose combinations are many, for searching all of them.

Eight offices, each with a track of four states and five facts. An office opens when the one
before it in the ring has opened; checks when the one across the ring has opened too, and finds out
whether both have found the same; settles when its neighbours have checked.
"""

from reformflow.model import (
    And,
    Branch,
    Choice,
    Compare,
    Comparison,
    Document,
    Expression,
    Fact,
    FactType,
    Literal,
    Member,
    Name,
    Opening,
    Or,
    Reform,
    Role,
    Rule,
    State,
    Text,
    Track,
    Transition,
    Workflow,
)

WORKFLOW = "relay"
OFFICES = 8
STATES = ("waiting", "opened", "checked", "settled")
SORTS = ("plain", "mixed", "hard")
KINDS = ("urgent", "sort", "complete", "alike", "agreed")


def sorts(number: int) -> tuple[str, ...]:
    """Return what an office may find: every other one tells less apart."""
    return SORTS if number % 2 == 0 else ("plain", "hard")


def relay(offices: int = OFFICES) -> Reform:
    """Return the reform: one workflow, with a track and five facts for each office."""
    numbers = range(offices)
    flow = Workflow(
        WORKFLOW,
        tuple(map(_track, numbers)),
        tuple(move for number in numbers for move in _moves(number, offices)),
        # Facts of one kind stand together, far from the track that they belong to.
        tuple(_fact(kind, number) for kind in KINDS for number in numbers),
        tuple(rule for number in numbers for rule in _rules(number, offices)),
        Opening(by=("office",)),
    )
    return Reform(WORKFLOW, Document(Text("A relay of offices")), (flow,), roles=(Role("office"),))


# ---------------------------------------------------------------------------------------------


def _track(number: int) -> Track:
    states = tuple(State(state, final=state == STATES[-1]) for state in STATES)
    return Track(f"office_{number}", STATES[0], states)


def _fact(kind: str, number: int) -> Fact:
    if kind == "sort":
        choices = tuple(map(Choice, sorts(number)))
        return Fact(f"sort_{number}", FactType.CHOICE, choices=choices)
    return Fact(f"{kind}_{number}", FactType.BOOL)


def _in(number: int, *states: str) -> Expression:
    return Member(Name(f"office_{number}.state"), tuple(map(Literal, states)))


def _same(kind: str, number: int, other: int) -> Expression:
    return Compare(Comparison.EQ, Name(f"{kind}_{number}"), Name(f"{kind}_{other}"))


def _is(name: str, value: object) -> Expression:
    return Compare(Comparison.EQ, Name(name), Literal(value))


def _rules(number: int, offices: int) -> list[Rule]:
    before, after = (number - 1) % offices, (number + 1) % offices
    far = (number + offices // 2) % offices
    checked_before = (_in(before, *STATES[2:]),) if number else ()
    return [
        Rule(f"follows_{number}", _in(before, *STATES[1:])),
        Rule(
            f"in_turn_{number}",
            And(
                (
                    *checked_before,
                    Or((_same("urgent", number, before), Name(f"urgent_{far}"))),
                    _in(far, *STATES[1:]),
                )
            ),
        ),
        Rule(
            f"neighbours_{number}",
            And(
                (
                    _in(before, *STATES[2:]),
                    _in(after, *STATES[2:]),
                    Or((Name(f"complete_{before}"), Name(f"alike_{after}"))),
                    Or((_in(far, "checked"), Name(f"agreed_{far}"), Name(f"complete_{far}"))),
                )
            ),
        ),
    ]


def _moves(number: int, offices: int) -> list[Transition]:
    track, by = f"office_{number}", ("office",)
    across = (number + offices // 2) % offices
    needs_open = (f"follows_{number}",) if number else ()
    complete = Compare(Comparison.NE, Name(f"sort_{number}"), Literal("hard"))
    return [
        Transition(
            f"open_{number}",
            track,
            ("waiting",),
            (Branch("opened"),),
            by,
            needs=needs_open,
            records=(f"urgent_{number}",),
        ),
        Transition(
            f"check_{number}",
            track,
            ("opened",),
            (Branch("checked"),),
            by,
            needs=(f"in_turn_{number}",),
            records=(f"sort_{number}",),
            sets=(
                (f"complete_{number}", complete),
                (f"alike_{number}", _same("urgent", number, across)),
            ),
        ),
        Transition(
            f"settle_{number}",
            track,
            ("checked",),
            (Branch("settled"),),
            by,
            needs=(f"neighbours_{number}",),
            sets=((f"agreed_{number}", Or((Name(f"alike_{number}"), Name(f"urgent_{number}")))),),
        ),
    ]
