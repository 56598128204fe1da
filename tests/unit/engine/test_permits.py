"""How often and how far a deadline may be extended."""

from __future__ import annotations

from reformflow.model import Code, Refusal
from reformflow.words.refusals import refusal_sentence
from support.building import Play, day, faults_of, only

FLOW = """
transitions:
  send: {from: draft, to: sent, by: office}
  decide:
    from: sent
    to: done
    by: office
    due:
      working_days: 5
      after: send
      extension: {by: treasury, times: 1, at_most: {working_days: 3}, clauses: [R2]}
      clauses: [R1]
corrected_by: office
"""


def sent() -> Play:
    play = Play(case=FLOW)
    assert play.open("03-01").granted
    assert play.fire("send", on="03-01").granted  # a Monday: due on Monday 8 March
    assert play["decide.due"] == day("03-08")
    return play


def said(play: Play, refusal: Refusal, lang: str) -> str:
    bound = play.engine.program.bound
    return refusal_sentence(bound.workflows["case"], bound, refusal, lang)


def test_an_extension_is_granted_up_to_its_longest_step() -> None:
    play = sent()
    refusal = only(play.extend("decide", "03-12", "treasury"), Code.TOO_LONG)
    assert refusal.clauses == ("R2",)
    assert "11 March 2021" in said(play, refusal, "en") or "2021-03-11" in said(play, refusal, "en")
    assert said(play, refusal, "zh")
    assert play.extend("decide", "03-11", "treasury").granted
    assert play["decide.due"] == day("03-11")


def test_a_second_extension_is_refused_with_its_clause() -> None:
    play = sent()
    assert play.extend("decide", "03-09", "treasury").granted
    refusal = only(play.extend("decide", "03-10", "treasury"), Code.EXTENDED_ALREADY)
    assert refusal.clauses == ("R2",)
    assert all(said(play, refusal, lang) for lang in ("en", "zh"))


def test_an_extension_that_was_taken_back_does_not_count() -> None:
    play = sent()
    assert play.extend("decide", "03-09", "treasury").granted
    assert play.correct(3, on="03-02", void=True).granted
    assert play["decide.due"] == day("03-08")
    assert play.extend("decide", "03-10", "treasury", on="03-02").granted


def test_the_longest_step_is_a_count_without_condition() -> None:
    fixed = FLOW.replace("{working_days: 3}", "{working_days: 0}")
    assert faults_of(case=fixed) == {
        ("case.transitions.decide.due.extension.at_most", "step"),
    }
    condition = FLOW.replace("{working_days: 3}", '{working_days: 3, when: "True"}')
    assert faults_of(case=condition) == {
        ("case.transitions.decide.due.extension.at_most.when", "step"),
    }
