"""A refusal about a date or a reason says a thing once, also if the definition gives no words."""

from __future__ import annotations

import pytest

from reformflow.model import Code
from reformflow.words.refusals import refusal_words
from support.building import Play, only

FLOW = """
transitions:
  send:
    from: draft
    to: sent
    by: office
    due: {{on: 2021-03-10, late: {late}{says}}}
  drop: {{from: draft, to: done, by: office, reason: true}}
"""


def said(transition: str, code: Code, late: str = "refuse", says: str = "") -> tuple[str, str]:
    play = Play(case=FLOW.format(late=late, says=says))
    assert play.open().granted
    refusal = only(play.fire(transition, on="03-11"), code)
    bound = play.engine.program.bound
    english, chinese = (
        refusal_words(bound.workflows["case"], bound, refusal, lang).refused
        for lang in ("en", "zh")
    )
    return english, chinese


@pytest.mark.parametrize(("late", "code"), [("refuse", Code.LATE), ("reason", Code.REASON_MISSING)])
def test_the_date_is_named_once(late: str, code: Code) -> None:
    english, chinese = said("send", code, late)
    assert english.count("10 March 2021") + english.count("2021-03-10") == 1, english
    assert chinese.count("2021年3月10日") == 1, chinese


def test_the_definitions_own_words_stand_beside_the_date() -> None:
    words = ", says: {en: by the tenth of March, zh: 三月十日前}"
    english, chinese = said("send", Code.LATE, says=words)
    assert english.startswith("It is too late for “send”: by the tenth of March (")
    assert "三月十日前（" in chinese


def test_an_act_that_always_needs_a_reason_names_no_more_than_itself() -> None:
    assert said("drop", Code.REASON_MISSING) == (
        "“drop” needs a stated reason.",
        "办理“drop”须说明理由。",
    )
