"""The words of the command line in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from reformflow.cli.texts_of_proof import PROOF
from reformflow.model import Text

_TEXTS: Final[Mapping[str, Text]] = {
    # the board
    "board": Text("Board of {label} on {on}", "{label}进展表（{on}）"),
    "summary": Text("Totals on {on}", "汇总（{on}）"),
    "case": Text("case", "编号"),
    "subject": Text("subject", "名称"),
    "unit": Text("unit", "单位"),
    "workflow": Text("workflow", "流程"),
    "track": Text("track", "轨道"),
    "stage": Text("stage", "阶段"),
    "state": Text("state", "状态"),
    "due": Text("due", "期限"),
    "days": Text("days left", "剩余天数"),
    "standing": Text("standing", "时限"),
    "days_late": Text("days late", "逾期天数"),
    "treatment": Text("standing", "处理方式"),
    "answerable": Text("answerable", "责任方"),
    "late_acts": Text("late acts", "逾期办理"),
    "cases": Text("cases", "个案数"),
    "deadline": Text("deadline of", "期限事项"),
    "on_time": Text("on time", "按期"),
    "due_soon": Text("due in 7 days", "7天内到期"),
    "late": Text("late", "逾期"),
    "done": Text("done", "办结"),
    "paused": Text("paused", "中止"),
    "no_date": Text("no date", "无期限"),
    "legend": Text(
        "● on time  ◐ due within 7 days  ✗ late  ✓ done  ‖ paused  ○ no date",
        "● 按期  ◐ 7天内到期  ✗ 逾期  ✓ 办结  ‖ 中止计时  ○ 无期限",
    ),
    "overdue": Text("Overdue on {on}", "逾期事项（{on}）"),
    "nothing_late": Text("Nothing is late on {on}.", "截至{on}没有逾期事项。"),
    "no_cases": Text("There are no cases.", "没有个案。"),
    # run
    "refused_title": Text("Refused lines ({count})", "未通过的行（{count}）"),
    "none_refused": Text("No line was refused.", "没有未通过的行。"),
    "clause": Text("clause", "依据"),
    "to_do": Text("to do", "处理"),
    "again": Text("refused before", "此前已答复"),
    "roster_total": Text(
        "Roster: {lines:line|lines} = {done} opened + {before} open before + {refused} refused"
        " + {invalid} not readable",
        "名册：共{lines}行 = 新立案{done} + 此前已立案{before} + 未通过{refused}"
        " + 无法处理{invalid}",
    ),
    "ledger_total": Text(
        "Ledger: {lines:line|lines} = {done} applied + {before} applied before + {refused} refused"
        " + {invalid} not readable",
        "台账：共{lines}行 = 已办理{done} + 此前已办理{before} + 未通过{refused}"
        " + 无法处理{invalid}",
    ),
    "brought": Text("Came about by itself: {count:entry|entries}.", "随之自动产生{count}条记录。"),
    "opening": Text("roster", "名册"),
    "applying": Text("ledger", "台账"),
    "not_open": Text(
        "The case {case} is not open, because its opening was refused.",
        "个案{case}的立案未通过，因此无法办理。",
    ),
    "open_first": Text("Mend its opening first.", "请先处理其立案。"),
    # explain, unlock
    "granted": Text(
        "Granted: {transition} may be fired on {on}.", "可以办理：{transition}（{on}）。"
    ),
    "not_granted": Text("Refused: {transition} on {on}.", "不予办理：{transition}（{on}）。"),
    "would": Text("afterwards: {changes}", "办理后：{changes}"),
    "marked": Text("would be marked: {late}", "将标记：{late}"),
    "by": Text("who may do it: {roles}", "可由{roles}办理"),
    "missing": Text("still to record: {facts}", "尚待记录：{facts}"),
    "signatures": Text("still to sign: {roles}", "尚待会签：{roles}"),
    "earliest": Text("earliest day if nothing else changes: {on}", "其他不变时最早日期：{on}"),
    "no_day": Text("no day, unless something else changes", "须先有其他变化，否则没有可办日期"),
    # history, verify, tick
    "history": Text("History of {case}", "{case}的记录"),
    "seq": Text("no.", "序号"),
    "on": Text("day", "日期"),
    "what": Text("what", "事项"),
    "actor": Text("actor", "经办人"),
    "changes": Text("changes", "内容"),
    "remarks": Text("remarks", "说明"),
    "itself": Text("(by itself)", "（自动）"),
    "takes_back": Text("about entry {number}", "针对第{number}条"),
    "sound": Text("{count:case hangs|cases hang} together.", "{count}个个案一致完好。"),
    "flaws": Text("{count:flaw|flaws}:", "发现{count}处不一致："),
    "sound_since": Text("What was sealed since then hangs together.", "此后封存的记录一致完好。"),
    # seal, checkpoint, proof, export
    "sealed": Text(
        "Sealed {added:entry|entries}; {size} in all.", "新封存{added}条记录，共{size}条。"
    ),
    "exported": Text(
        "Wrote the checkpoint of {size:entry|entries} into {file}.",
        "已将{size}条记录的检查点写入{file}。",
    ),
    "key_made": Text(
        "Wrote the private key into {file}. The public key is:", "私钥已写入{file}。公钥为："
    ),
    "proven": Text(
        "Entry {position} of the {size} that {origin} has signed for:",
        "{origin}签署的{size}条记录中的第{position}条：",
    ),
    "proven_unsigned": Text(
        "Entry {position} of the {size} of {origin}; nobody's signature was asked for:",
        "{origin}的{size}条记录中的第{position}条（未核对签名）：",
    ),
    "grown": Text(
        "The {size:entry|entries} of {origin} begin with the {old} that were there before.",
        "{origin}的{size}条记录以先前的{old}条为开头。",
    ),
    "written": Text("Wrote {file}.", "已写入{file}。"),
    "ticked": Text(
        "{entries:entry|entries} came about in {cases:case|cases} up to {on}.",
        "截至{on}，{cases}个个案自动产生{entries}条记录。",
    ),
    # install, upgrade
    "installed": Text("The tables of {id} are there.", "{id}的数据表已就绪。"),
    "added": Text("added {what}", "新增{what}"),
    "upgraded": Text("The database is up to date with {id}.", "数据库与{id}的定义一致。"),
    # bulk
    "bulk_plan": Text(
        "{act} of “{workflow}”, on {on}:",
        "“{workflow}”的{act}（{on}）：",
    ),
    "bulk_planned": Text(
        "{selected:case|cases} selected = {granted} would be granted + {refused} refused",
        "选定{selected}个个案 = 可办理{granted} + 不予办理{refused}",
    ),
    "bulk_one_by_one": Text("Decided one by one: {why}.", "逐个判断：{why}。"),
    "bulk_reasons": Text("Why not", "不予办理的原因"),
    "bulk_complete": Text(
        "The run {run} is complete ({chunks:chunk|chunks}).", "批次{run}已完成（共{chunks}段）。"
    ),
    "bulk_running": Text("The run {run} is not complete.", "批次{run}尚未完成。"),
    "bulk_total": Text(
        "{selected:case|cases} selected = {granted} granted + {refused} refused"
        " + {changed} changed meanwhile",
        "选定{selected}个个案 = 已办理{granted} + 不予办理{refused} + 期间已变化{changed}",
    ),
    "bulk_extend": Text("{transition} extended to {until}", "{transition}延期至{until}"),
    "bulk_pace": Text("{rate} cases/s, {rest} left", "每秒{rate}个，剩余{rest}"),
    "bulk_go_on": Text(
        "go on with: reformflow bulk resume --db {url} {run}",
        "继续办理：reformflow bulk resume --db {url} {run}",
    ),
    "bulk_rows": Text(
        "go on with: the same command, with --run {run}",
        "继续办理：再次运行同一命令，并加上 --run {run}",
    ),
    "bulk_runs": Text("Runs", "批次"),
    "bulk_no_runs": Text("There are no runs.", "没有批次。"),
    "run": Text("run", "批次"),
    "bulk_status": Text("status", "状态"),
    "bulk_is_complete": Text("complete", "已完成"),
    "bulk_is_running": Text("not complete", "未完成"),
    "bulk_selected": Text("selected", "选定"),
    "bulk_granted": Text("granted", "已办理"),
    "bulk_refused": Text("refused", "不予办理"),
    "bulk_changed": Text("changed", "已变化"),
    "bulk_started": Text("started", "开始时间"),
    "reviewed": Text("{count:change|changes}; nothing was done.", "共{count}处变化，未作改动。"),
    "to_migrate": Text(
        "{count:case follows|cases follow} another definition: `reformflow migrate`.",
        "{count}个个案仍适用另一版定义：请执行 `reformflow migrate`。",
    ),
    "change_table_added": Text("{place}: a new table", "{place}：新增数据表"),
    "change_column_added": Text(
        "{place}: a new column ({after}), empty in the cases that are there",
        "{place}：新增列（{after}），已有个案为空",
    ),
    "change_initial": Text(
        "{place}: a new column ({after}), empty until cases are migrated, then {initial}",
        "{place}：新增列（{after}），已有个案迁移前为空，迁移后为{initial}",
    ),
    "change_renamed": Text(
        "{place}: a new column that takes over {before} when cases are migrated",
        "{place}：新增列，个案迁移时承接{before}",
    ),
    "change_table_left": Text(
        "{place}: not in the definition any more; the table stays with its cases",
        "{place}：定义中已无，数据表及个案保留",
    ),
    "change_column_left": Text(
        "{place}: not in the definition any more; the column stays with its values",
        "{place}：定义中已无，该列及其内容保留",
    ),
    "change_choices": Text(
        "{place}: {before} becomes {after}; a case with none of these cannot be migrated",
        "{place}：由{before}改为{after}；不在其中的个案不能迁移",
    ),
    "change_bounds": Text(
        "{place}: {before} becomes {after}; a case beyond it cannot be migrated",
        "{place}：由{before}改为{after}；超出的个案不能迁移",
    ),
    "change_retyped": Text(
        "{place}: was {before}, now {after}: not possible, give the new fact another name",
        "{place}：由{before}改为{after}：不能更改类型，请另取名称",
    ),
    # migrate, replay
    "migrate_plan": Text(
        "{cases:case follows|cases follow} the definition {old}.", "{cases}个个案适用定义{old}。"
    ),
    "migrate_group": Text(
        "{workflow}: {before} → {after}: {cases:case|cases}, such as {example}",
        "{workflow}：{before} → {after}：{cases}个个案，例如{example}",
    ),
    "migrate_opens": Text("    possible then: {transition}", "    迁移后可办：{transition}"),
    "migrate_shuts": Text(
        "    possible no longer: {transition} ({why})", "    迁移后不可办：{transition}（{why}）"
    ),
    "migrate_due": Text(
        "    due: {transition}: {before} → {after}", "    期限：{transition}：{before} → {after}"
    ),
    "migrate_state": Text(
        "    ✗ cannot go on: there is no state {value} any more; say what it is called: --rename",
        "    ✗ 不能迁移：已无状态{value}，请用 --rename 指明对应状态",
    ),
    "migrate_value": Text(
        "    ✗ cannot go on: {column} is {value}, which it may not be any more",
        "    ✗ 不能迁移：{column}为{value}，已不在允许范围内",
    ),
    "migrate_later": Text(
        "    ✗ cannot go on: something happened later, on {value}",
        "    ✗ 不能迁移：{value}已有更晚的记录",
    ),
    "migrate_workflow": Text(
        "    ✗ cannot go on: there is no workflow {value} any more",
        "    ✗ 不能迁移：已无流程{value}",
    ),
    "migrate_stranded": Text(
        "{cases:case|cases} cannot go on like this.", "{cases}个个案不能这样迁移。"
    ),
    "migrate_nothing": Text(
        "Every case follows this definition already.", "所有个案均已适用此定义。"
    ),
    "migrate_planned": Text("Nothing was done.", "未作改动。"),
    "migrate_complete": Text(
        "Run {run} is complete: {moved:case|cases} moved.", "运行{run}已完成：迁移{moved}个个案。"
    ),
    "migrate_running": Text(
        "Run {run}: {moved:case|cases} moved, {refused} refused, {left} still to be moved.",
        "运行{run}：迁移{moved}个，未通过{refused}个，尚余{left}个。",
    ),
    "replayed": Text(
        "Of {judged:past decision|past decisions} the changed definition would refuse {refused}.",
        "过去{judged}项决定中，新定义将不予办理{refused}项。",
    ),
    "replay_line": Text(
        "{case} no. {seq}, {on}, {actor}: {act}", "{case}第{seq}条，{on}，{actor}：{act}"
    ),
    "replay_roles": Text(
        "For {count} of them the actor's roles are not known: authority was not judged"
        " (give --roster).",
        "其中{count}项不知经办人角色，未判断其权限（请给出 --roster）。",
    ),
    "replay_more": Text("… and {count} more", "……另有{count}项"),
    # check, clauses
    "loads": Text("{id} holds up: {title}", "{id}定义无误：{title}"),
    "holds": Text(
        "{clauses:clause|clauses}, {roles:role|roles}, {policies:policy|policies},"
        " {workflows:workflow|workflows}, {transitions:transition|transitions},"
        " {rules:rule|rules}",
        "条款{clauses}、角色{roles}、口径{policies}、流程{workflows}、流转{transitions}、规则{rules}",
    ),
    "digest": Text("digest {digest}", "摘要{digest}"),
    "clauses": Text("Clauses of {title}", "{title}的条款"),
    "uncovered": Text("Clauses that nothing enforces", "未落实的条款"),
    "at": Text("place", "位置"),
    "says": Text("summary", "概要"),
    "where": Text("enforced by", "落实于"),
    "why": Text("why", "原因"),
    "all_covered": Text("Every clause is enforced somewhere.", "每条条款均有落实。"),
    "enforced": Text("enforced", "落实"),
    "monitored": Text("monitored", "监测"),
    "narrative": Text("narrative", "叙述"),
}


def tell(name: str, lang: str, **places: object) -> str:
    """Return one of the texts in `lang`, with its places filled.

    A place written `{count:line|lines}` holds a number and what is counted, one or many.
    """
    filled = {
        place: _Number(value) if isinstance(value, int) else value
        for place, value in places.items()
    }
    text = _TEXTS[name] if name in _TEXTS else PROOF[name]
    return text.read(lang).format_map(filled)


class _Number(int):
    """A number that can be written with what it counts."""

    def __format__(self, spec: str) -> str:
        one, bar, many = spec.partition("|")
        return f"{int(self)} {one if self == 1 else many}" if bar else super().__format__(spec)
