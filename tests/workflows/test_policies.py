"""Policies that nobody had in mind when the library was written, in YAML only.

They are invented, each after a real kind of policy. Every due date below was counted by hand.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from reformflow.casework import connect
from reformflow.engine import Engine, Unlock
from reformflow.formats import dump, load
from reformflow.model import Act, Code, Decision, Fire, Request, Sign
from support.repository import ROOT
from support.stories import Story, day, done, refused

POLICIES = ROOT / "tests" / "definitions" / "policies"


class Tale(Story):
    """A story about one of the policies of this folder."""

    def __init__(self, policy: str, unit: str = "home", **choices: str) -> None:
        super().__init__(str(POLICIES / policy), unit, **choices)
        self.told: list[tuple[Request, Decision] | date] = []

    def ask(
        self, case: str, act: Act, by: str, on: str, *, reason: str | None = None, of: str = ""
    ) -> Decision:
        """Ask as every story does, and remember what was answered."""
        decision = super().ask(case, act, by, on, reason=reason, of=of)
        request = Request(case, act, self.actor(by, of or None), day(on), reason=reason)
        self.told.append((request, decision))
        return decision

    def tick(self, on: str) -> None:
        """Let time pass as in every story, and remember it."""
        super().tick(on)
        self.told.append(day(on))

    def due(self, case: str, on: str) -> list[tuple[str, str | None, str]]:
        """Return transition, due date and who answers for what stands over a case."""
        return [
            (item.transition, item.due.isoformat() if item.due else None, item.answerable)
            for item in self.engine.standing(self.docket, case, day(on))
        ]

    def unlock(self, case: str, transition: str, by: str, on: str, **facts: int) -> Unlock:
        request = Request(case, Fire(transition, facts), self.actor(by), day(on))
        return self.engine.unlock(self.docket, request)

    def sign(self, case: str, transition: str, by: str, on: str) -> Decision:
        act: Act = Sign(transition)
        return self.ask(case, act, by, on)


@pytest.mark.parametrize("folder", sorted(POLICIES.iterdir()), ids=lambda path: path.name)
def test_a_policy_written_in_yaml_only_loads_and_compiles(folder: Path) -> None:
    reform = load(folder)
    assert reform.id == folder.name
    Engine(reform)


@pytest.mark.parametrize("folder", sorted(POLICIES.iterdir()), ids=lambda path: path.name)
def test_a_policy_is_written_back_without_loss(folder: Path, tmp_path: Path) -> None:
    reform = load(folder)
    dump(reform, tmp_path / folder.name)
    assert load(tmp_path / folder.name) == reform


# --- 摊点备案: filing instead of approval, all in Chinese -------------------------------------


def stall(on: str = "2024-09-27", metres: int = 80, opened: str = "2024-06-01") -> Tale:
    tale = Tale("摊点备案", "甲")
    done(tale.open("摊", "备案", "摊主", on, 开摊日期=day(opened)))
    done(tale.fire("摊", "提交", "摊主", on, 地点="东街", 品类="早点", 距校米数=metres))
    return tale


def test_a_receipt_is_due_in_five_working_days_over_a_holiday_with_make_up_days() -> None:
    tale = stall()  # worked: 29, 30 September (a Sunday made up), 8, 9, 10 October
    assert tale.due("摊", "2024-09-28") == [("回执", "2024-10-10", "街道")]


def test_a_filing_without_receipt_counts_as_filed_from_the_day_of_filing() -> None:
    tale = stall()
    tale.tick("2024-10-10")
    assert tale.value("摊", "办理.state") == "待回执"
    tale.tick("2024-10-15")
    assert tale.value("摊", "办理.state") == "已备案"
    assert tale.value("摊", "备案起效") == day("2024-09-27")
    assert tale.last("摊").on == day("2024-10-11")
    late = tale.fire("摊", "回执", "街道", "2024-10-16", 回执编号="7")
    refused(late, "回执", "第三条", code=Code.NOT_FROM_HERE)


def test_the_clock_stands_still_while_papers_are_supplemented_and_no_silence_falls() -> None:
    tale = stall()
    done(tale.fire("摊", "告知", "街道", "2024-09-29", 补正内容="照片"))
    tale.tick("2024-10-31")  # nothing happens: the clock stands still
    assert tale.value("摊", "办理.state") == "补正中"


def test_supplementing_moves_the_receipt_by_the_working_days_it_took() -> None:
    tale = stall()
    done(tale.fire("摊", "告知", "街道", "2024-09-29", 补正内容="照片"))
    done(tale.fire("摊", "补正", "摊主", "2024-10-09"))  # 30 September, 8, 9 October: three days
    assert tale.due("摊", "2024-10-09") == [("回执", "2024-10-14", "街道")]
    again = tale.fire("摊", "告知", "街道", "2024-10-10", 补正内容="还缺")
    refused(again, "只告知一次", "第四条")


def test_the_ban_near_schools_starts_later_than_the_document_and_spares_old_stalls() -> None:
    near: dict[str, int] = {"metres": 30}
    stall("2024-08-30", **near)
    stall("2024-12-31", opened="2023-05-01", **near)
    tale = Tale("摊点备案", "甲")
    done(tale.open("摊", "备案", "摊主", "2024-09-01", 开摊日期=day("2024-06-01")))
    asked = tale.fire("摊", "提交", "摊主", "2024-09-01", 地点="x", 品类="早点", 距校米数=49)
    refused(asked, "避让学校", "第六条", code=Code.RULE_BROKEN)


def test_quarters_are_reported_within_ten_days_and_opened_on_the_first() -> None:
    tale = stall("2024-08-05")
    done(tale.fire("摊", "回执", "街道", "2024-08-06", 回执编号="1"))
    tale.tick("2024-09-30")
    assert tale.children("摊", "季报") == []
    tale.tick("2025-01-31")
    first, second = tale.children("摊", "季报")
    assert tale.value(first, "opened.on") == day("2024-10-01")
    assert tale.due(second, "2025-01-11") == [("上报", "2025-01-10", "摊主")]
    sent = done(tale.fire(first, "上报", "摊主", "2024-10-12", 营业天数=60))
    assert [(mark.days, mark.answerable) for mark in sent.entries[0].late] == [(2, "摊主")]


def test_three_complaints_strike_a_stall_off_and_it_can_be_restored() -> None:
    tale = stall()
    done(tale.fire("摊", "回执", "街道", "2024-09-29", 回执编号="1"))
    for on in ("2024-10-08", "2024-10-09"):
        done(tale.fire("摊", "投诉成立", "街道", on))
    assert tale.value("摊", "办理.state") == "已备案"
    done(tale.fire("摊", "投诉成立", "街道", "2024-10-10"))
    assert tale.value("摊", "办理.state") == "已清退"
    refused(tale.fire("摊", "恢复", "街道", "2024-10-11", reason="改好"), "恢复", "第九条")
    done(tale.fire("摊", "恢复", "委员会", "2024-10-11", reason="改好"))
    assert tale.value("摊", "投诉属实") == 0


# --- event-licence: silence as consent ---------------------------------------------------------


def applied(on: str = "2024-04-02", sound: int = 1320) -> Tale:
    tale = Tale("event-licence")
    done(tale.open("e", "licence", "organiser", on, people=900, sound_until=sound))
    done(tale.fire("e", "apply", "organiser", on))
    return tale


def test_silence_grants_the_licence_with_effect_from_the_application() -> None:
    tale = applied()  # 25 April and 1 May are holidays: the 20th working day is 2 May
    assert tale.due("e", "2024-04-02") == [("grant", "2024-05-02", "director")]
    tale.tick("2024-05-02")
    assert tale.value("e", "file.state") == "under_review"
    tale.tick("2024-05-03")
    assert tale.value("e", "file.state") == "licensed"
    assert tale.value("e", "valid_from") == day("2024-04-02")


def test_a_suspended_clock_is_extended_once_and_by_ten_working_days_at_most() -> None:
    tale = applied()
    done(tale.fire("e", "ask_papers", "clerk", "2024-04-10", papers_asked="a plan"))
    done(tale.fire("e", "hand_in", "organiser", "2024-04-17"))
    assert tale.due("e", "2024-04-17") == [("grant", "2024-05-09", "director")]
    far = tale.extend("e", "grant", "director", "2024-05-02", until="2024-05-24")
    refused(far, "grant", "A4", code=Code.TOO_LONG)
    done(tale.extend("e", "grant", "director", "2024-05-02", until="2024-05-23"))
    again = tale.extend("e", "grant", "director", "2024-05-03", until="2024-05-24")
    refused(again, "grant", "A4", code=Code.EXTENDED_ALREADY)
    done(tale.fire("e", "ask_papers", "clerk", "2024-05-22", papers_asked="more"))
    done(tale.fire("e", "hand_in", "organiser", "2024-05-24"))
    assert tale.due("e", "2024-05-24") == [("grant", "2024-05-27", "director")]


def test_a_deputy_acts_only_while_the_office_is_absent() -> None:
    tale = applied()
    refused(tale.fire("e", "grant_by_deputy", "deputy", "2024-04-10"), "absent", "A6")
    done(tale.record("e", "secretariat", "2024-04-10", director_absent=True))
    assert tale.due("e", "2024-04-10")[0][2] == "deputy"
    done(tale.fire("e", "grant_by_deputy", "deputy", "2024-04-10"))


def test_who_prepared_a_file_does_not_decide_on_it() -> None:
    tale = applied()
    done(tale.fire("e", "prepare", "director", "2024-04-05"))
    asked = tale.fire("e", "grant", "director", "2024-04-08")
    refused(asked, "prepare", code=Code.SAME_PERSON)


def test_applications_before_the_new_rule_keep_the_old_one() -> None:
    done(applied("2024-06-28", 1400).fire("e", "grant", "director", "2024-07-04"))
    tale = applied("2024-07-01", 1400)
    refused(tale.fire("e", "grant", "director", "2024-07-04"), "quiet_night", "A9")
    done(applied("2024-07-01", 1335).fire("e", "grant", "director", "2024-07-04"))


def test_an_appeal_in_time_takes_a_refused_case_back_with_a_fresh_clock() -> None:
    tale = applied()
    done(tale.fire("e", "refuse", "director", "2024-04-12", reason="no plan"))
    late = tale.unlock("e", "appeal_won", "court", "2024-05-13")
    assert [refusal.clauses for refusal in late.refusals] == [("A8",)]
    assert late.earliest is None
    done(tale.fire("e", "appeal_won", "court", "2024-05-10"))
    tale.tick("2024-05-10")  # the old date of 2 May is gone: silence does not fall at once
    # 20 working days after Friday 10 May; 30 May is a holiday, 10 June another
    assert tale.due("e", "2024-05-10") == [("grant", "2024-06-11", "director")]


# --- village-water: selection, budgets, a tree of two levels ----------------------------------


def call(ranks: tuple[int, ...] = (1, 2, 3), asks: tuple[int, ...] = (40, 30, 50)) -> Tale:
    tale = Tale("village-water", "west")
    start = "2025-02-10"
    done(tale.open("p", "programme", "ministry", start, budget=100, call_opens=day(start)))
    closes = tale.value("p", "call_closes")
    assert closes == day("2025-03-31")  # the end of the next month
    done(tale.open("w", "region", "ministry", start, "p", ceiling=80, quota=2, call_closes=closes))
    for number, (rank, ask) in enumerate(zip(ranks, asks, strict=True)):
        case = f"v{number}"
        done(tale.open(case, "village", "village_council", "2025-03-31", "w", asks=ask))
        done(tale.record(case, "region_office", "2025-04-02", rank=rank))
    return tale


def released(tale: Tale) -> Tale:
    done(tale.sign("p", "release", "finance", "2025-04-03"))
    done(tale.fire("p", "release", "ministry", "2025-04-03"))
    return tale


def test_nobody_applies_after_the_call() -> None:
    tale = call()
    asked = tale.open("v9", "village", "village_council", "2025-04-01", "w", asks=5)
    refused(asked, "call_open", "G2")


def test_regions_stay_within_the_budget_and_both_ministries_sign() -> None:
    tale = call()
    refused(tale.fire("p", "release", "ministry", "2025-04-03"), "release", "G8")
    done(tale.open("east", "region", "ministry", "2025-04-03", "p", ceiling=21, quota=1))
    refused(tale.sign("p", "release", "region_office", "2025-04-03"), "release", "G8")
    done(tale.sign("p", "release", "finance", "2025-04-03"))
    over = tale.fire("p", "release", "ministry", "2025-04-03")
    refused(over, "within_budget", "G1", code=Code.RULE_BROKEN)


def test_the_first_of_the_ranking_win_and_the_others_are_informed_and_may_appeal() -> None:
    tale = released(call())
    done(tale.fire("w", "choose", "region_office", "2025-04-14"))
    assert [tale.value(f"v{n}", "choice.state") for n in range(3)] == [
        "chosen",
        "chosen",
        "not_chosen",
    ]
    assert tale.due("v0", "2025-04-14") == []
    # after the 14th: 15, 16, 17, then Good Friday and Easter Monday, 22, 23
    assert tale.due("v2", "2025-04-14") == [("inform", "2025-04-23", "region_office")]
    done(tale.fire("v2", "inform", "region_office", "2025-04-23"))
    # ten working days, 1 May not worked: 8 May
    late = tale.unlock("v2", "appeal", "village_council", "2025-05-09")
    assert any(refusal.code is Code.LATE for refusal in late.refusals)
    done(tale.fire("v2", "appeal", "village_council", "2025-05-08", grounds="a count"))


def test_ties_within_the_quota_and_a_ceiling_passed_stop_the_choice() -> None:
    tale = released(call(ranks=(1, 2, 2)))
    refused(tale.fire("w", "choose", "region_office", "2025-04-14"), "no_ties", "G3")
    tale = released(call(asks=(40, 41, 10)))
    refused(tale.fire("w", "choose", "region_office", "2025-04-14"), "within_ceiling", "G7")


def test_the_tree_is_complete_when_its_last_village_is() -> None:
    tale = released(call())
    done(tale.fire("w", "choose", "region_office", "2025-04-14"))
    done(tale.fire("v0", "dig", "village_council", "2025-06-02"))
    assert tale.value("p", "run.state") == "running"
    done(tale.fire("v1", "dig", "village_council", "2025-06-03"))
    assert tale.value("w", "run.state") == "finished"
    assert tale.value("p", "run.state") == "complete"


# --- staff-cut: a share of a frozen number, a freeze, three offices ----------------------------


def bureau(posts: int, baseline: int = 130, **choices: str) -> Tale:
    tale = Tale("staff-cut", **choices)
    done(
        tale.open("b", "bureau_case", "establishment", "2026-12-01", baseline=baseline, posts=posts)
    )
    return tale


@pytest.mark.parametrize(
    ("rounding", "least"),
    [("up", 7), ("down", 6), ("half_up", 7)],  # five percent of 130 are six and a half
)
def test_the_share_of_the_frozen_number_is_rounded_as_the_policy_says(
    rounding: str, least: int
) -> None:
    done(bureau(130 - least, rounding=rounding).fire("b", "send_plan", "bureau", "2026-12-21"))
    asked = bureau(131 - least, rounding=rounding).fire("b", "send_plan", "bureau", "2026-12-21")
    refused(asked, "enough_cut", "S1", code=Code.RULE_BROKEN)


def test_the_reference_number_is_frozen() -> None:
    again = bureau(120).record("b", "establishment", "2026-12-02", baseline=100)
    refused(again, "baseline", "S1", code=Code.ALREADY_RECORDED)


def test_the_plan_is_due_on_the_last_working_day_of_the_second_month() -> None:
    tale = bureau(120)  # 28 February 2027 is a Sunday
    assert tale.due("b", "2027-01-04") == [("send_plan", "2027-02-26", "bureau")]
    late = tale.fire("b", "send_plan", "bureau", "2027-02-28")
    refused(late, "send_plan", "S3", code=Code.REASON_MISSING)
    done(tale.fire("b", "send_plan", "bureau", "2027-02-28", reason="merger"))


def test_hiring_is_frozen_for_half_a_year_and_unlock_names_the_first_free_day() -> None:
    tale = bureau(120)
    done(tale.fire("b", "hire", "bureau", "2026-12-31"))
    refused(tale.fire("b", "hire", "bureau", "2027-01-01"), "no_hiring", "S2")
    refused(tale.fire("b", "hire", "bureau", "2027-06-30"), "no_hiring", "S2")
    assert tale.unlock("b", "hire", "bureau", "2027-03-01").earliest == day("2027-07-01")
    done(tale.fire("b", "hire", "bureau", "2027-07-01"))


def approved() -> Tale:
    tale = bureau(120)
    done(tale.fire("b", "send_plan", "bureau", "2027-02-01"))
    for office in ("finance", "personnel"):
        done(tale.sign("b", "approve", office, "2027-03-09"))
    done(tale.fire("b", "approve", "establishment", "2027-03-10"))
    return tale


def test_three_offices_approve_together_and_the_case_closes_when_the_money_follows() -> None:
    tale = bureau(120)
    done(tale.fire("b", "send_plan", "bureau", "2027-02-01"))
    done(tale.sign("b", "approve", "finance", "2027-03-09"))
    alone = tale.fire("b", "approve", "establishment", "2027-03-10")
    refused(alone, "approve", "S4", code=Code.NOT_SIGNED)
    refused(tale.fire("b", "adjust", "finance", "2027-03-10"), "approved", "S6")
    tale = approved()
    done(tale.fire("b", "adjust", "finance", "2027-03-31"))
    assert tale.value("b", "cut.state") == "closed"


def test_half_years_are_reported_ten_working_days_after_their_end() -> None:
    tale = approved()
    tale.tick("2027-06-29")
    assert tale.children("b", "half_year_report") == []
    tale.tick("2027-06-30")
    (first,) = tale.children("b", "half_year_report")
    assert tale.value(first, "posts_before") == 130
    assert tale.due(first, "2027-06-30") == [("send", "2027-07-14", "bureau")]


# --- light-plastics: prohibitions that start, measures that change, stock that is spared -------


def product(kind: str, thickness: int, applied_on: str | None = None, **facts: object) -> Tale:
    tale = Tale("light-plastics")
    made = {"made_on": day(str(facts["made_on"]))} if "made_on" in facts else {}
    done(tale.open("p", "product", "maker", "2025-01-02", kind=kind, thickness=thickness, **made))
    if applied_on:
        done(tale.fire("p", "apply", "maker", applied_on))
    return tale


def test_the_measure_changes_midway_and_pending_cases_keep_the_old_one() -> None:
    done(product("carrier", 20, "2025-06-02").fire("p", "register", "authority", "2025-06-30"))
    done(product("carrier", 20, "2025-06-30").fire("p", "register", "authority", "2025-07-01"))
    thin = product("carrier", 20, "2025-07-01").fire("p", "register", "authority", "2025-07-02")
    refused(thin, "new_measure", "L2", "L3")
    thinner = product("carrier", 14, "2025-06-02").fire("p", "register", "authority", "2025-06-30")
    refused(thinner, "old_measure", "L1")
    refused(
        product("carrier", 14, "2025-06-02").fire("p", "register", "authority", "2025-07-01"),
        "new_measure",
    )


def test_a_ban_starts_with_2026_and_an_exemption_ends_with_it() -> None:
    done(product("oxo", 60, "2025-12-01").fire("p", "register", "authority", "2025-12-31"))
    banned = product("oxo", 60, "2025-12-01").fire("p", "register", "authority", "2026-01-01")
    refused(banned, "no_oxo", "L5")
    done(product("medical", 5, "2026-12-01").fire("p", "register", "authority", "2026-12-31"))
    ended = product("medical", 5, "2026-12-01").fire("p", "register", "authority", "2027-01-01")
    refused(ended, "new_measure", "L2")


def test_old_stock_is_sold_off_until_the_end_of_the_year() -> None:
    old = product("carrier", 9, made_on="2024-12-31")
    refused(old.fire("p", "sell_off", "maker", "2026-01-01"), "old_stock", "L4")
    done(old.fire("p", "sell_off", "maker", "2025-12-31"))
    fresh = product("carrier", 9, made_on="2025-01-01")
    refused(fresh.fire("p", "sell_off", "maker", "2025-02-03"), "old_stock", "L4")
    unknown = product("carrier", 9).fire("p", "sell_off", "maker", "2025-02-03")
    refused(unknown, "old_stock", "L4", code=Code.NOT_RECORDED)


def test_registration_within_six_weeks_rolls_over_a_holiday() -> None:
    tale = product("carrier", 60, "2025-04-17")  # six weeks: 29 May, Ascension Day
    assert tale.due("p", "2025-04-17") == [("register", "2025-05-30", "authority")]


# --- food-trucks: a lottery of start days, terms that renew and run out ------------------------


def drawn(lot: str, since: str = "2020-05-01") -> Tale:
    tale = Tale("food-trucks")
    done(tale.open("t", "permit", "vendor", "2022-07-05", licensed_since=day(since)))
    done(tale.sign("t", "draw", "observer", "2022-07-11"))
    done(tale.fire("t", "draw", "registrar", "2022-07-11", lot=lot))
    return tale


@pytest.mark.parametrize(
    ("lot", "first"), [("A", "2022-09-01"), ("B", "2022-11-01"), ("C", "2023-01-03")]
)
def test_every_group_waits_for_its_first_day(lot: str, first: str) -> None:
    tale = drawn(lot)
    early = tale.unlock("t", "apply", "vendor", "2022-08-31")
    assert [(refusal.code, refusal.clauses) for refusal in early.refusals] == [
        (Code.TOO_EARLY, ("F2",))
    ]
    assert early.earliest == day(first)
    done(tale.fire("t", "apply", "vendor", first))


def test_a_draw_without_its_observer_does_not_count_and_old_hands_need_none() -> None:
    tale = Tale("food-trucks")
    done(tale.open("t", "permit", "vendor", "2022-07-05", licensed_since=day("2014-12-31")))
    alone = tale.fire("t", "draw", "registrar", "2022-07-11", lot="A")
    refused(alone, "draw", "F1", code=Code.NOT_SIGNED)
    done(tale.fire("t", "apply_as_old_hand", "vendor", "2022-07-12"))
    tale = Tale("food-trucks")
    done(tale.open("t", "permit", "vendor", "2022-07-05", licensed_since=day("2015-01-01")))
    refused(tale.fire("t", "apply_as_old_hand", "vendor", "2022-07-12"), "old_hand", "F3")


def test_an_answer_due_on_thanksgiving_is_due_the_day_after() -> None:
    tale = drawn("B")
    done(tale.fire("t", "apply", "vendor", "2022-11-09"))
    assert tale.due("t", "2022-11-09") == [("issue", "2022-11-25", "registrar")]


def valid() -> Tale:
    tale = drawn("B")
    done(tale.fire("t", "apply", "vendor", "2022-11-01"))
    done(tale.fire("t", "issue", "registrar", "2022-11-15"))
    assert tale.value("t", "ends_on") == day("2024-11-30")
    return tale


def test_a_renewed_term_joins_on_to_the_old_one() -> None:
    tale = valid()
    refused(tale.fire("t", "renew", "vendor", "2024-08-31"), "renew", "F5", code=Code.TOO_EARLY)
    done(tale.fire("t", "renew", "vendor", "2024-09-01"))
    assert tale.value("t", "ends_on") == day("2026-11-30")
    tale.tick("2026-11-30")
    assert tale.value("t", "permit.state") == "valid"


def test_a_term_runs_out_and_revives_within_thirty_days_only() -> None:
    tale = valid()
    tale.tick("2024-12-10")
    assert (tale.value("t", "permit.state"), tale.last("t").on) == ("lapsed", day("2024-12-01"))
    unpaid = tale.fire("t", "revive", "registrar", "2024-12-30", fee_paid=False)
    refused(unpaid, "paid", "F6")
    refused(tale.fire("t", "revive", "registrar", "2024-12-31", fee_paid=True), "revive", "F6")
    done(tale.fire("t", "revive", "registrar", "2024-12-30", fee_paid=True))
    assert tale.value("t", "ends_on") == day("2026-12-31")
    other = valid()
    other.tick("2025-01-31")
    assert [entry.name for entry in other.docket.entries("t")][-2:] == ["lapse", "end"]
    assert other.last("t").on == day("2024-12-31")


# --- community-radio: two examinations that join, quarterly returns, warnings that count -------


def licensed() -> Tale:
    tale = Tale("community-radio")
    done(tale.open("s", "station", "station", "2024-01-15"))
    done(tale.fire("s", "examine_mast", "engineer", "2024-01-22", mast_height=50))
    assert tale.value("s", "mast.state") == "failed"
    done(tale.fire("s", "examine_money", "regulator", "2024-02-01"))
    done(tale.fire("s", "examine_mast", "engineer", "2024-02-12", mast_height=40))
    return tale


def test_both_examinations_join_into_the_licence() -> None:
    tale = licensed()
    assert tale.value("s", "licence.state") == "licensed"
    assert tale.value("s", "licensed_on") == day("2024-02-12")


def test_returns_are_due_at_the_end_of_the_month_after_the_quarter() -> None:
    tale = licensed()
    tale.tick("2024-04-01")
    first, second = tale.children("s", "quarter_return")
    assert tale.due(first, "2024-04-01") == [("send", "2024-04-30", "station")]
    refused(tale.fire(first, "send", "station", "2024-03-31", listeners=1), "quarter_over", "C3")
    done(tale.fire(first, "send", "station", "2024-04-30", listeners=900))
    assert tale.due(second, "2024-04-30") == [("send", "2024-07-31", "station")]


def test_missed_returns_are_warned_for_one_by_one_until_the_licence_is_suspended() -> None:
    tale = licensed()
    refused(tale.fire("s", "warn", "regulator", "2024-04-30"), "missed_more", "C4")
    tale.tick("2024-05-01")
    done(tale.fire("s", "warn", "regulator", "2024-05-02"))
    refused(tale.fire("s", "warn", "regulator", "2024-05-03"), "missed_more", "C4")
    tale.tick("2024-08-01")
    done(tale.fire("s", "warn", "regulator", "2024-08-02"))
    assert tale.value("s", "licence.state") == "suspended"
    done(tale.fire("s", "lift", "regulator", "2024-09-02", reason="mended its ways"))
    refused(tale.fire("s", "warn", "regulator", "2024-09-03"), "missed_more", "C4")
    assert (tale.value("s", "licence.state"), tale.value("s", "warnings")) == ("licensed", 0)


# --- boiler-safety: deadlines by severity, escalation by count ---------------------------------


def inspected(*defects: str) -> Tale:
    tale = Tale("boiler-safety")
    done(tale.open("b", "boiler", "plant", "2024-02-15"))
    for severity in defects:
        done(tale.open(severity, "defect", "inspector", "2024-02-16", "b", severity=severity))
    return tale


def test_every_defect_has_the_date_of_its_severity() -> None:
    tale = inspected("critical", "serious", "slight")
    dues = [tale.due(case, "2024-02-16") for case in ("critical", "serious", "slight")]
    assert dues == [
        [("mend", "2024-02-17", "plant")],
        [("mend", "2024-03-08", "plant")],
        [("mend", "2024-05-16", "plant")],
    ]


def test_a_critical_defect_keeps_the_boiler_cold() -> None:
    tale = inspected("critical", "slight")
    refused(tale.fire("b", "fire_up", "plant", "2024-02-17"), "nothing_critical", "B2")
    done(tale.fire("critical", "mend", "inspector", "2024-02-17"))
    done(tale.fire("b", "fire_up", "plant", "2024-02-17"))


def test_two_overdue_defects_close_the_boiler_and_mending_all_lets_it_back() -> None:
    tale = inspected("critical", "serious", "slight")
    tale.tick("2024-03-08")
    assert tale.value("b", "service.state") == "cold"
    tale.tick("2024-03-09")
    assert tale.value("b", "service.state") == "closed_down"
    late = done(tale.fire("serious", "mend", "inspector", "2024-03-11"))
    assert [(mark.days, mark.answerable) for mark in late.entries[0].late] == [(3, "plant")]
    refused(tale.fire("b", "put_back", "inspectorate", "2024-03-11"), "all_mended", "B4")
    for case in ("critical", "slight"):
        done(tale.fire(case, "mend", "inspector", "2024-03-12"))
    done(tale.fire("b", "put_back", "inspectorate", "2024-03-12"))
    assert tale.value("b", "service.state") == "cold"


# --- the same stories in a database ------------------------------------------------------------


def stall_story() -> Tale:
    tale = stall()
    done(tale.fire("摊", "告知", "街道", "2024-09-29", 补正内容="照片"))
    done(tale.fire("摊", "补正", "摊主", "2024-10-09"))
    refused(tale.fire("摊", "告知", "街道", "2024-10-10", 补正内容="还缺"), "只告知一次")
    tale.tick("2025-01-31")
    return tale


def licence_story() -> Tale:
    tale = applied()
    done(tale.fire("e", "ask_papers", "clerk", "2024-04-10", papers_asked="a plan"))
    done(tale.fire("e", "hand_in", "organiser", "2024-04-17"))
    done(tale.extend("e", "grant", "director", "2024-05-02", until="2024-05-23"))
    refused(tale.extend("e", "grant", "director", "2024-05-03", until="2024-05-24"), "grant")
    tale.tick("2024-05-24")
    return tale


def village_story() -> Tale:
    tale = call(asks=(40, 41, 10))
    refused(tale.fire("w", "choose", "region_office", "2025-04-03"), "within_ceiling")
    released(tale)
    done(tale.record("v1", "region_office", "2025-04-04", rank=3))
    done(tale.record("v2", "region_office", "2025-04-04", rank=2))
    done(tale.fire("w", "choose", "region_office", "2025-04-14"))
    return tale


def station_story() -> Tale:
    tale = licensed()
    tale.tick("2024-05-01")
    done(tale.fire("s", "warn", "regulator", "2024-05-02"))
    tale.tick("2024-08-01")
    done(tale.fire("s", "warn", "regulator", "2024-08-02"))
    return tale


@pytest.mark.parametrize("story", [stall_story, licence_story, village_story, station_story])
def test_a_story_ends_the_same_in_a_database(story: Callable[[], Tale], tmp_path: Path) -> None:
    tale = story()
    reform = tale.engine.program.bound.reform
    url = f"sqlite:///{tmp_path / 'cases.db'}"
    with connect(url, reform, clock=lambda: datetime(2030, 1, 1, tzinfo=UTC)) as book:
        for told in tale.told:
            if isinstance(told, date):
                book.tick(told)
                continue
            request, decision = told
            assert book.do(request).refusals == decision.refusals
        for case in tale.docket.ids():
            assert book.case(case).values == tale.docket.case(case).values
        assert book.verify() == ()
