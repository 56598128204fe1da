"""Every act in its own words is one request."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from reformflow.casework.acts import Acts
from reformflow.model import (
    Act,
    Actor,
    Correct,
    Decision,
    Extend,
    Fire,
    Open,
    Record,
    Request,
    Resume,
    Sign,
    Suspend,
)

ANN = Actor.holding("ann", "clerk")
ON = date(2021, 3, 1)
NOW = datetime(2021, 3, 1, 9, tzinfo=UTC)


class Listening(Acts):
    """Keeps what it is asked."""

    _clock = staticmethod(lambda: NOW)

    def __init__(self) -> None:
        self.asked: list[Request] = []

    def do(self, request: Request) -> Decision:
        self.asked.append(request)
        return Decision(request.case)


CASES: list[tuple[str, tuple[Any, ...], dict[str, Any], Act]] = [
    ("open", ("c", "w"), {}, Open("w")),
    (
        "open",
        ("c", "w"),
        {"unit": "u", "subject": "s", "parent": "p", "facts": {"a": 1}},
        Open("w", "u", "s", "p", {"a": 1}),
    ),
    ("record", ("c", {"a": 1}), {"reason": "r"}, Record({"a": 1})),
    ("fire", ("c", "t"), {}, Fire("t")),
    ("fire", ("c", "t"), {"facts": {"a": None}, "reason": "r"}, Fire("t", {"a": None})),
    ("sign", ("c", "t"), {}, Sign("t")),
    ("extend", ("c", "t", ON), {"reason": "r"}, Extend("t", ON)),
    ("suspend", ("c", "t"), {"reason": "r"}, Suspend("t")),
    ("resume", ("c", "t"), {"reason": "r"}, Resume("t")),
    ("correct", ("c", 3), {"void": True, "reason": "r"}, Correct(3, void=True)),
    ("correct", ("c", 3), {"facts": {"a": 1}, "reason": "r"}, Correct(3, {"a": 1})),
]


@pytest.mark.parametrize(("name", "given", "more", "act"), CASES)
def test_an_act_is_the_request_that_says_the_same(
    name: str, given: tuple[Any, ...], more: dict[str, Any], act: Act
) -> None:
    acts = Listening()
    getattr(acts, name)(*given, actor=ANN, on=ON, key="k", **more)
    assert acts.asked == [Request("c", act, ANN, ON, more.get("reason"), NOW, "k")]
