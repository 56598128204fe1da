"""The UK service standard, told as stories with the dates and outcomes that the manual implies."""

from __future__ import annotations

from datetime import date

import pytest

from reformflow.errors import RequestError
from reformflow.model import Code, Decision
from support.stories import Story, day, done, refused

REFORM = "uk-service-standard"
CRITERIA = range(1, 19)
SCOPE = {
    "change": "completely_new",
    "owner_kind": "agency",
    "released_on": date(2016, 6, 1),
}


def proposed(volume: int | None = 150_000, **choices: str) -> Story:
    """Return a story with one service, proposed on the first day of 2016."""
    story = Story(REFORM, **choices)
    facts = SCOPE if volume is None else {**SCOPE, "volume": volume}
    done(story.open("S", "digital_service", "service_team", "2016-01-04", **facts))
    return story


def fund(story: Story, phase: str, on: str = "2016-01-05") -> None:
    """Have the spending of a phase approved."""
    case = f"S-{phase}-money"
    done(story.open(case, "spending", "service_team", on, parent="S", phase=phase))
    if story.value(case, "early"):
        act = story.fire(case, "approve_early", "spending_control", on, standard_is_condition=True)
    else:
        act = story.fire(
            case, "approve_advanced", "spending_control", on, recommendations="share components"
        )
    done(act)


def in_alpha(volume: int | None = 150_000, **choices: str) -> Story:
    """Return a story whose service has reached alpha."""
    story = proposed(volume, **choices)
    for phase in ("discovery", "alpha"):
        fund(story, phase)
        done(story.fire("S", f"start_{phase}", "service_team", "2016-01-06"))
    return story


def request(story: Story, on: str, case: str = "A1", point: str = "alpha") -> str:
    """Request an assessment, with its eighteen criteria, and return its case."""
    done(story.open(case, "assessment", "service_team", on, parent="S", point=point))
    by = "central_service" if story.value("S", "by_panel") else "lead_assessor"
    for number in CRITERIA:
        done(story.open(f"{case}.{number}", "criterion", by, on, parent=case, number=number))
    return case


def agree(story: Story, case: str, on: str, planned: str) -> Decision:
    """Agree a day for the assessment, by whoever is responsible."""
    if story.value("S", "by_panel"):
        return story.fire(case, "agree_day", "central_service", on, planned_on=day(planned))
    return story.fire(
        case,
        "appoint_assessor",
        "digital_leader",
        on,
        planned_on=day(planned),
        lead_assessor_name="A. Lee",
        assessor_trained=True,
    )


def hold(story: Story, case: str, on: str) -> None:
    """Hold the assessment on a day agreed on that same day."""
    done(agree(story, case, on, on))
    if story.value(case, "route") == "panel":
        done(story.fire(case, "hold_by_panel", "central_service", on))
    else:
        done(story.fire(case, "hold_by_assessor", "lead_assessor", on))


def judge(story: Story, case: str, on: str, *failing: int) -> None:
    """Judge every criterion that is open; those in `failing` are not met."""
    panel = story.value(case, "route") == "panel"
    who, by = ("panel", "central_service") if panel else ("assessor", "lead_assessor")
    for number in CRITERIA:
        if story.value(f"{case}.{number}", "judgement.state") == "not_judged":
            verdict = "not_met" if number in failing else "met"
            done(story.fire(f"{case}.{number}", f"{who}_finds_{verdict}", by, on))


def conclude(story: Story, case: str, on: str) -> Decision:
    """Give the result."""
    if story.value(case, "route") == "panel":
        return story.fire(case, "panel_result", "central_service", on)
    return story.fire(case, "assessor_result", "lead_assessor", on)


def assess(story: Story, case: str, on: str, *failing: int) -> None:
    """Hold, judge and conclude on one day."""
    hold(story, case, on)
    judge(story, case, on, *failing)
    done(conclude(story, case, on))


def ask_again(story: Story, case: str, on: str, kind: str = "full") -> None:
    done(story.fire(case, "ask_again", "service_team", on, reassessment=kind))


class TestScope:
    """Services of government that are new or redesigned and released after April 2014."""

    @pytest.mark.parametrize(
        ("fact", "value", "rule", "clause"),
        [
            ("change", "unchanged", "new_or_redesigned", "U1.1"),
            ("owner_kind", "other", "public_body", "U1.2"),
            ("released_on", date(2014, 4, 30), "released_in_time", "U1.3"),
        ],
    )
    def test_what_is_outside_the_scope_is_refused_by_its_clause(
        self, fact: str, value: object, rule: str, clause: str
    ) -> None:
        story = Story(REFORM)
        facts = {**SCOPE, fact: value}
        decision = story.open("S", "digital_service", "service_team", "2016-01-04", **facts)
        refused(decision, rule, clause, code=Code.RULE_BROKEN)

    @pytest.mark.parametrize(
        ("option", "released", "granted"),
        [
            ("month_over", date(2014, 5, 1), True),
            ("month_over", date(2014, 4, 30), False),
            ("from_its_first_day", date(2014, 4, 1), True),
            ("from_its_first_day", date(2014, 3, 31), False),
        ],
    )
    def test_the_policy_says_what_after_april_means(
        self, option: str, released: date, granted: bool
    ) -> None:
        story = Story(REFORM, after_april_2014=option)
        facts = {**SCOPE, "released_on": released}
        decision = story.open("S", "digital_service", "service_team", "2016-01-04", **facts)
        assert decision.granted is granted

    def test_a_redesigned_service_of_a_public_body_is_in_scope(self) -> None:
        story = Story(REFORM)
        facts = {**SCOPE, "change": "redesigned", "owner_kind": "public_body"}
        done(story.open("S", "digital_service", "service_team", "2016-01-04", **facts))


class TestRoutes:
    """The volume of transactions decides who assesses."""

    def test_150_000_a_year_goes_to_the_panel(self) -> None:
        story = in_alpha(150_000)
        case = request(story, "2016-02-01")
        by_department = story.fire(
            case,
            "appoint_assessor",
            "digital_leader",
            "2016-02-02",
            planned_on=day("2016-02-09"),
            lead_assessor_name="A. Lee",
            assessor_trained=True,
        )
        refused(by_department, "department_route", "U3.2")
        done(agree(story, case, "2016-02-02", "2016-02-09"))
        assert story.value(case, "route") == "panel"

    def test_99_999_a_year_is_certified_by_the_department(self) -> None:
        story = in_alpha(99_999)
        case = request(story, "2016-02-01")
        by_panel = story.fire(
            case, "agree_day", "central_service", "2016-02-02", planned_on=day("2016-02-09")
        )
        refused(by_panel, "panel_route", "U3.1")
        assess(story, case, "2016-02-09")
        assert story.value(case, "review.state") == "to_certify"
        fund(story, "beta")
        waiting = story.fire("S", "start_private_work", "service_team", "2016-02-10")
        refused(waiting, "first_passed", "U2.2")
        done(
            story.fire(case, "certify", "digital_leader", "2016-02-10", certificate_reference="C 1")
        )
        unfiled = story.fire(case, "file_certificate", "digital_leader", "2016-02-11")
        refused(unfiled, "file_certificate", "U3.5", code=Code.NOT_RECORDED)
        done(
            story.fire(
                case, "file_certificate", "digital_leader", "2016-02-11", filing_reference="F 1"
            )
        )
        assert story.value(case, "review.state") == "passed"
        done(story.fire("S", "start_private_work", "service_team", "2016-02-12"))

    @pytest.mark.parametrize(("option", "by_panel"), [("panel", True), ("department", False)])
    def test_a_policy_decides_exactly_100_000(self, option: str, by_panel: bool) -> None:
        story = in_alpha(100_000, exactly_100000=option)
        assert story.value("S", "by_panel") is by_panel
        assess(story, request(story, "2016-02-01"), "2016-02-09")
        assert story.value("A1", "route") == option

    @pytest.mark.parametrize(("volume", "by_panel"), [(100_001, True), (99_999, False), (0, False)])
    def test_the_policy_has_no_say_beside_100_000(self, volume: int, by_panel: bool) -> None:
        for option in ("panel", "department"):
            story = proposed(volume, exactly_100000=option)
            assert story.value("S", "by_panel") is by_panel

    def test_an_unknown_volume_opens_no_route(self) -> None:
        story = in_alpha(None)
        decision = story.open(
            "A1", "assessment", "service_team", "2016-02-01", parent="S", point="alpha"
        )
        refused(decision, "volume_known", "U3.1", "U3.2")

    def test_the_lead_assessor_has_to_be_trained(self) -> None:
        story = in_alpha(10)
        case = request(story, "2016-02-01")
        facts = {"planned_on": day("2016-02-09"), "lead_assessor_name": "A. Lee"}
        for trained, code in ((False, Code.RULE_BROKEN), (None, Code.NOT_RECORDED)):
            decision = story.fire(
                case,
                "appoint_assessor",
                "digital_leader",
                "2016-02-02",
                assessor_trained=trained,
                **facts,
            )
            refused(decision, "trained_assessor", "U3.3", code=code)

    def test_the_other_route_may_not_judge_a_criterion(self) -> None:
        story = in_alpha(150_000)
        hold(story, request(story, "2016-02-01"), "2016-02-09")
        decision = story.fire("A1.1", "assessor_finds_met", "lead_assessor", "2016-02-09")
        refused(decision, "assessor_is_judging", "U3.2")

    def test_the_leader_of_another_department_may_not_appoint(self) -> None:
        story = in_alpha(10)
        case = request(story, "2016-02-01")
        decision = story.fire(
            case,
            "appoint_assessor",
            "digital_leader",
            "2016-02-02",
            of="elsewhere",
            planned_on=day("2016-02-09"),
            lead_assessor_name="A. Lee",
            assessor_trained=True,
        )
        refused(decision, "appoint_assessor", code=Code.NOT_AUTHORISED)


class TestClocks:
    """The reviewer has dates to keep; the service team has none."""

    def test_a_day_is_due_four_weeks_after_the_request(self) -> None:
        story = in_alpha()
        case = request(story, "2016-11-24")
        assert story.value(case, "agree_day.due") == day("2016-12-22")
        assert story.value(case, "appoint_assessor.due") == day("2016-12-22")
        assert story.value(case, "review.due") == day("2016-12-22")

    def test_in_a_later_round_the_four_weeks_count_from_the_new_request(self) -> None:
        story = in_alpha()
        case = request(story, "2016-02-01")
        assess(story, case, "2016-02-09", 3)
        ask_again(story, case, "2016-04-04")
        for act in ("review", "agree_day", "appoint_assessor"):
            assert story.value(case, f"{act}.due") == day("2016-05-02")

    @pytest.mark.parametrize("volume", [150_000, 10])
    @pytest.mark.parametrize(("option", "granted"), [("agreement", True), ("assessment", False)])
    def test_a_policy_says_whether_the_agreed_day_is_bound_too(
        self, option: str, granted: bool, volume: int
    ) -> None:
        story = in_alpha(volume, four_weeks_bind=option)
        case = request(story, "2016-11-24")
        assert agree(story, case, "2016-12-01", "2016-12-23").granted is granted
        if not granted:
            decision = agree(story, case, "2016-12-01", "2016-12-23")
            refused(decision, "day_within_four_weeks", "U4.2")
            done(agree(story, case, "2016-12-01", "2016-12-22"))

    def test_an_assessment_on_22_december_2016_has_its_result_due_on_29_december(self) -> None:
        """26 and 27 December 2016 are bank holidays in England; counting starts the next day."""
        story = in_alpha()
        hold(story, request(story, "2016-12-01"), "2016-12-22")
        assert story.value("A1", "panel_result.due") == day("2016-12-29")
        assert story.value("A1", "review.due") == day("2016-12-29")

    @pytest.mark.parametrize(("on", "days"), [("2016-12-29", None), ("2016-12-30", 1)])
    def test_a_late_result_is_marked_and_the_panel_answers(self, on: str, days: int | None) -> None:
        story = in_alpha()
        hold(story, request(story, "2016-12-01"), "2016-12-22")
        judge(story, "A1", "2016-12-22")
        late = done(conclude(story, "A1", on)).entries[0].late
        assert [(mark.days, mark.answerable) for mark in late] == (
            [] if days is None else [(days, "central_service")]
        )

    def test_a_late_result_may_be_refused_by_policy(self) -> None:
        story = in_alpha(reviewer_late="refuse")
        hold(story, request(story, "2016-12-01"), "2016-12-22")
        judge(story, "A1", "2016-12-22")
        refused(conclude(story, "A1", "2016-12-30"), "panel_result", "U4.3", code=Code.LATE)
        done(conclude(story, "A1", "2016-12-29"))

    def test_the_lead_assessor_has_the_same_three_days(self) -> None:
        story = in_alpha(99_999)
        hold(story, request(story, "2016-12-01"), "2016-12-22")
        assert story.value("A1", "review.due") == day("2016-12-29")
        assert story.value("A1", "panel_result.due") is None

    def test_facts_are_checked_before_publication_within_five_working_days(self) -> None:
        story = in_alpha()
        assess(story, request(story, "2016-12-01"), "2016-12-22")
        assert story.value("A1", "confirm_facts.due") == day("2017-01-03")
        unchecked = story.fire(
            "A1", "publish_panel_report", "central_service", "2016-12-30", report_reference="R"
        )
        refused(unchecked, "publish_panel_report", "U4.4", code=Code.NOT_FROM_HERE)
        late = done(story.fire("A1", "confirm_facts", "service_team", "2017-01-04"))
        assert [mark.answerable for mark in late.entries[0].late] == ["central_service"]
        done(
            story.fire(
                "A1", "publish_panel_report", "central_service", "2017-01-04", report_reference="R"
            )
        )

    def test_every_round_gets_its_own_report(self) -> None:
        story = in_alpha()
        assess(story, request(story, "2016-02-01"), "2016-02-09", 4)
        for on in ("2016-02-10", "2016-04-12"):
            done(story.fire("A1", "confirm_facts", "service_team", on))
            done(
                story.fire("A1", "publish_panel_report", "central_service", on, report_reference=on)
            )
            if story.value("A1", "review.state") == "not_passed":
                assert story.value("A1", "report.state") == "published"
                ask_again(story, "A1", "2016-03-01")
                assess(story, "A1", "2016-04-11")
                assert story.value("A1", "report.state") == "fact_check"
        assert story.value("A1", "report.state") == "published"

    def test_no_date_makes_the_service_team_answerable(self) -> None:
        deadlines = [
            deadline
            for flow in Story(REFORM).engine.program.bound.workflows.values()
            for deadline in flow.deadlines.values()
        ]
        assert deadlines
        assert all(deadline.answerable for deadline in deadlines)
        assert "service_team" not in {
            role for deadline in deadlines for role, _ in deadline.answerable
        }


class TestOutcome:
    """Eighteen criteria, unlimited rounds, three kinds of re-assessment."""

    def test_all_eighteen_met_is_passed_and_one_not_met_is_not(self) -> None:
        for failing, state in (((), "passed"), ((18,), "not_passed")):
            story = in_alpha()
            assess(story, request(story, "2016-02-01"), "2016-02-09", *failing)
            assert story.value("A1", "review.state") == state

    @pytest.mark.parametrize("volume", [150_000, 10])
    def test_no_result_before_every_criterion_is_judged(self, volume: int) -> None:
        story = in_alpha(volume)
        hold(story, request(story, "2016-02-01"), "2016-02-09")
        panel = volume > 100_000
        who, by = ("panel", "central_service") if panel else ("assessor", "lead_assessor")
        for number in range(1, 18):
            done(story.fire(f"A1.{number}", f"{who}_finds_met", by, "2016-02-09"))
        refused(conclude(story, "A1", "2016-02-09"), "all_judged", "U5.2")
        done(story.fire("A1.18", f"{who}_finds_met", by, "2016-02-09"))
        done(conclude(story, "A1", "2016-02-09"))

    @pytest.mark.parametrize("volume", [150_000, 10])
    def test_no_result_over_seventeen_criteria_or_one_listed_twice(self, volume: int) -> None:
        story = in_alpha(volume)
        done(
            story.open("A1", "assessment", "service_team", "2016-02-01", parent="S", point="alpha")
        )
        panel = volume > 100_000
        who, by = ("panel", "central_service") if panel else ("assessor", "lead_assessor")
        for case, number in [*((f"A1.{n}", n) for n in range(1, 18)), ("A1.again", 17)]:
            done(story.open(case, "criterion", by, "2016-02-01", parent="A1", number=number))
        hold(story, "A1", "2016-02-09")
        for case in story.children("A1", "criterion"):
            done(story.fire(case, f"{who}_finds_met", by, "2016-02-09"))
        refused(conclude(story, "A1", "2016-02-09"), "eighteen_listed", "U5.2")

    def test_criteria_are_listed_before_the_result_and_judged_while_it_is_held(self) -> None:
        story = in_alpha()
        case = request(story, "2016-02-01")
        for verdict in ("met", "not_met"):
            early = story.fire("A1.1", f"panel_finds_{verdict}", "central_service", "2016-02-01")
            refused(early, "panel_is_judging", "U3.1")
            early = story.fire("A1.1", f"assessor_finds_{verdict}", "lead_assessor", "2016-02-01")
            refused(early, "assessor_is_judging", "U3.2", "U3.3")
        assess(story, case, "2016-02-09")
        decision = story.open("more", "criterion", "central_service", "2016-02-10", "A1", number=1)
        refused(decision, "assessment_open", "U5.2")

    @pytest.mark.parametrize("number", [0, 19])
    def test_criteria_are_numbered_from_1_to_18(self, number: int) -> None:
        story = in_alpha()
        request(story, "2016-02-01")
        with pytest.raises(RequestError):
            story.open("more", "criterion", "central_service", "2016-02-01", "A1", number=number)

    def test_nothing_is_held_before_the_agreed_day(self) -> None:
        for volume, hold_it, by in (
            (150_000, "hold_by_panel", "central_service"),
            (10, "hold_by_assessor", "lead_assessor"),
        ):
            story = in_alpha(volume)
            done(agree(story, request(story, "2016-02-01"), "2016-02-02", "2016-02-09"))
            refused(story.fire("A1", hold_it, by, "2016-02-08"), "day_has_come", "U4.2")
            done(story.fire("A1", hold_it, by, "2016-02-09"))

    def test_each_route_keeps_to_its_own_acts(self) -> None:
        story = in_alpha(150_000)
        request(story, "2016-02-01")
        done(agree(story, "A1", "2016-02-02", "2016-02-09"))
        by_other = story.fire("A1", "hold_by_assessor", "lead_assessor", "2016-02-09")
        refused(by_other, "on_department_route", "U3.2")
        done(story.fire("A1", "hold_by_panel", "central_service", "2016-02-09"))
        by_other = story.fire("A1", "assessor_result", "lead_assessor", "2016-02-09")
        refused(by_other, "on_department_route", "U3.2")
        by_other = story.fire("A1", "publish_department_report", "digital_leader", "2016-02-09")
        refused(by_other, "on_department_route", "U3.2")
        story = in_alpha(10)
        request(story, "2016-02-01")
        done(agree(story, "A1", "2016-02-02", "2016-02-09"))
        by_other = story.fire("A1", "hold_by_panel", "central_service", "2016-02-09")
        refused(by_other, "on_panel_route", "U3.1")
        done(story.fire("A1", "hold_by_assessor", "lead_assessor", "2016-02-09"))
        by_other = story.fire("A1", "panel_result", "central_service", "2016-02-09")
        refused(by_other, "on_panel_route", "U3.1")
        by_other = story.fire("A1", "publish_panel_report", "central_service", "2016-02-09")
        refused(by_other, "on_panel_route", "U3.1")

    def test_what_was_recorded_once_changes_by_correction_only(self) -> None:
        story = in_alpha()
        request(story, "2016-02-01")
        for case, by, facts in (
            ("S-alpha-money", "service_team", {"phase": "live"}),
            ("A1", "service_team", {"point": "live"}),
            ("A1.1", "central_service", {"number": 2}),
        ):
            decision = story.record(case, by, "2016-02-02", **facts)
            refused(decision, next(iter(facts)), code=Code.ALREADY_RECORDED)

    def test_no_volume_and_no_amount_is_below_zero(self) -> None:
        story = in_alpha()
        for case, facts in (("S", {"volume": -1}), ("S-alpha-money", {"amount": -1})):
            with pytest.raises(RequestError):
                story.record(case, "service_team", "2016-02-02", **facts)

    def test_a_full_reassessment_opens_every_criterion(self) -> None:
        story = in_alpha()
        assess(story, request(story, "2016-02-01"), "2016-02-09", 2, 5)
        ask_again(story, "A1", "2016-03-01", "full")
        states = {story.value(f"A1.{number}", "judgement.state") for number in CRITERIA}
        assert states == {"not_judged"}

    @pytest.mark.parametrize(
        ("kind", "opened"), [("full", 18), ("failed_only", 2), ("correspondence", 2)]
    )
    def test_the_department_reassesses_in_the_same_ways(self, kind: str, opened: int) -> None:
        story = in_alpha(99_999)
        assess(story, request(story, "2016-02-01"), "2016-02-09", 2, 5)
        assert story.value("A1", "review.state") == "not_passed"
        ask_again(story, "A1", "2016-12-22", kind)
        columns = [story.value(f"A1.{number}", "judgement.state") for number in CRITERIA]
        assert columns.count("not_judged") == opened
        if kind == "correspondence":
            assert story.value("A1", "review.due") == day("2016-12-29")
            assert story.value("A1", "panel_result.due") is None
            judge(story, "A1", "2016-12-23", 5)
            done(conclude(story, "A1", "2016-12-23"))
        else:
            assess(story, "A1", "2016-12-23", 5)
        assert story.value("A1", "escalations") == 1
        ask_again(story, "A1", "2016-12-30", kind)
        columns = [story.value(f"A1.{number}", "judgement.state") for number in CRITERIA]
        assert columns.count("not_judged") == (18 if kind == "full" else 1)

    @pytest.mark.parametrize("kind", ["failed_only", "correspondence"])
    def test_the_other_kinds_open_only_what_failed(self, kind: str) -> None:
        story = in_alpha()
        assess(story, request(story, "2016-02-01"), "2016-02-09", 2, 5)
        ask_again(story, "A1", "2016-03-01", kind)
        opened = [n for n in CRITERIA if story.value(f"A1.{n}", "judgement.state") == "not_judged"]
        assert opened == [2, 5]

    def test_by_correspondence_nobody_meets_and_the_result_counts_from_the_request(self) -> None:
        story = in_alpha()
        assess(story, request(story, "2016-02-01"), "2016-02-09", 2)
        ask_again(story, "A1", "2016-12-22", "correspondence")
        assert story.value("A1", "review.state") == "held"
        assert story.value("A1", "review.due") == day("2016-12-29")
        judge(story, "A1", "2016-12-23")
        done(conclude(story, "A1", "2016-12-23"))
        assert story.value("A1", "review.state") == "passed"

    def test_rounds_are_unlimited(self) -> None:
        story = in_alpha()
        request(story, "2016-02-01")
        for month in range(2, 12):
            assess(story, "A1", f"2016-{month:02}-09", 1)
            ask_again(story, "A1", f"2016-{month:02}-20", "failed_only")
        assess(story, "A1", "2016-12-09")
        assert story.value("A1", "review.state") == "passed"
        assert story.value("A1", "round") == 11


class TestEscalation:
    """The Cabinet Office writes to the minister after the same assessment was failed twice."""

    def failed(self, times: int, **choices: str) -> Story:
        story = in_alpha(**choices)
        request(story, "2016-02-01")
        for count in range(times):
            if count:
                ask_again(story, "A1", f"2016-{count + 2:02}-20")
            assess(story, "A1", f"2016-{count + 3:02}-09", 7)
            if story.value("A1", "escalation.state") == "letter_due":
                done(
                    story.fire(
                        "A1",
                        "write_to_minister",
                        "cabinet_office",
                        f"2016-{count + 3:02}-10",
                        letter_reference="L",
                    )
                )
        return story

    @pytest.mark.parametrize(("times", "escalations"), [(1, 0), (2, 1), (3, 1), (4, 1)])
    def test_two_failures_bring_one_letter_and_a_third_none(
        self, times: int, escalations: int
    ) -> None:
        assert self.failed(times).value("A1", "escalations") == escalations

    @pytest.mark.parametrize(("times", "escalations"), [(1, 0), (2, 1), (3, 2), (4, 3)])
    def test_the_policy_may_repeat_the_letter(self, times: int, escalations: int) -> None:
        story = self.failed(times, escalation_repeats="every_failure")
        assert story.value("A1", "escalations") == escalations

    def test_a_pass_after_one_failure_brings_none(self) -> None:
        story = self.failed(1)
        ask_again(story, "A1", "2016-03-20")
        assess(story, "A1", "2016-04-09")
        assert story.value("A1", "review.state") == "passed"
        assert story.value("A1", "escalations") == 0
        assert story.value("A1", "escalation.state") == "none_needed"

    def test_failures_of_two_assessments_do_not_add_up(self) -> None:
        story = self.failed(1)
        ask_again(story, "A1", "2016-03-20")
        assess(story, "A1", "2016-04-09")
        into_beta(story, "2016-04-10")
        request(story, "2016-05-01", "A2", "beta")
        assess(story, "A2", "2016-05-09", 1)
        assert story.value("A2", "escalations") == 0

    def test_a_second_case_for_the_same_assessment_does_not_start_the_count_anew(self) -> None:
        story = self.failed(1)
        request(story, "2016-03-20", "A1b")
        assess(story, "A1b", "2016-04-09")
        fund(story, "beta")
        decision = story.fire("S", "start_private_work", "service_team", "2016-04-10")
        refused(decision, "first_once", "U5.5")

    @pytest.mark.parametrize(
        ("case", "point", "gate", "rule"),
        [
            ("A2b", "beta", "launch_public", "second_once"),
            ("A3b", "live", "go_live", "third_once"),
        ],
    )
    def test_nor_do_the_second_and_the_third(
        self, case: str, point: str, gate: str, rule: str
    ) -> None:
        story = in_alpha()
        assess(story, request(story, "2016-02-01"), "2016-02-09")
        into_beta(story, "2016-03-01")
        if point == "live":
            into_public_beta(story, "2016-04-01")
        request(story, "2016-05-02", case, point)
        request(story, "2016-05-02", f"{case}.other", point)
        assess(story, case, "2016-05-09")
        facts = {"on_government_domain": True} if gate == "launch_public" else {}
        refused(story.fire("S", gate, "service_team", "2016-05-10", **facts), rule, "U5.5")

    def test_a_request_may_be_withdrawn_only_before_its_first_round(self) -> None:
        story = in_alpha()
        request(story, "2016-02-01", "early")
        done(story.fire("early", "withdraw", "service_team", "2016-02-02", reason="too early"))
        story = self.failed(1)
        ask_again(story, "A1", "2016-03-20")
        decision = story.fire("A1", "withdraw", "service_team", "2016-03-21", reason="give up")
        refused(decision, "never_assessed", "U5.5")

    def test_only_the_cabinet_office_writes(self) -> None:
        story = in_alpha()
        request(story, "2016-02-01")
        assess(story, "A1", "2016-02-09", 1)
        ask_again(story, "A1", "2016-02-20")
        assess(story, "A1", "2016-03-09", 1)
        decision = story.fire(
            "A1", "write_to_minister", "central_service", "2016-03-10", letter_reference="L"
        )
        refused(decision, "write_to_minister", "U5.6", code=Code.NOT_AUTHORISED)


def into_beta(story: Story, on: str) -> None:
    fund(story, "beta", on)
    done(story.fire("S", "start_private_work", "service_team", on))
    done(story.fire("S", "start_beta", "service_team", on))


def into_public_beta(story: Story, on: str) -> None:
    assess(story, request(story, on, "A2", "beta"), on)
    done(story.fire("S", "launch_public", "service_team", on, on_government_domain=True))


def live(**choices: str) -> Story:
    """Return a story whose service has gone live on 1 September 2016."""
    story = in_alpha(**choices)
    assess(story, request(story, "2016-02-01"), "2016-02-09")
    into_beta(story, "2016-03-01")
    into_public_beta(story, "2016-05-03")
    assess(story, request(story, "2016-08-01", "A3", "live"), "2016-08-09")
    fund(story, "live", "2016-08-10")
    done(story.fire("S", "go_live", "service_team", "2016-09-01"))
    return story


class TestPhases:
    """Three assessments before live, and a way back from it."""

    def test_each_gate_refuses_without_its_assessment(self) -> None:
        story = in_alpha()
        for phase in ("beta", "live"):
            fund(story, phase)
        gate = story.fire("S", "start_private_work", "service_team", "2016-02-01")
        refused(gate, "first_passed", "U2.2")
        assess(story, request(story, "2016-02-01"), "2016-02-09")
        done(story.fire("S", "start_private_work", "service_team", "2016-03-01"))
        done(story.fire("S", "start_beta", "service_team", "2016-03-01"))
        gate = story.fire(
            "S", "launch_public", "service_team", "2016-04-01", on_government_domain=True
        )
        refused(gate, "second_passed", "U2.4")
        into_public_beta(story, "2016-05-03")
        gate = story.fire("S", "go_live", "service_team", "2016-06-01")
        refused(gate, "third_passed", "U2.5")
        refused(gate, "three_passed", "U2.6")

    def test_an_assessment_is_requested_at_its_own_point_only(self) -> None:
        story = in_alpha()
        decision = story.open(
            "A3", "assessment", "service_team", "2016-02-01", parent="S", point="live"
        )
        refused(decision, "right_point", "U2.5")

    def test_the_public_beta_is_on_the_government_domain_and_marked_as_beta(self) -> None:
        story = in_alpha()
        assess(story, request(story, "2016-02-01"), "2016-02-09")
        into_beta(story, "2016-03-01")
        assess(story, request(story, "2016-05-03", "A2", "beta"), "2016-05-03")
        elsewhere = story.fire(
            "S", "launch_public", "service_team", "2016-05-04", on_government_domain=False
        )
        refused(elsewhere, "government_domain", "U2.4")
        done(
            story.fire(
                "S", "launch_public", "service_team", "2016-05-04", on_government_domain=True
            )
        )
        assert story.value("S", "beta_branding") is True

    def test_live_takes_the_beta_mark_off_then_maintenance_then_the_end(self) -> None:
        story = live()
        assert story.value("S", "beta_branding") is False
        early = story.fire("S", "retire", "service_team", "2016-10-01")
        refused(early, "retire", "U2.8", code=Code.NOT_FROM_HERE)
        done(story.fire("S", "hand_to_maintenance", "service_team", "2016-10-01"))
        done(story.fire("S", "retire", "service_team", "2016-11-01"))
        assert story.value("S", "life.state") == "retired"

    def test_a_service_called_in_again_goes_back_and_passes_the_third_assessment_anew(self) -> None:
        story = live()
        unexplained = story.fire(
            "S", "call_in_again", "central_service", "2016-10-03", performance_drop="half fail"
        )
        refused(unexplained, "call_in_again", "U2.9", code=Code.REASON_MISSING)
        done(
            story.fire(
                "S",
                "call_in_again",
                "central_service",
                "2016-10-03",
                reason="completion rate fell",
                performance_drop="half fail",
            )
        )
        assert story.value("S", "life.state") == "public_beta"
        assert story.value("S", "beta_branding") is True
        gate = story.fire("S", "go_live", "service_team", "2016-10-04")
        refused(gate, "third_passed", "U2.5")
        assess(story, request(story, "2016-10-10", "A4", "live"), "2016-10-20")
        done(story.fire("S", "go_live", "service_team", "2016-10-24"))

    def test_by_policy_it_goes_back_to_alpha_and_through_every_assessment(self) -> None:
        story = live(called_back_to="alpha")
        done(
            story.fire(
                "S",
                "call_back_to_alpha",
                "central_service",
                "2016-10-03",
                reason="completion rate fell",
                performance_drop="half fail",
            )
        )
        assert story.value("S", "life.state") == "alpha"
        gate = story.fire("S", "start_private_work", "service_team", "2016-10-04")
        refused(gate, "first_passed", "U2.2")
        assess(story, request(story, "2016-10-10", "A4"), "2016-10-20")
        done(story.fire("S", "start_private_work", "service_team", "2016-10-24"))

    def test_the_team_may_not_call_its_service_in(self) -> None:
        story = live()
        decision = story.fire(
            "S",
            "call_in_again",
            "service_team",
            "2016-10-03",
            reason="x",
            performance_drop="x",
        )
        refused(decision, "call_in_again", code=Code.NOT_AUTHORISED)


class TestSpending:
    """Each phase needs spending approval, on conditions early and with advice later."""

    def test_no_phase_begins_without_its_money(self) -> None:
        story = proposed()
        for phase in ("discovery", "alpha"):
            decision = story.fire("S", f"start_{phase}", "service_team", "2016-01-06")
            refused(decision, f"{phase}_funded", "U6.1")
            fund(story, phase)
            done(story.fire("S", f"start_{phase}", "service_team", "2016-01-06"))
        assess(story, request(story, "2016-02-01"), "2016-02-09")
        decision = story.fire("S", "start_private_work", "service_team", "2016-02-10")
        refused(decision, "beta_funded", "U6.1")
        into_beta(story, "2016-03-01")
        into_public_beta(story, "2016-05-03")
        assess(story, request(story, "2016-08-01", "A3", "live"), "2016-08-09")
        decision = story.fire("S", "go_live", "service_team", "2016-08-10")
        refused(decision, "live_funded", "U6.1")

    @pytest.mark.parametrize(
        ("option", "early"),
        [
            ("discovery", {"discovery"}),
            ("alpha", {"discovery", "alpha"}),
            ("beta", {"discovery", "alpha", "beta"}),
        ],
    )
    def test_a_policy_says_which_phases_are_early(self, option: str, early: set[str]) -> None:
        story = proposed(early_phases=option)
        for phase in ("discovery", "alpha", "beta", "live"):
            case = f"S-{phase}"
            done(story.open(case, "spending", "service_team", "2016-01-05", "S", phase=phase))
            assert story.value(case, "early") is (phase in early)

    def test_early_money_makes_the_standard_a_condition(self) -> None:
        story = proposed()
        done(story.open("M", "spending", "service_team", "2016-01-05", "S", phase="alpha"))
        for condition, code in ((False, Code.RULE_BROKEN), (None, Code.NOT_RECORDED)):
            decision = story.fire(
                "M",
                "approve_early",
                "spending_control",
                "2016-01-05",
                standard_is_condition=condition,
            )
            refused(decision, "standard_made_a_condition", "U6.2", code=code)
        decision = story.fire(
            "M", "approve_advanced", "spending_control", "2016-01-05", recommendations="x"
        )
        refused(decision, "advanced_stage", "U6.3")

    def test_later_money_comes_with_recommendations(self) -> None:
        story = proposed()
        done(story.open("M", "spending", "service_team", "2016-01-05", "S", phase="live"))
        silent = story.fire("M", "approve_advanced", "spending_control", "2016-01-05")
        refused(silent, "approve_advanced", "U6.3", code=Code.NOT_RECORDED)
        early = story.fire(
            "M", "approve_early", "spending_control", "2016-01-05", standard_is_condition=True
        )
        refused(early, "early_stage", "U6.2")
