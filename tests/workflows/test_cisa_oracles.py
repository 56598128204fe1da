"""Directives 18-01, 19-02 and 20-01, told as stories with the dates that they imply."""

from __future__ import annotations

from datetime import timedelta

import pytest

from reformflow.model import Code
from support.stories import Story, day, done, refused

REFORM = "cisa-directives"


def agency(on: str = "2017-10-16", **choices: str) -> Story:
    """Return a story with one federal agency."""
    story = Story(REFORM, **choices)
    done(story.open("G", "agency", "cisa", on, federal=True))
    return story


def test_the_directives_bind_federal_agencies_only() -> None:
    story = Story(REFORM)
    decision = story.open("city", "agency", "cisa", "2017-10-16", federal=False)
    refused(decision, "federal_agency", "D18.1", code=Code.RULE_BROKEN)


# --- 18-01 ---------------------------------------------------------------------------------------


def web_email(*, planned: bool = True, **choices: str) -> Story:
    """Return a story whose agency is under directive 18-01, with or without its plan delivered."""
    story = agency(**choices)
    done(story.open("W", "web_email", "cisa", "2017-10-16", "G"))
    if planned:
        done(story.fire("W", "deliver_plan", "agency", "2017-11-01", plan_reference="P"))
    return story


def finish(story: Story, on: str, *, address: bool = True) -> None:
    """Do everything that directive 18-01 asks for on one day."""
    for transition in ("set_monitoring_policy", "set_rejecting_policy"):
        done(story.fire("W", transition, "agency", on))
    for transition in ("remove_ciphers", "protect_web"):
        done(story.fire("W", transition, "agency", on))
    if address:
        done(story.fire("W", "set_up_address", "cisa", on))
        done(story.fire("W", "add_address", "agency", on))


class TestWebAndEmail:
    """18-01: a plan, parallel tracks, and reports until complete."""

    @pytest.mark.parametrize(
        ("transition", "due"),
        [
            ("deliver_plan", "2017-11-15"),
            ("set_monitoring_policy", "2018-01-14"),
            ("remove_ciphers", "2018-02-13"),
            ("protect_web", "2018-02-13"),
            ("set_rejecting_policy", "2018-10-16"),
        ],
    )
    def test_every_date_counts_from_16_october_2017(self, transition: str, due: str) -> None:
        assert web_email().value("W", f"{transition}.due") == day(due)

    @pytest.mark.parametrize(
        ("transition", "clause"),
        [
            ("set_monitoring_policy", "D18.7"),
            ("set_rejecting_policy", "D18.10"),
            ("remove_ciphers", "D18.8"),
            ("protect_web", "D18.11"),
        ],
    )
    def test_an_act_after_its_date_is_marked_and_the_agency_answers(
        self, transition: str, clause: str
    ) -> None:
        for mode in ("flag", "refuse"):
            story = web_email(agency_late=mode)
            due = story.value("W", f"{transition}.due")
            late = (due + timedelta(days=1)).isoformat()
            decision = story.fire("W", transition, "agency", late)
            if mode == "refuse":
                refused(decision, transition, clause, code=Code.LATE)
                done(story.fire("W", transition, "agency", due.isoformat()))
            else:
                (mark,) = done(decision).entry.late
                assert (mark.days, mark.answerable) == (1, "agency")

    @pytest.mark.parametrize(
        "transition",
        ["set_monitoring_policy", "set_rejecting_policy", "remove_ciphers", "protect_web"],
    )
    def test_implementation_begins_on_delivery_and_waits_for_no_approval(
        self, transition: str
    ) -> None:
        story = web_email(planned=False)
        early = story.fire("W", transition, "agency", "2017-11-01")
        refused(early, "plan_is_delivered", "D18.3")
        done(story.fire("W", "deliver_plan", "agency", "2017-11-01", plan_reference="P"))
        assert story.value("W", "plan.state") == "delivered"
        done(story.fire("W", transition, "agency", "2017-11-01"))

    def test_the_reporting_address_too_waits_for_the_plan(self) -> None:
        story = web_email(planned=False)
        done(story.fire("W", "set_up_address", "cisa", "2017-11-01"))
        early = story.fire("W", "add_address", "agency", "2017-11-02")
        refused(early, "plan_is_delivered", "D18.3")

    def test_concerns_of_the_reviewer_stop_nothing(self) -> None:
        story = web_email()
        for count in (1, 2):
            done(story.fire("W", "raise_concerns", "cisa", "2017-11-20", concern="too vague"))
            assert story.value("W", "concerns") == count
        done(story.fire("W", "protect_web", "agency", "2017-11-21"))

    def test_the_tracks_are_parallel(self) -> None:
        story = web_email()
        finish(story, "2017-12-01")
        assert story.value("W", "completion.state") == "complete"
        story = web_email()
        done(story.fire("W", "protect_web", "agency", "2017-12-01"))
        assert story.value("W", "email.state") == "unprotected"
        assert story.value("W", "completion.state") == "running"

    def test_the_reporting_address_has_15_days_from_a_day_unknown_in_advance(self) -> None:
        story = web_email()
        assert story.value("W", "add_address.due") is None
        early = story.fire("W", "add_address", "agency", "2017-12-01")
        refused(early, "add_address", "D18.9", code=Code.NOT_FROM_HERE)
        done(story.fire("W", "set_up_address", "cisa", "2018-01-08"))
        assert story.value("W", "add_address.due") == day("2018-01-23")
        (mark,) = done(story.fire("W", "add_address", "agency", "2018-01-24")).entry.late
        assert mark.days == 1

    @pytest.mark.parametrize(
        ("option", "state"), [("not_complete", "running"), ("complete", "complete")]
    )
    def test_a_policy_says_whether_a_missing_address_leaves_an_agency_incomplete(
        self, option: str, state: str
    ) -> None:
        story = web_email(address_not_set_up=option)
        finish(story, "2017-12-01", address=False)
        assert story.value("W", "completion.state") == state

    def test_the_exception_gives_more_time_for_one_item(self) -> None:
        story = web_email(agency_late="refuse")
        refused(story.fire("W", "remove_ciphers", "agency", "2018-03-01"), "remove_ciphers")
        own = story.extend("W", "remove_ciphers", "agency", "2018-02-01", until="2018-06-01")
        refused(own, "remove_ciphers", "D18.14", code=Code.NOT_AUTHORISED)
        done(story.extend("W", "remove_ciphers", "cisa", "2018-02-01", until="2018-06-01"))
        assert story.value("W", "protect_web.due") == day("2018-02-13")
        done(story.fire("W", "remove_ciphers", "agency", "2018-06-01"))
        other = story.extend("W", "protect_web", "cisa", "2018-02-01", until="2018-06-01")
        assert not other.granted


class TestStatusReports:
    """18-01: the first after 60 days, then every 30 days until complete."""

    def dues(self, story: Story) -> list[object]:
        return [story.value(case, "owed_on") for case in story.children("W", "status_report")]

    def test_reports_fall_due_every_thirty_days_from_15_december(self) -> None:
        story = web_email()
        story.tick("2018-02-13")
        expected = ["2017-12-15", "2018-01-14", "2018-02-13"]
        assert self.dues(story) == [day(text) for text in expected]
        assert [story.value(case, "submit.due") for case in story.children("W", "status_report")]
        story.tick("2018-02-14")
        assert self.dues(story)[-1] == day("2018-03-15")

    def test_the_next_report_opens_on_the_day_after_the_last_and_never_early(self) -> None:
        story = web_email()
        story.tick("2017-12-15")
        assert len(self.dues(story)) == 1
        story.tick("2017-12-16")
        story.tick("2017-12-16")
        assert len(self.dues(story)) == 2

    def test_reports_stop_when_everything_is_complete(self) -> None:
        story = web_email()
        story.tick("2018-01-20")
        first, second, third = story.children("W", "status_report")
        done(story.fire(first, "submit", "agency", "2017-12-15", reference="R1"))
        finish(story, "2018-01-20")
        assert story.value(second, "delivery.state") == "owed"
        assert story.value(third, "delivery.state") == "not_owed"
        story.tick("2019-01-01")
        assert story.children("W", "status_report") == [first, second, third]

    def test_a_late_report_is_marked(self) -> None:
        story = web_email()
        story.tick("2017-12-16")
        first, _ = story.children("W", "status_report")
        assert story.value(first, "submit.due") == day("2017-12-15")
        decision = done(story.fire(first, "submit", "agency", "2017-12-18", reference="R1"))
        (mark,) = decision.entry.late
        assert (mark.days, mark.answerable) == (3, "agency")


# --- 19-02 ---------------------------------------------------------------------------------------


def detected(
    severity: str = "critical", on: str = "2019-05-01", story: Story | None = None, **choices: str
) -> Story:
    """Return a story with a vulnerability that was first detected on a day."""
    story = story or agency(**choices)
    facts = {"severity": severity, "detected_on": day(on)}
    done(story.open(f"V-{severity}", "vulnerability", "cisa", on, "G", **facts))
    return story


def plan_received(on: str = "2019-05-24", **choices: str) -> Story:
    """Return a story whose agency received the remediation plan on a day."""
    story = detected(**choices)
    story.tick("2019-05-17")
    done(story.fire("V-critical", "send_plan", "cisa", "2019-05-20"))
    done(story.fire("V-critical", "receive_plan", "agency", on))
    return story


CONTENTS = {
    "constraints": "one supplier",
    "interim_mitigation": "blocked at the border",
    "estimated_on": day("2019-06-30"),
}


class TestVulnerabilities:
    """19-02: each vulnerability has its own clock."""

    @pytest.mark.parametrize(
        ("severity", "due"), [("critical", "2019-05-16"), ("high", "2019-05-31"), ("lower", None)]
    )
    def test_the_clock_depends_on_the_severity(self, severity: str, due: str | None) -> None:
        story = detected(severity)
        assert story.value(f"V-{severity}", "fix_it.due") == (day(due) if due else None)

    def test_every_vulnerability_has_its_own_clock(self) -> None:
        story = detected("high", "2019-06-03", detected("critical", "2019-05-01"))
        assert story.value("V-critical", "fix_it.due") == day("2019-05-16")
        assert story.value("V-high", "fix_it.due") == day("2019-07-03")
        story.tick("2019-05-17")
        assert story.value("V-critical", "fix.state") == "overdue"
        assert story.value("V-high", "fix.state") == "open"

    @pytest.mark.parametrize(
        ("option", "due"), [("first_detection", "2019-04-25"), ("issue", "2019-05-14")]
    )
    def test_a_policy_starts_the_clock_of_what_was_known_before(
        self, option: str, due: str
    ) -> None:
        story = detected("critical", "2019-04-10", known_before_19_02=option)
        assert story.value("V-critical", "fix_it.due") == day(due)

    @pytest.mark.parametrize("fact", ["severity", "detected_on"])
    def test_severity_and_detection_change_by_correction_only(self, fact: str) -> None:
        given = {"severity": "high", "detected_on": day("2019-05-10")}[fact]
        decision = detected().record("V-critical", "cisa", "2019-05-11", **{fact: given})
        refused(decision, fact, code=Code.ALREADY_RECORDED)

    def test_it_is_overdue_on_the_day_after_and_not_before(self) -> None:
        story = detected()
        story.tick("2019-05-16")
        assert story.value("V-critical", "fix.state") == "open"
        early = story.fire("V-critical", "send_plan", "cisa", "2019-05-16")
        refused(early, "send_plan", "D19.4", code=Code.NOT_FROM_HERE)
        story.tick("2019-05-17")
        assert story.value("V-critical", "fix.state") == "overdue"
        done(story.fire("V-critical", "send_plan", "cisa", "2019-05-17"))

    @pytest.mark.parametrize(("severity", "clause"), [("critical", "D19.2"), ("high", "D19.3")])
    def test_a_late_fix_is_marked_or_by_policy_refused(self, severity: str, clause: str) -> None:
        case = f"V-{severity}"
        story = detected(severity)
        (mark,) = done(story.fire(case, "fix_it", "agency", "2019-06-01")).entry.late
        assert mark.days == (16 if severity == "critical" else 1)
        story = detected(severity, agency_late="refuse")
        refused(story.fire(case, "fix_it", "agency", "2019-06-01"), "fix_it", clause)

    def test_a_plan_received_on_24_may_2019_is_due_on_30_may(self) -> None:
        """27 May 2019 is Memorial Day; the three working days count from the receipt."""
        story = plan_received("2019-05-24")
        assert story.value("V-critical", "return_plan.due") == day("2019-05-30")
        decision = done(story.fire("V-critical", "return_plan", "agency", "2019-05-31", **CONTENTS))
        assert [mark.days for mark in decision.entry.late] == [1]

    @pytest.mark.parametrize("missing", list(CONTENTS))
    def test_the_returned_plan_is_complete(self, missing: str) -> None:
        story = plan_received()
        given = {name: value for name, value in CONTENTS.items() if name != missing}
        decision = story.fire("V-critical", "return_plan", "agency", "2019-05-30", **given)
        refused(decision, "return_plan", "D19.6", code=Code.NOT_RECORDED)
        assert decision.refusals[0].missing == (missing,)

    def test_a_returned_plan_does_not_fix_and_an_overdue_fix_still_can(self) -> None:
        story = plan_received()
        done(story.fire("V-critical", "return_plan", "agency", "2019-05-30", **CONTENTS))
        assert story.value("V-critical", "fix.due") == day("2019-05-16")
        done(story.fire("V-critical", "fix_it", "agency", "2019-06-20"))
        assert story.value("V-critical", "fix.state") == "fixed"


class TestEscalation:
    """19-02: to the CISO, then the CIO, then the senior accountable official."""

    STEPS = ("escalate_to_ciso", "escalate_to_cio", "escalate_to_official")

    def test_the_chain_goes_step_by_step_and_each_step_answers(self) -> None:
        for steps, answers in enumerate(("agency", "ciso", "cio", "accountable_official")):
            story = plan_received()
            for step in self.STEPS[:steps]:
                done(story.fire("V-critical", step, "cisa", "2019-05-24"))
            (mark,) = done(story.fire("V-critical", "fix_it", "agency", "2019-06-01")).entry.late
            assert mark.answerable == answers

    @pytest.mark.parametrize("step", STEPS[1:])
    def test_no_step_is_left_out(self, step: str) -> None:
        decision = plan_received().fire("V-critical", step, "cisa", "2019-05-24")
        refused(decision, step, "D19.8", code=Code.NOT_FROM_HERE)

    def test_nothing_is_escalated_while_the_clock_runs(self) -> None:
        story = detected()
        decision = story.fire("V-critical", "escalate_to_ciso", "cisa", "2019-05-10")
        refused(decision, "may_escalate", "D19.8")

    def test_by_policy_only_an_overdue_plan_is_escalated(self) -> None:
        story = plan_received(escalate_when="plan_overdue")
        decision = story.fire("V-critical", "escalate_to_ciso", "cisa", "2019-05-30")
        refused(decision, "may_escalate", "D19.8")
        done(story.fire("V-critical", "escalate_to_ciso", "cisa", "2019-05-31"))

    @pytest.mark.parametrize("steps", [1, 2])
    def test_what_is_fixed_is_not_escalated_further(self, steps: int) -> None:
        story = plan_received()
        for step in self.STEPS[:steps]:
            done(story.fire("V-critical", step, "cisa", "2019-05-24"))
        done(story.fire("V-critical", "fix_it", "agency", "2019-05-27"))
        further = story.fire("V-critical", self.STEPS[steps], "cisa", "2019-05-28")
        refused(further, "may_escalate", "D19.8")

    def test_only_the_reviewer_escalates(self) -> None:
        decision = plan_received().fire("V-critical", "escalate_to_ciso", "ciso", "2019-05-24")
        refused(decision, "escalate_to_ciso", code=Code.NOT_AUTHORISED)


def test_a_network_change_is_notified_within_five_working_days() -> None:
    """3 July 2019 was a Wednesday and the 4th is a holiday: the fifth working day is the 11th."""
    story = agency()
    done(
        story.open("N", "network_change", "agency", "2019-07-03", "G", changed_on=day("2019-07-03"))
    )
    assert story.value("N", "notify.due") == day("2019-07-11")
    (mark,) = done(story.fire("N", "notify", "agency", "2019-07-12")).entry.late
    assert mark.days == 1


# --- 20-01 ---------------------------------------------------------------------------------------


def disclosure(systems: int = 3, **choices: str) -> Story:
    """Return a story whose agency is under directive 20-01 with some old systems."""
    story = agency("2020-09-02", **choices)
    done(story.open("D", "disclosure", "cisa", "2020-09-02", "G"))
    for number in range(1, systems + 1):
        done(add_system(story, f"S{number}", "2020-09-02", "2015-01-01"))
    return story


def add_system(story: Story, case: str, on: str, launched: str, *, covered: bool = False):  # noqa: ANN201
    """Ask to list a system."""
    return story.open(
        case,
        "agency_system",
        "agency",
        on,
        "D",
        launched_on=day(launched),
        starts_in_scope=covered,
    )


def cover(story: Story, case: str, on: str) -> None:
    """Bring a system into scope and state the scope anew."""
    done(story.fire(case, "bring_in", "agency", on))
    done(story.fire("D", "state_scope", "agency", on))


GOOD = {"procedures_ready": True, "has_required": True, "has_forbidden": False}


def published(systems: int = 3, on: str = "2021-03-01", **choices: str) -> Story:
    """Return a story whose agency published its policy with one system in scope."""
    story = disclosure(systems, **choices)
    done(story.fire("S1", "bring_in", "agency", on))
    done(story.fire("D", "publish", "agency", on, **GOOD))
    return story


class TestDisclosure:
    """20-01: contacts, the policy and its contents, new systems, metrics, the reviewer."""

    @pytest.mark.parametrize(
        ("transition", "due"),
        [
            ("give_contacts", "2020-10-02"),
            ("publish", "2021-03-01"),
            ("complete_scope", "2022-09-02"),
        ],
    )
    def test_every_date_counts_from_2_september_2020(self, transition: str, due: str) -> None:
        assert disclosure().value("D", f"{transition}.due") == day(due)

    @pytest.mark.parametrize(
        ("fact", "value", "rule", "clause"),
        [
            ("procedures_ready", False, "procedures_exist", "D20.2"),
            ("has_required", False, "required_contents", "D20.3"),
            ("has_forbidden", True, "no_forbidden_contents", "D20.4"),
        ],
    )
    def test_contents_that_must_and_must_not_be_there(
        self, fact: str, value: bool, rule: str, clause: str
    ) -> None:
        story = disclosure()
        decision = story.fire("D", "publish", "agency", "2021-03-01", **{**GOOD, fact: value})
        refused(decision, rule, clause, code=Code.RULE_BROKEN)
        unknown = {name: given for name, given in GOOD.items() if name != fact}
        decision = story.fire("D", "publish", "agency", "2021-03-01", **unknown)
        refused(decision, rule, clause, code=Code.NOT_RECORDED)

    @pytest.mark.parametrize(("option", "granted"), [("recorded", True), ("required", False)])
    def test_a_policy_says_whether_what_should_be_there_is_required(
        self, option: str, granted: bool
    ) -> None:
        story = disclosure(recommended_contents=option)
        facts = {**GOOD, "has_recommended": False}
        decision = story.fire("D", "publish", "agency", "2021-03-01", **facts)
        assert decision.granted is granted
        if not granted:
            refused(decision, "recommended_contents", "D20.5")

    def test_a_system_launched_after_publication_is_in_scope(self) -> None:
        story = published(on="2021-02-01")
        outside = add_system(story, "new", "2021-04-01", "2021-03-20")
        refused(outside, "new_ones_in_scope", "D20.8")
        done(add_system(story, "found", "2021-04-01", "2019-03-20"))
        done(add_system(story, "new", "2021-04-01", "2021-03-20", covered=True))
        assert story.value("new", "scope.state") == "in_scope"
        assert story.value("found", "scope.state") == "outside"

    @pytest.mark.parametrize(
        ("fact", "value"), [("launched_on", "2014-01-01"), ("starts_in_scope", True)]
    )
    def test_what_was_said_of_a_system_changes_by_correction_only(
        self, fact: str, value: str | bool
    ) -> None:
        given = day(value) if isinstance(value, str) else value
        decision = disclosure().record("S1", "agency", "2020-09-03", **{fact: given})
        refused(decision, fact, "D20.8", code=Code.ALREADY_RECORDED)

    @pytest.mark.parametrize(("option", "granted"), [("publication", True), ("directive", False)])
    def test_a_policy_says_since_when_a_system_is_new(self, option: str, granted: bool) -> None:
        story = published(on="2021-02-01", new_system_since=option)
        decision = add_system(story, "new", "2021-04-01", "2020-10-10")
        assert decision.granted is granted

    @pytest.mark.parametrize(
        ("option", "dues"),
        [
            ("calendar", ["2021-06-30", "2021-09-30", "2021-12-31", "2022-03-31"]),
            ("running", ["2021-08-30", "2021-11-30", "2022-02-28"]),
        ],
    )
    def test_metrics_are_quarterly_after_270_days(self, option: str, dues: list[str]) -> None:
        story = disclosure(metric_quarters=option)
        story.tick(dues[-1])
        reports = story.children("D", "metrics_report")
        assert [story.value(case, "submit.due") for case in reports] == [day(due) for due in dues]
        (mark,) = done(
            story.fire(reports[0], "submit", "agency", dues[1], reports_received=4)
        ).entry.late
        assert mark.answerable == "agency"

    @pytest.mark.parametrize(
        ("transition", "due", "clause"),
        [
            ("scan_agencies", "2021-03-01", "D20.10"),
            ("update_directive", "2022-09-02", "D20.11"),
        ],
    )
    def test_the_reviewer_has_duties_of_its_own(
        self, transition: str, due: str, clause: str
    ) -> None:
        after = (day(due) + timedelta(days=1)).isoformat()
        for mode in ("flag", "refuse"):
            story = Story(REFORM, reviewer_late=mode)
            done(story.open("R", "directive_reviewer", "cisa", "2020-09-02"))
            assert story.value("R", f"{transition}.due") == day(due)
            decision = story.fire("R", transition, "cisa", after)
            if mode == "refuse":
                refused(decision, transition, clause, code=Code.LATE)
            else:
                assert [mark.answerable for mark in decision.entry.late] == ["cisa"]


class TestGrowth:
    """20-01: the scope grows by one system or more in every period until it is everything."""

    def test_the_periods_end_on_the_days_of_the_directive(self) -> None:
        story = published()
        story.tick("2021-11-26")
        periods = story.children("D", "scope_period")
        expected = ["2021-05-30", "2021-08-28", "2021-11-26"]
        assert [story.value(case, "confirm_growth.due") for case in periods] == [
            day(text) for text in expected
        ]

    def test_no_period_runs_before_there_is_a_policy_to_grow(self) -> None:
        story = disclosure()
        story.tick("2021-02-28")
        assert story.children("D", "scope_period") == []

    def test_by_30_may_2021_the_scope_exceeds_that_at_publication(self) -> None:
        story = published()
        story.tick("2021-05-30")
        (first,) = story.children("D", "scope_period")
        same = story.fire(first, "confirm_growth", "agency", "2021-05-30")
        refused(same, "scope_grew", "D20.6", code=Code.RULE_BROKEN)
        cover(story, "S2", "2021-05-30")
        assert done(story.fire(first, "confirm_growth", "agency", "2021-05-30")).entry.late == ()

    def test_growth_between_publication_and_the_first_look_at_the_clock_counts(self) -> None:
        story = published(on="2021-02-01")
        cover(story, "S2", "2021-02-10")
        story.tick("2021-05-30")
        (first,) = story.children("D", "scope_period")
        done(story.fire(first, "confirm_growth", "agency", "2021-05-30"))

    def test_without_a_new_statement_the_scope_is_that_at_publication(self) -> None:
        story = published(on="2021-02-01")
        assert story.value("D", "scope") == story.value("D", "published_scope") == 1
        story.tick("2021-05-31")
        _, second = story.children("D", "scope_period")
        assert story.value(second, "scope_before") == 1

    def test_the_second_period_starts_from_the_scope_at_its_own_start(self) -> None:
        story = published(4)
        cover(story, "S2", "2021-05-20")
        story.tick("2021-05-31")
        _, second = story.children("D", "scope_period")
        assert story.value(second, "scope_before") == 2
        same = story.fire(second, "confirm_growth", "agency", "2021-08-28")
        refused(same, "scope_grew", "D20.6")
        cover(story, "S3", "2021-08-29")
        (mark,) = done(story.fire(second, "confirm_growth", "agency", "2021-08-29")).entry.late
        assert (mark.days, mark.answerable) == (1, "agency")

    def test_an_agency_with_one_system_satisfies_every_period(self) -> None:
        story = published(1)
        story.tick("2021-03-02")
        (first,) = story.children("D", "scope_period")
        done(story.fire("D", "complete_scope", "agency", "2021-03-02"))
        done(story.fire(first, "confirm_growth", "agency", "2021-03-02"))
        story.tick("2022-09-02")
        assert story.children("D", "scope_period") == [first]

    def test_everything_means_every_system(self) -> None:
        story = published(2)
        missing = story.fire("D", "complete_scope", "agency", "2021-06-01")
        refused(missing, "everything_in_scope", "D20.7")
        done(story.fire("S2", "bring_in", "agency", "2021-06-01"))
        done(story.fire("D", "complete_scope", "agency", "2021-06-01"))
        late_find = add_system(story, "S3", "2021-07-01", "2019-01-01")
        refused(late_find, "none_left_out", "D20.7")

    def test_an_agency_without_systems_or_policy_has_not_covered_everything(self) -> None:
        decision = disclosure(0).fire("D", "complete_scope", "agency", "2021-06-01")
        refused(decision, "everything_in_scope", "D20.7")
        refused(decision, "policy_published", "D20.2")

    def test_two_years_are_the_end(self) -> None:
        story = published(1)
        (mark,) = done(story.fire("D", "complete_scope", "agency", "2022-09-03")).entry.late
        assert mark.days == 1
