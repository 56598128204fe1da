"""Dates that exclude each other are found, with the steps and days that show it; others are not."""

from __future__ import annotations

from datetime import date

import pytest

from reformflow.checks.dates.clashes import clashing_dates
from reformflow.model import Finding
from support.building import day
from support.checking import found, three_steps, told

ONE = "one: {from: a, to: b, by: office%s}\n"
TWO = "two: {from: b, to: c, by: office%s}\n"
THREE = "three: {from: c, to: d, by: office%s}\n"


def of(
    one: str = "", two: str = "", three: str = "", *, more: str = "", rules: str = ""
) -> list[Finding]:
    """Return what is found in three steps, each with something more."""
    steps = [text % (f", {part}" if part else "") for text, part in ((ONE, one), (TWO, two))]
    steps.append(THREE % (f", {three}" if three else ""))
    return found(clashing_dates, case=three_steps("".join(steps) + more, rules=rules))


def path(step: str, part: str = "due") -> str:
    return f"case.transitions.{step}.{part}"


CLOSES = path("one", "window.closes")


# ----------------------------------------------------------------------------- windows


@pytest.mark.parametrize(
    ("opens", "closes"),
    [
        ("{on: 2021-04-01}", "{on: 2021-03-31}"),
        ("{days: 20, after: told_on}", "{days: 19, after: told_on}"),
        ("{working_days: 11, after: told_on}", "{weeks: 2, after: told_on}"),
        ("{months: 1, after: opened}", "{days: 27, after: opened}"),
        ("{on: 2021-04-01}", "{month_end: 1, after: effective}"),
    ],
)
@pytest.mark.parametrize(("outside", "severity"), [("refuse", "error"), ("reason", "warning")])
def test_a_window_that_closes_before_it_opens_is_empty(
    opens: str, closes: str, outside: str, severity: str
) -> None:
    findings = of(f"window: {{opens: {opens}, closes: {closes}, outside: {outside}}}")
    assert told(findings) == [(severity, "window_empty", CLOSES)]


@pytest.mark.parametrize(
    ("opens", "closes"),
    [
        ("{on: 2021-04-01}", "{on: 2021-04-01}"),
        ("{days: 20, after: told_on}", "{days: 20, after: told_on}"),
        ("{working_days: 10, after: told_on}", "{weeks: 2, after: told_on}"),
        ("{months: 1, after: opened}", "{days: 28, after: opened}"),
        ("{days: 20, after: told_on}", "{on: 2021-03-01}"),
        ("{days: 20, after: told_on}", "{days: 10, after: opened}"),
    ],
)
def test_one_with_a_day_in_it_for_some_case_is_not(opens: str, closes: str) -> None:
    assert of(f"window: {{opens: {opens}, closes: {closes}}}") == []


def test_it_is_told_with_its_days_and_clauses() -> None:
    (finding,) = of("window: {opens: {on: 2021-04-01}, closes: {on: 2021-03-31}, clauses: [R1]}")
    assert finding.clauses == ("R1",)
    assert finding.witness.schedule == (
        ("one.opens", day("04-01")),
        ("one", day("04-01")),
        ("one.closes", day("03-31")),
    )
    assert "closes on 2021-03-31, before it opens on 2021-04-01" in finding.says.en
    assert "2021-03-31截止，早于其开始日2021-04-01" in finding.says.zh


def test_a_window_may_be_empty_for_some_cases_only() -> None:
    opens = '[{on: 2021-03-01, when: kind == "large"}, {on: 2021-05-01}]'
    (finding,) = of(f"window: {{opens: {opens}, closes: {{on: 2021-04-01}}}}")
    assert told([finding]) == [("error", "window_empty", CLOSES)]
    assert finding.witness.values == (("kind", "small"),)
    assert "where kind = small" in finding.says.en


@pytest.mark.parametrize(
    "closes",
    [
        '[{on: 2021-04-01, when: kind == "large"}, {on: 2021-06-01}]',
        '[{on: 2021-04-01, when: kind != "small"}, {on: 2021-06-01}]',
        '[{on: 2021-04-01, when: kind == "large"}]',
    ],
)
def test_bounds_that_never_stand_together_are_not_held_against_each_other(closes: str) -> None:
    opens = '[{on: 2021-05-01, when: kind == "small"}, {on: 2021-03-01}]'
    assert of(f"window: {{opens: {opens}, closes: {closes}}}") == []


def test_a_case_that_the_rules_exclude_does_not_count() -> None:
    opens = '[{on: 2021-03-01, when: kind == "large"}, {on: 2021-05-01}]'
    one = f"needs: [is_large], window: {{opens: {opens}, closes: {{on: 2021-04-01}}}}"
    assert of(one, rules='is_large: {requires: kind == "large"}') == []


def test_a_window_that_closes_before_the_work_ahead_of_it_can_be_done() -> None:
    findings = of(
        "window: {opens: {on: 2021-03-20}, clauses: [R1]}",
        "window: {opens: {days: 10, after: one}, clauses: [R2]}",
        "window: {closes: {on: 2021-03-29}, clauses: [R3]}",
    )
    assert told(findings) == [("error", "window_too_early", path("three", "window.closes"))]
    assert set(findings[0].clauses) == {"R1", "R2", "R3"}
    assert findings[0].witness.schedule == (
        ("one.opens", day("03-20")),
        ("one", day("03-20")),
        ("two.opens", day("03-30")),
        ("two", day("03-30")),
        ("three", day("03-30")),
        ("three.closes", day("03-29")),
    )


def test_and_its_sound_twin_which_closes_a_day_later() -> None:
    ahead = ("window: {opens: {on: 2021-03-20}}", "window: {opens: {days: 10, after: one}}")
    assert of(*ahead, "window: {closes: {on: 2021-03-30}}") == []


# ----------------------------------------------------------------------------- chains


def test_waits_that_add_up_to_more_than_a_deadline_allows() -> None:
    (finding,) = of(
        two="window: {opens: {days: 30, after: one}}",
        three="window: {opens: {days: 30, after: two}}, due: {days: 59, after: one}",
    )
    assert told([finding]) == [("error", "dates_infeasible", path("three"))]
    steps = [name for name, _ in finding.witness.schedule]
    assert steps == ["one", "two.opens", "two", "three.opens", "three", "three.due"]
    days = dict(finding.witness.schedule)
    assert (days["three"] - days["one"]).days == 60
    assert (days["three.due"] - days["one"]).days == 59
    assert set(finding.witness.parts) == {
        path("two", "window.opens"),
        path("three", "window.opens"),
        path("three"),
    }


@pytest.mark.parametrize("due", ["days: 60, after: one", "months: 2, after: one", "on: 2022-01-01"])
def test_waits_that_fit_are_none(due: str) -> None:
    three = f"window: {{opens: {{days: 30, after: two}}}}, due: {{{due}}}"
    findings = of(two="window: {opens: {days: 30, after: one}}", three=three)
    # two months may be 59 days or more: no case is impossible for sure
    assert findings == []


def test_counting_is_exact_where_the_days_are_fixed() -> None:
    one = "window: {opens: {on: 2021-02-01}}, due: {on: 2021-02-01}"
    (finding,) = of(one, "window: {opens: {months: 1, after: one}}, due: {days: 27, after: one}")
    assert told([finding]) == [("error", "dates_infeasible", path("two"))]
    # a month is 28 days after 1 February 2021, and 29 after 1 February 2024
    assert of(one, "window: {opens: {months: 1, after: one}}, due: {days: 28, after: one}") == []
    leap = one.replace("2021", "2024")
    assert of(leap, "window: {opens: {months: 1, after: one}}, due: {days: 28, after: one}")


@pytest.mark.parametrize("late", ["flag", "reason", "extension, extension: {by: treasury}"])
def test_a_deadline_that_can_be_missed_but_never_kept_is_a_warning(late: str) -> None:
    (finding,) = of(
        "window: {opens: {on: 2021-04-01}}",
        f"due: {{on: 2021-03-31, late: {late}}}",
    )
    assert told([finding]) == [("warning", "never_in_time", path("two"))]
    assert "never be in time" in finding.says.en


@pytest.mark.parametrize(
    ("moves", "expected"),
    [
        ("extension: {by: treasury}", [("warning", "never_in_time", path("two"))]),
        ("suspension: {by: treasury}", []),
        ("suspended_in: [b]", []),
    ],
)
def test_a_deadline_that_can_be_moved_is_not_impossible(
    moves: str, expected: list[tuple[str, str, str]]
) -> None:
    two = f"window: {{opens: {{days: 30, after: one}}}}, due: {{days: 20, after: one, {moves}}}"
    assert told(of(two=two)) == expected


@pytest.mark.parametrize("comparison", ["one.on < today", "today > one.on"])
def test_a_rule_about_days_is_a_bound_like_any_other(comparison: str) -> None:
    rules = """
    not_yet: {requires: 'today >= date("2021-04-01")', clauses: [R1]}
    next_day: {requires: one.on < today, clauses: [R2]}
    """
    rules = rules.replace("one.on < today", comparison)
    (finding,) = of("needs: [not_yet]", "needs: [next_day], due: {on: 2021-04-01}", rules=rules)
    assert told([finding]) == [("error", "dates_infeasible", path("two"))]
    assert set(finding.clauses) == {"R1", "R2"}
    assert of("needs: [not_yet]", "needs: [next_day], due: {on: 2021-04-02}", rules=rules) == []


def test_a_rule_may_be_the_bound_that_comes_too_soon() -> None:
    rules = "in_march: {requires: 'today <= date(\"2021-03-31\")'}"
    (finding,) = of("window: {opens: {on: 2021-04-01}}", "needs: [in_march]", rules=rules)
    assert told([finding]) == [("error", "dates_infeasible", "case.rules.in_march")]


def test_a_derived_date_is_followed() -> None:
    flow = three_steps(
        "one: {from: a, to: b, by: office, needs: [while_it_runs],"
        " window: {opens: {months: 4, after: told_on}}}",
        rules="while_it_runs: {requires: today <= ends_on}",
    )
    flow = flow.replace(
        "facts:\n", "facts:\n  ends_on: {type: date, derived: {months: 3, after: told_on}}\n"
    )
    assert told(found(clashing_dates, case=flow)) == [
        ("error", "dates_infeasible", "case.rules.while_it_runs"),
    ]
    sound = flow.replace("months: 4", "months: 3")
    assert found(clashing_dates, case=sound) == []


def test_a_day_set_by_a_transition_is_the_day_on_which_it_fired() -> None:
    flow = three_steps(
        """
        one: {from: a, to: b, by: office, set: {sent_on: today}}
        two: {from: b, to: c, by: office, window: {opens: {days: 9, after: sent_on}}}
        three: {from: c, to: d, by: office, due: {days: 8, after: one}}
        """
    ).replace("facts:\n", "facts:\n  sent_on: {type: date}\n")
    assert told(found(clashing_dates, case=flow)) == [("error", "dates_infeasible", path("three"))]
    assert found(clashing_dates, case=flow.replace("days: 8", "days: 9")) == []


@pytest.mark.parametrize(
    ("told_on", "severity"),
    [
        ("{type: date, by: office}", "warning"),
        ("{type: date, by: office, once: true}", "error"),
        ("{type: date}", "error"),
    ],
)
def test_a_fact_that_may_be_recorded_anew_makes_it_less_than_sure(
    told_on: str, severity: str
) -> None:
    flow = three_steps(
        """
        one: {from: a, to: b, by: office, window: {opens: {days: 30, after: told_on}}}
        two: {from: b, to: c, by: office, due: {days: 29, after: told_on}}
        """
    ).replace("told_on: {type: date, by: office}", f"told_on: {told_on}")
    (finding,) = found(clashing_dates, case=flow)
    assert told([finding]) == [(severity, "dates_infeasible", path("two"))]
    assert ("unless told_on is recorded anew" in finding.says.en) == (severity == "warning")
    assert found(clashing_dates, case=flow.replace("days: 29", "days: 30")) == []


def test_a_fact_that_is_recorded_in_several_places_is_another_one_each_time() -> None:
    flow = three_steps(
        """
        one: {from: a, to: b, by: office, window: {opens: {days: 30, after: told_on}}}
        two: {from: b, to: c, by: office, records: [told_on]}
        three: {from: c, to: d, by: office, due: {days: 20, after: told_on}, records: [told_on]}
        """
    )
    assert found(clashing_dates, case=flow) == []


def test_a_date_before_effect_that_binds_nobody_clashes_with_nothing() -> None:
    early = "window: {opens: {on: 2021-02-20}}"
    due = "due: {on: 2021-02-10, late: reason, before_effect: advisory}"
    assert of(early, due) == []


# ----------------------------------------------------------------------------- time


LAPSE = "lapse: {from: b, to: gone, at: {days: 30, after: one}}\n"


def test_a_step_that_opens_only_when_time_has_ended_the_case() -> None:
    (finding,) = of(two="window: {opens: {days: 30, after: one}}", more=LAPSE)
    assert told([finding]) == [("error", "dates_infeasible", "case.transitions.two")]
    assert path("lapse", "at") in finding.witness.parts
    assert of(two="window: {opens: {days: 29, after: one}}", more=LAPSE) == []


def test_of_two_things_that_time_brings_the_later_one_may_never_come() -> None:
    more = LAPSE + "warn: {from: b, to: b, at: {days: 31, after: one}}\n"
    (finding,) = of(two="due: {days: 9, after: one}", more=more)
    assert told([finding]) == [("error", "dates_infeasible", "case.transitions.warn")]
    # on one day what stands first in the definition comes first
    assert of(more=more.replace("days: 31", "days: 30")) == []


def test_not_if_the_end_waits_for_a_rule_or_comes_back() -> None:
    two = "window: {opens: {days: 40, after: one}}"
    waits = LAPSE.replace("to: gone", "to: gone, needs: [hurry]")
    assert of(two=two, more=waits, rules="hurry: {requires: urgent}") == []
    comes_back = LAPSE.replace("to: gone", "to: a")
    assert of(two=two, more=comes_back) == []


def test_silence_comes_after_the_deadline_and_bounds_what_it_replaces() -> None:
    silence = "silence: {from: b, to: gone, after_due: two}\n"
    (finding,) = of(
        two="window: {opens: {days: 11, after: one}}, due: {days: 10, after: one, late: flag}",
        more=silence,
    )
    assert told([finding]) == [("error", "dates_infeasible", "case.transitions.two")]


def test_a_step_after_a_timed_one_waits_for_its_day() -> None:
    more = (
        "ripen: {from: b, to: c, at: {on: 2021-05-01}}\n"
        "close: {from: c, to: gone, by: office, due: {on: 2021-04-30}}\n"
    )
    flow = three_steps(ONE % "" + more)
    assert told(found(clashing_dates, case=flow)) == [("error", "dates_infeasible", path("close"))]
    assert found(clashing_dates, case=flow.replace("04-30", "05-01")) == []


# ----------------------------------------------------------------------------- ways around


def test_a_step_that_can_be_left_out_bounds_nothing() -> None:
    detour = "short: {from: a, to: b, by: office}\n"
    late_start = "window: {opens: {on: 2021-04-01}}"
    assert of(late_start, "due: {on: 2021-03-01}", more=detour) == []


BACK = "back: {from: %s, to: a, by: office}\n"


def test_what_can_come_again_is_counted_from_the_last_time() -> None:
    two = "window: {opens: {days: 5, after: one}}"
    assert told(of(two=two, three="due: {days: 4, after: one}", more=BACK % "b")) == [
        ("error", "dates_infeasible", path("three")),
    ]
    # from c one can go back, and hurry through: then three is due later
    hurry = "hurry: {from: b, to: c, by: office, needs: [seen]}\n"
    rules = "seen: {requires: two.on is not None}"
    more = BACK % "c" + hurry
    assert of(two=two, three="due: {days: 4, after: one}", more=more, rules=rules) == []


def test_within_one_step_a_round_changes_nothing() -> None:
    two = "window: {opens: {days: 30, after: one}}, due: {days: 20, after: one}"
    assert told(of(two=two, more=BACK % "b")) == [("error", "dates_infeasible", path("two"))]


def test_a_state_that_the_rules_exclude_is_no_way_around() -> None:
    flow = three_steps(
        """
        one: {from: a, to: b, by: office, window: {opens: {on: 2021-04-01}}}
        two: {from: [a, b], to: c, by: office, needs: [settled], due: {on: 2021-03-01}}
        """,
        rules="settled: {requires: 'progress.state == \"b\"'}",
    )
    assert told(found(clashing_dates, case=flow)) == [("error", "dates_infeasible", path("two"))]


# ----------------------------------------------------------------------------- tracks and kin


TRACKS = """
facts: {}
tracks:
  progress: {initial: a, states: {a: , b: }}
  review: {initial: waiting, states: {waiting: , done: }}
rules: {reviewed: {requires: 'review.state == "done"'}}
transitions:
  finish: {track: progress, from: a, to: b, by: office, needs: [reviewed], due: {on: 2021-03-31}}
  review_it: {track: review, from: waiting, to: done, by: office, window: {opens: {on: %s}}}
"""


def test_a_track_that_waits_for_another_one() -> None:
    assert told(found(clashing_dates, case=TRACKS % "2021-04-01")) == [
        ("error", "dates_infeasible", path("finish")),
    ]
    assert found(clashing_dates, case=TRACKS % "2021-03-31") == []


PARENT = """
facts: {}
children: {parts: part}
tracks: {progress: {initial: a, states: {a: , b: , c: }}}
rules:
  ready: {requires: '%s'}
transitions:
  begin: {from: a, to: b, by: office, window: {opens: {on: 2021-04-01}}}
  end: {from: b, to: c, by: office, needs: [ready], due: {on: 2021-06-01}}
"""
PART = """
facts: {}
tracks: {progress: {initial: planned, states: {planned: , built: }}}
rules: {begun: {requires: 'parent.state == "b"'}}
transitions:
  build: {from: planned, to: built, by: office, needs: [begun], %s}
"""


def test_a_child_that_waits_for_its_parent() -> None:
    whole = PARENT % "True"
    late = "due: {on: 2021-03-31}"
    assert told(found(clashing_dates, whole=whole, part=PART % late)) == [
        ("error", "dates_infeasible", "part.transitions.build.due"),
    ]
    assert found(clashing_dates, whole=whole, part=PART % "due: {on: 2021-04-01}") == []


def test_a_clash_of_the_parent_alone_is_not_told_again_of_each_child() -> None:
    late = PARENT.replace("{on: 2021-06-01}", "{on: 2021-03-01}")
    part = PART.replace('"b"', '"c"')
    (one,) = found(clashing_dates, whole=late % "True", part=part % "due: {on: 2021-07-01}")
    assert told([one]) == [("error", "dates_infeasible", "whole.transitions.end.due")]
    assert [step for step, _ in one.witness.schedule][-1] == "end.due"


@pytest.mark.parametrize(
    ("rule", "severity"),
    [
        ('any(p.state == "built" for p in parts)', "error"),
        ('count(p for p in parts if p.state == "built") >= 2', "error"),
        ('all(p.state == "built" for p in parts)', "warning"),
    ],
)
def test_a_parent_that_waits_for_its_children(rule: str, severity: str) -> None:
    whole = PARENT % rule
    late = "window: {opens: {on: 2021-06-02}}"
    assert told(found(clashing_dates, whole=whole, part=PART % late)) == [
        (severity, "dates_infeasible", "whole.transitions.end.due"),
    ]
    assert found(clashing_dates, whole=whole, part=PART % "window: {opens: {on: 2021-06-01}}") == []


def test_no_children_are_needed_where_the_rule_counts_to_nothing() -> None:
    whole = PARENT % 'count(p for p in parts if p.state == "built") <= 2'
    late = "window: {opens: {on: 2021-06-02}}"
    assert found(clashing_dates, whole=whole, part=PART % late) == []


NESTED = """
facts: {}
children: {subs: node}
tracks: {progress: {initial: a, states: {a: , b: }}}
rules: {ready: {requires: 'any(s.state == "b" for s in subs)'}}
transitions: {end: {from: a, to: b, by: office, needs: [ready], due: {on: 2021-06-01}}}
"""


def test_a_workflow_that_is_its_own_child_comes_to_an_end() -> None:
    assert found(clashing_dates, node=NESTED) == []


def test_days_at_the_end_of_time_are_borne() -> None:
    one = f"window: {{opens: {{on: {date.max}}}, closes: {{days: 3, after: opened}}}}"
    assert of(one, "window: {opens: {days: 5, after: one}}, due: {on: 0001-01-01}") != []
