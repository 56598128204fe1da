"""The job of ``store.py``: send a permit that is in the database, durably.

A permit has two facts and three states. `send` may be fired by a clerk from `draft` when at most
ten posts are asked for and the fee is paid, not before the last entry. Sending means: read the
case, decide, change its row only if nobody else did, add a row to its history, commit.
"""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime

from attrs import frozen

from reformflow.language import parse
from reformflow.model import (
    Actor,
    Branch,
    Document,
    Fact,
    FactType,
    Opening,
    Reform,
    Role,
    Rule,
    State,
    Text,
    Track,
    Transition,
    Workflow,
)

LIMIT = "hand-written SQL"
LOADING = "the same job by hand"
OURS = "reformflow"
ORM = "SQLAlchemy ORM"
DJANGO = "django-fsm-2"
SPIFF = "SpiffWorkflow"
SPIFF_CORE = "SpiffWorkflow, core serializer"

CLERK = Actor.holding("clerk", "clerk")
OPENED = date(2021, 1, 4)
DAY = date(2021, 2, 1)
MOST_POSTS = 10
POSTS = 3
DEFINITION = "sha256:" + "0" * 64
CHANGES = {
    "progress.state": "sent",
    "progress.since": DAY.isoformat(),
    "progress.last": DAY.isoformat(),
}


@frozen
class Durable:
    """How one contender is driven: its cases are opened already, ``send`` fires one of them.

    ``seen`` tells the state of a case and how many entries its history has; ``back`` takes back
    what was sent, where a case shall get a past.
    """

    name: str
    send: Callable[[str], None]
    seen: Callable[[str], tuple[str, int]]
    close: Callable[[], None]
    back: Callable[[str], None] | None = None


def ids(count: int) -> list[str]:
    """Name the cases."""
    return [f"permit-{number:06d}" for number in range(count)]


def reform() -> Reform:
    """Write the permit as a definition."""
    states = tuple(State(name) for name in ("draft", "sent", "granted"))
    send = Transition(
        "send", "progress", ("draft",), (Branch("sent"),), by=("clerk",), needs=("few", "settled")
    )
    grant = Transition("grant", "progress", ("sent",), (Branch("granted"),), by=("chief",))
    back = Transition("take_back", "progress", ("sent",), (Branch("draft"),), by=("clerk",))
    workflow = Workflow(
        "permit",
        (Track("progress", "draft", states),),
        (send, grant, back),
        facts=(Fact("posts", FactType.INT), Fact("paid", FactType.BOOL)),
        rules=(Rule("few", parse(f"posts <= {MOST_POSTS}")), Rule("settled", parse("paid"))),
        opening=Opening(by=("clerk",), may_record=("posts", "paid")),
    )
    roles = (Role("clerk"), Role("chief"))
    return Reform("permits", Document(Text("permits")), (workflow,), roles=roles)


def now() -> datetime:
    """Tell when an entry is made."""
    return datetime.now(UTC)


def changes() -> str:
    """Write what an entry changes, as JSON: each contender pays for it."""
    return json.dumps(CHANGES, ensure_ascii=False)


class Refused(Exception):
    """The guard did not hold."""
