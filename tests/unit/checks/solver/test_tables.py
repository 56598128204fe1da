"""Which cases there can be, by the definition of their workflow."""

from __future__ import annotations

from datetime import date

import pytest

from reformflow.binding import bind_question
from reformflow.checks.solver import Answer, Demand, Solver, world_of
from support.building import bound_of

FLOW = """
    facts:
      plan_on: {type: date, by: [office]}
      paper_on: {type: date}
      signed: {type: bool}
      unheard: {type: bool}
      rounds: {type: int, initial: 0, minimum: 0}
      way: {type: choice, choices: [short, long, never]}
      posts: {type: int, by: [office], minimum: 0, maximum: 9}
      units: {type: int, by: [office], minimum: 0, maximum: 9}
      total: {type: int, derived: posts + units}
      many: {type: bool, derived: posts > 5}
      soon: {type: date, derived: [{days: 10, after: plan_on}]}
      later: {type: date, derived: [{months: 1, after: plan_on}]}
      worked: {type: date, derived: [{working_days: 3, after: plan_on}]}
      end:
        type: date
        derived:
          - {on: 2021-06-01, when: signed}
          - {days: 30, after: plan_on}
    tracks:
      progress:
        initial: draft
        states: {draft: {}, sent: {}, done: {}, lost: {}}
    transitions:
      send:
        track: progress
        from: draft
        to: sent
        by: [office]
        records: [paper_on]
        set: {way: '"short"', signed: true}
        due: {on: 2021-04-01}
      finish:
        track: progress
        from: sent
        to: done
        by: [office]
        set: {way: '"long"', rounds: rounds + 1}
        due: {days: 5, after: send, extension: {by: [treasury]}}
      lose: {track: progress, from: sent, to: lost, by: [office], enabled: 'policy.loss == "yes"'}
      strand: {track: progress, from: lost, to: sent, by: [office], set: {unheard: true}}
"""
HEAD = """
    policies:
      loss: {options: ["yes", "no"], default: "no"}
"""


def asked(*questions: str) -> Answer:
    bound = bound_of(HEAD, item=FLOW)
    solver = Solver(world_of(bound, bound.workflows["item"]))
    return solver.ask([Demand(text, bind_question(bound, "item", text)) for text in questions])


@pytest.mark.parametrize(
    ("questions", "possible"),
    [
        (['way == "never"'], False),
        (['way == "short"'], True),
        (["not signed"], False),
        (["signed is None"], True),
        (["unheard is not None"], False),
        (['progress.state == "lost"'], False),
        (["progress.state is None"], False),
        (["rounds is None"], False),
        (["rounds > 3"], True),
        (["paper_on is not None"], True),
        (["total > 18"], False),
        (["total == 18", "posts < 9"], False),
        (["total > 3", "units is None"], False),
        (["posts == 3", "units == 1", "total is None"], False),
        (["many", "posts < 6"], False),
        (["many is None", "posts is not None"], False),
        (["soon <= plan_on"], False),
        (["soon is not None", "plan_on is None"], False),
        (["later < soon"], False),
        (["worked <= plan_on"], False),
        (['plan_on == date("2021-01-31")', 'later != date("2021-02-28")'], False),
        (['plan_on == date("2021-01-29")', 'worked != date("2021-02-03")'], False),
        (['later == date("2021-02-28")', 'plan_on > date("2021-01-28")'], True),
        (["signed", 'end != date("2021-06-01")'], False),
        (["signed is None", "end is not None"], False),
        (['send.due != date("2021-04-01")'], False),
        (['finish.due > date("2021-04-01")'], True),
    ],
)
def test_there_are_only_cases_that_can_come_to_be(questions: list[str], possible: bool) -> None:
    answer = asked(*questions)
    assert answer.possible is possible
    assert answer.impossible is not possible


def test_dates_of_a_witness_are_counted_as_the_calendar_counts() -> None:
    answer = asked("later is not None", "worked is not None", "later > worked")
    assert answer.situation is not None
    values = answer.situation.values
    plan, later = values["plan_on"], values["later"]
    assert isinstance(plan, date)
    assert isinstance(later, date)
    months = (later.year - plan.year) * 12 + later.month - plan.month
    assert months == 1
    assert later.day <= plan.day


def test_an_extended_date_may_be_later_but_not_earlier() -> None:
    bound = bound_of(HEAD, item=FLOW.replace("posts > 5", "finish.due > send.on"))
    solver = Solver(world_of(bound, bound.workflows["item"]))
    on = 'send.on == date("2021-03-01")'
    later, earlier = 'finish.due == date("2021-05-01")', 'finish.due == date("2021-03-02")'
    for text, possible in ((later, True), (earlier, False)):
        demands = [Demand(one, bind_question(bound, "item", one)) for one in (on, text)]
        assert solver.ask(demands).possible is possible
