"""The checks of dates and the engine agree: what is found impossible no order of days makes
possible, and what none makes possible is found where no step leads back.

Definitions are drawn by lot: three steps, perhaps with a second track beside them, a way back and
a step that time takes by itself. The engine is then tried on every order of a few days.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from reformflow.binding import bind
from reformflow.checks.dates.clashes import clashing_dates
from reformflow.checks.subject import Subject
from reformflow.engine import Docket, Engine
from reformflow.model import Actor, Fire, Open, Reform, Request
from support.building import reform_of
from support.soak import DEAR

FIRST = date(2021, 3, 1)
DAYS = [FIRST + timedelta(days=number) for number in range(8)]
FIXED = DAYS[3:5]
STEPS = ("one", "two", "three", "shut")
OFFICE = Actor.holding("li", "office")

FLOW = """
opening: {{by: office}}
tracks:
  progress: {{initial: a, states: {{a: , b: , c: , d: , gone: }}}}
  beside: {{initial: open, states: {{open: , shut: {{final: true}}}}}}
rules:
  opened_first: {{requires: today > opened.on}}
  after_one: {{requires: one.on < today}}
  shut_before: {{requires: 'beside.state == "shut"'}}
  not_yet: {{requires: 'beside.state == "open" and today >= date("{fixed}")'}}
  in_time: {{requires: 'today <= date("{fixed}")'}}
transitions:
  one: {{track: progress, from: a, to: b, by: office{one}}}
  two: {{track: progress, from: b, to: c, by: office{two}}}
  three: {{track: progress, from: c, to: d, by: office{three}}}
  shut: {{track: beside, from: open, to: shut, by: office{shut}}}
{more}
"""


@st.composite
def dates(draw: st.DrawFn, anchors: tuple[str, ...]) -> str:
    fixed = f"{{on: {draw(st.sampled_from(FIXED))}}}"
    counted = f"{{days: {draw(st.integers(0, 1))}, after: {draw(st.sampled_from(anchors))}}}"
    return draw(st.sampled_from([fixed, counted, counted]))


@st.composite
def bounds(draw: st.DrawFn, anchors: tuple[str, ...], rules: tuple[str, ...]) -> str:
    text = ""
    window = [
        f"{end}: {draw(dates(anchors))}" for end in ("opens", "closes") if draw(st.booleans())
    ]
    if window:
        text += f", window: {{{', '.join(window)}}}"
    if draw(st.integers(0, 2)) == 0:
        text += f", due: {{dates: [{draw(dates(anchors))}]}}"
    if draw(st.integers(0, 2)) == 0:
        text += f", needs: [{draw(st.sampled_from(rules))}]"
    return text


@st.composite
def flows(draw: st.DrawFn) -> str:
    common = ("opened_first", "in_time")
    progress = (*common, "shut_before", "not_yet")
    anchors = ("opened",)
    more = ""
    if draw(st.integers(0, 2)) == 0:
        more += "  back: {track: progress, from: b, to: a, by: office}\n"
    if draw(st.integers(0, 2)) == 0:
        state = draw(st.sampled_from("bc"))
        when = draw(dates(("opened", "progress.since")))
        more += f"  lapse: {{track: progress, from: {state}, to: gone, at: {when}}}\n"
    return FLOW.format(
        one=draw(bounds(anchors, progress)),
        two=draw(bounds((*anchors, "one", "progress.since"), (*progress, "after_one"))),
        three=draw(bounds((*anchors, "one", "two"), (*progress, "after_one"))),
        shut=draw(bounds((*anchors, "one"), (*common, "after_one"))),
        fixed=draw(st.sampled_from(FIXED)),
        more=more,
    )


@given(flows())
@DEAR
def test_an_impossible_step_is_one_that_the_engine_never_grants(flow: str) -> None:
    reform = reform_of(case=flow)
    found = list(clashing_dates(Subject.of(bind(reform))))
    impossible = {
        finding.path.split(".")[2]
        for finding in found
        if finding.severity == "error" and ".transitions." in finding.path
    }
    granted = fired_at_all(reform)
    assert not impossible & granted
    missing = [step for step in STEPS if step not in granted]
    if missing and missing[0] != "shut" and "shut" in granted and "back" not in granted:
        assert found, missing


def fired_at_all(reform: Reform) -> set[str]:
    """Return the transitions that fire in some order of days, each act on its day."""
    engine = Engine(reform)
    acts = [item.id for item in reform.workflows[0].transitions if item.by]
    granted: set[str] = set()
    waiting = list(openings(engine))
    seen: set[object] = set()
    while waiting and not granted.issuperset(acts):
        docket, day = waiting.pop()
        for later in DAYS[DAYS.index(day) :]:
            for act in acts:
                decision = engine.fire(docket, Request("c", Fire(act), OFFICE, later))
                if decision.granted:
                    granted.add(act)
                    after = Docket()
                    after.open(docket.case("c"))
                    after.take(decision)
                    values = tuple(after.case("c").values.items())
                    if values not in seen:
                        seen.add(values)
                        waiting.append((after, later))
    return granted


def openings(engine: Engine) -> Iterator[tuple[Docket, date]]:
    for opened in DAYS[:6]:
        docket = Docket()
        request = Request("c", Open("case", unit="north"), OFFICE, opened)
        docket.take(engine.fire(docket, request))
        yield docket, opened
