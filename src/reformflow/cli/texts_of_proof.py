"""The words of the commands that judge definitions and what others did, without a database."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from reformflow.model import Text

PROOF: Final[Mapping[str, Text]] = {
    # check
    "error": Text("error", "错误"),
    "warning": Text("warning", "警告"),
    "note": Text("note", "提示"),
    "under_policies": Text("with the options {options}", "当政策选项为{options}时"),
    "on_day": Text("on {on}", "日期{on}"),
    "witness_steps": Text("by way of: {steps}", "经由：{steps}"),
    "witness_case": Text("such as: {values}", "例如：{values}"),
    "witness_schedule": Text("schedule: {steps}", "日程：{steps}"),
    "witness_parts": Text("together: {parts}", "涉及：{parts}"),
    # diff
    "diff": Text("{id}: {old} → {new}", "{id}：{old} → {new}"),
    "diff_none": Text("Nothing differs in meaning.", "含义没有差别。"),
    # schedule
    "schedule": Text(
        "From when, and until when at the latest, a stage begins", "各阶段最早、最迟的开始日"
    ),
    "first_day": Text("earliest", "最早"),
    "latest_start": Text("latest safe start", "最迟开始"),
    "no_schedule": Text("No day is the same for every case.", "没有对所有个案都相同的日期。"),
    # audit
    "audit_refused": Text(
        "Lines that the rules did not allow ({count})", "规则不允许的行（{count}）"
    ),
    "audit_none": Text("The rules allowed every line.", "各行均符合规则。"),
    "audit_more": Text("… and {count} more: --all shows them", "……另有{count}行，用 --all 查看"),
    "audit_skipped": Text("missing before it: {steps}", "此前缺少：{steps}"),
    "audit_unmet": Text(
        "it claims “{claimed}”, but what is told leads to “{reached}”; missing: {steps}",
        "所称状态“{claimed}”，而已记各行只到“{reached}”；缺少：{steps}",
    ),
    "audit_no_way": Text("no way leads there", "无路可达"),
    "audit_late": Text("late by {days:day|days}", "逾期{days}天"),
    "audit_acts": Text("Acts and their dates", "办理事项与时限"),
    "audit_overdue": Text("Not done by {on} although due", "截至{on}到期未办"),
    "act": Text("act", "事项"),
    "lines": Text("lines", "行数"),
    "not_allowed": Text("not allowed", "不允许"),
    "late_lines": Text("late", "逾期"),
    "most_days": Text("most days", "最多天数"),
    "all_days": Text("days in all", "合计天数"),
    "audit_reasons": Text("Why lines were not allowed", "不允许的原因"),
    "audit_total": Text(
        "Lines: {lines} = {allowed} allowed + {refused} not allowed + {invalid} not readable",
        "行数：{lines} = 允许{allowed} + 不允许{refused} + 无法处理{invalid}",
    ),
    "audit_cases": Text(
        "Cases: {cases}; late: {late}, with {acts:late act|late acts}; overdue on {on}: {overdue}",
        "个案：{cases}；逾期办理{late}个（{acts}次）；截至{on}到期未办{overdue}个",
    ),
    "audit_unmet_total": Text(
        "Lines whose claimed state was not reached: {count}", "所称状态未达到的行：{count}"
    ),
    # prove
    "proving": Text("proving", "证明"),
    "proved": Text("proved", "已证明"),
    "refuted": Text("refuted", "已否证"),
    "unknown": Text("unknown", "未定"),
    "proof_unknown": Text(
        "neither proved, nor broken by up to {depth:act|acts}", "未能证明，{depth}步以内亦未违反"
    ),
    "proof_not_tried": Text(
        "not proved; the way against it that was found is not open to real cases",
        "未能证明；所找到的反例在实际个案中不可行",
    ),
    "proof_of_time": Text(
        "not proved; where it was found to be waited for, it comes by itself or somebody answers",
        "未能证明；所找到的等待情形中，期限内自动发生或有人负责",
    ),
    "proof_of_others": Text(
        "the definition lets others do it too, but no way was found on which they could",
        "定义也允许其他角色作出，但未找到可行的途径",
    ),
    "proof_breach": Text("broken on {on}: {values}; the ledger:", "{on}违反：{values}；台账："),
    "proof_total": Text(
        "{proved} proved, {refuted} refuted, {unknown} unknown",
        "已证明{proved}项，已否证{refuted}项，未定{unknown}项",
    ),
    # paths
    "covered": Text(
        "{workflow}: {courses:course|courses} show {shown:thing|things}",
        "{workflow}：{courses}条路径展示{shown}项",
    ),
    "not_shown": Text("no course found: {mark}", "未找到路径：{mark}"),
    # mutants
    "hunting": Text("trying mutants", "检验变异定义"),
    "hunted": Text(
        "{killed} of {mutants:mutant|mutants} noticed: {by_properties} by properties, "
        "{by_examples} by examples alone, {invalid} that do not load; {alive} live on",
        "{mutants}个变异定义中发现{killed}个：性质发现{by_properties}个，"
        "仅示例发现{by_examples}个，无法加载{invalid}个；未发现{alive}个",
    ),
    # simulate
    "simulating": Text("simulating", "模拟"),
    "simulated": Text(
        "{runs:run|runs} of {cases:case|cases} until {until}",
        "{cases}个个案模拟{runs}次，至{until}",
    ),
    "judged": Text("cases with the date", "涉及个案数"),
    "share_kept": Text("keep it", "按期比例"),
    "nine_of_ten": Text("9 of 10 runs", "九成运行"),
    "days_late_each": Text("days late each", "逾期者平均天数"),
    "held_up": Text("Where the days go, for each case", "每个个案的时间去向"),
    "waited": Text("days waiting", "等待天数"),
    "worked": Text("days in work", "办理天数"),
    "bottleneck": Text(
        "Bottleneck: “{act}”; each case waits {days} days there for a free hand.",
        "瓶颈：“{act}”，每个个案在此平均等待{days}天。",
    ),
    "ends_half": Text("Half of the cases are through by {half}.", "半数个案于{half}前办完。"),
    "unfinished": Text(
        "Not through by {until}: {share} of the cases.", "至{until}未办完的个案占{share}。"
    ),
    "ends": Text(
        "Half of the cases are through by {half}, nine of ten by {most}.",
        "半数个案于{half}前办完，九成于{most}前办完。",
    ),
}
