"""The sentences of the library in its two languages, with places for names and values.

Every text is a template of `str.format`; names and values only ever stand in its places, so what
a definition or a user wrote is never read as a template.
"""

from __future__ import annotations

from collections.abc import Mapping

from reformflow.model import Code, Kind, Late, Roll, Text, Unit

REFUSED: Mapping[Code, Text] = {
    Code.NOT_FROM_HERE: Text(
        "{subject} is not possible now: {values}; it starts from {sources}.",
        "现在不能办理{subject}：{values}，应先处于{sources}。",
    ),
    Code.NOT_AUTHORISED: Text(
        "The actor may not do this ({subject}); it is for {roles}.",
        "经办人无权办理{subject}，应由{roles}办理。",
    ),
    Code.SAME_PERSON: Text(
        "The actor did {subject} and so may not do this as well.",
        "经办人办理过{subject}，按职责分离要求不得再办理本事项。",
    ),
    Code.NOT_SIGNED: Text(
        "{subject} is not signed yet by {roles}.",
        "{subject}尚缺{roles}会签。",
    ),
    Code.ALREADY_SIGNED: Text(
        "The actor's office has signed {subject} already.",
        "经办人所在单位已会签{subject}，无需重复。",
    ),
    Code.RULE_BROKEN: Text(
        "Requirement not met: {says}{shown}.",
        "不符合要求：{says}{shown}。",
    ),
    Code.NOT_RECORDED: Text(
        "Not recorded yet: {missing}; needed for: {says}.",
        "尚未记录：{missing}；用于：{says}。",
    ),
    Code.TOO_EARLY: Text(
        "It is too early for {subject}: {dated}.",
        "尚不能办理{subject}：{dated}。",
    ),
    Code.LATE: Text(
        "It is too late for {subject}: {dated}.",
        "{subject}已过期限：{dated}。",
    ),
    Code.NOT_EXTENDED: Text(
        "{subject} is past its date and that date was not extended: {dated}.",
        "{subject}已过期限且未经延期：{dated}。",
    ),
    Code.REASON_MISSING: Text(
        "{subject} needs a stated reason{because}.",
        "办理{subject}须说明理由{because}。",
    ),
    Code.IN_THE_FUTURE: Text(
        "The day given lies in the future: {on}, entered on {today}.",
        "所填日期在将来：{on}，登记日为{today}。",
    ),
    Code.BEFORE_LAST_ENTRY: Text(
        "The day given for {subject} lies before what came last ({values}).",
        "{subject}的日期早于上一条记录（{values}）。",
    ),
    Code.NOT_BY_HAND: Text(
        "{subject} comes about by itself; nobody enters it.",
        "{subject}由系统自动得出，不由人工办理或填写。",
    ),
    Code.NOT_NOW: Text(
        "{subject} cannot be recorded now; it is recorded while {says}.",
        "现在不能记录{subject}，仅在以下情形可记录：{says}。",
    ),
    Code.ALREADY_RECORDED: Text(
        "{subject} is recorded once only, and has been ({values}).",
        "{subject}只记录一次，现已有记录（{values}）。",
    ),
    Code.ALREADY_OPEN: Text(
        "There is a case {subject} already.",
        "编号为{subject}的个案已存在。",
    ),
    Code.NO_DATE: Text(
        "{subject} has no due date yet that could be moved or stopped.",
        "{subject}目前没有可以延长或中止的期限。",
    ),
    Code.NOT_RUNNING: Text(
        "The clock of {subject} is not in the state for this ({values}).",
        "{subject}的期限计时状态不符（{values}）。",
    ),
    Code.NOT_LATER: Text(
        "The new last day of {subject} is not later than the one in force ({values}).",
        "{subject}延期后的日期不晚于现有期限（{values}）。",
    ),
    Code.TOO_LONG: Text(
        "{subject} can be extended to {bound} at most.",
        "{subject}最多只能延期至{bound}。",
    ),
    Code.EXTENDED_ALREADY: Text(
        "{subject} has been extended as often as it may be ({values}).",
        "{subject}的延期次数已用完（{values}）。",
    ),
    Code.DEPENDED_ON: Text(
        "{subject} cannot be taken back: what came later rests on it ({values}).",
        "{subject}不能撤销：后续记录以它为基础（{values}）。",
    ),
    Code.NOT_DECIDED: Text(
        "The case could not be decided ({subject}).",
        "该事项无法作出判断（{subject}）。",
    ),
}
"""What is refused and why, for each code."""

REMEDY: Mapping[Code, Text] = {
    Code.NOT_FROM_HERE: Text("Possible from here: {next}.", "当前可办理：{next}。"),
    Code.NOT_AUTHORISED: Text("Have it done by {roles}.", "请由{roles}办理。"),
    Code.SAME_PERSON: Text(
        "Have it done by somebody else who holds the role.", "请由另一名具备权限的人员办理。"
    ),
    Code.NOT_SIGNED: Text("Have it signed by {roles} first.", "请先由{roles}会签。"),
    Code.ALREADY_SIGNED: Text("Still to sign: {roles}.", "待会签：{roles}。"),
    Code.RULE_BROKEN: Text(
        "Meet the requirement, then ask again; {facts}.",
        "请先满足该要求再办理；{facts}。",
    ),
    Code.NOT_RECORDED: Text("Record {recorders}.", "请记录{recorders}。"),
    Code.TOO_EARLY: Text("Wait until {bound}.", "请于{bound}起办理。"),
    Code.LATE: Text(
        "The date allows no exception; ask {roles} how to go on.",
        "该期限不允许例外；请向{roles}请示如何处理。",
    ),
    Code.NOT_EXTENDED: Text("Ask {roles} for an extension first.", "请先向{roles}申请延期。"),
    Code.REASON_MISSING: Text("State the reason and ask again.", "请写明理由后再办理。"),
    Code.IN_THE_FUTURE: Text(
        "Enter it on the day it happens, or mend the day.", "请在事情发生后登记，或更正日期。"
    ),
    Code.BEFORE_LAST_ENTRY: Text(
        "Mend the day, or correct the later entry first.", "请更正日期，或先更正在后的记录。"
    ),
    Code.NOT_BY_HAND: Text(
        "Record what it rests on; it follows from that.", "请记录其所依据的内容，结果随之得出。"
    ),
    Code.NOT_NOW: Text(
        "Record it then, or correct the entry that is wrong.",
        "请在该情形下记录，或更正有误的记录。",
    ),
    Code.ALREADY_RECORDED: Text(
        "If the value is wrong, have its entry corrected by {correctors}.",
        "如记录有误，请由{correctors}办理更正。",
    ),
    Code.ALREADY_OPEN: Text(
        "Act on that case, or choose another id.", "请在该个案上办理，或换一个编号。"
    ),
    Code.NO_DATE: Text("Record first what the date is counted from.", "请先记录期限的起算事项。"),
    Code.NOT_RUNNING: Text(
        "Suspend a clock that runs, resume one that stands still.",
        "计时中的期限才能中止，已中止的期限才能恢复。",
    ),
    Code.NOT_LATER: Text("Name a later day.", "请填写更晚的日期。"),
    Code.TOO_LONG: Text("Name a day up to {bound}.", "请填写不晚于{bound}的日期。"),
    Code.EXTENDED_ALREADY: Text(
        "Keep the date, or ask {answerable} how to go on.",
        "请按现有期限办理，或向{answerable}请示如何处理。",
    ),
    Code.DEPENDED_ON: Text(
        "Correct its facts in place, or take back the later entries first.",
        "请就地更正其内容，或先撤销后续记录。",
    ),
    Code.NOT_DECIDED: Text(
        "Ask the same of this case alone: the error says what is wrong.",
        "请单独办理该事项，错误信息会说明原因。",
    ),
}
"""What to do about it, for each code."""

KIND: Mapping[Kind, Text] = {
    Kind.OPENED: Text("opened", "立案"),
    Kind.RECORDED: Text("recorded", "记录"),
    Kind.FIRED: Text("fired", "办理"),
    Kind.SIGNED: Text("signed", "会签"),
    Kind.EXTENDED: Text("extended", "延期"),
    Kind.SUSPENDED: Text("suspended", "中止计时"),
    Kind.RESUMED: Text("resumed", "恢复计时"),
    Kind.CORRECTED: Text("corrected", "更正"),
    Kind.MIGRATED: Text("migrated", "迁移"),
}
"""What an entry of a history tells."""

BECAUSE = Text(": {says}", "：{says}")
SHOWN = Text(" ({values})", "（{values}）")
LOOKS_AT = Text("it looks at {facts}", "涉及：{facts}")
HOLDS_WHEN = Text("it is met when {condition}", "满足条件：{condition}")
NEVER_OPEN = Text(
    "none of the ways in which {subject} may end is open", "{subject}的各种去向均不符合条件"
)
CLOCK_RUNS = Text("it is running", "正在计时")
FIRST_ENTRY = Text("it opened the case or was taken back already", "它是立案记录或已被撤销")
ENTRY = Text("entry {number}", "第{number}条记录")
NOBODY = Text("nobody", "（未指定）")
NOTHING = Text("nothing", "无")
OWN_UNIT = Text("{role} of the case's own unit", "本单位{role}")
WITH_ACT = Text("{fact} (with {subject})", "{fact}（办理{subject}时填写）")
BY_ROLES = Text("{fact} (by {roles})", "{fact}（由{roles}记录）")
DONE_BY = Text("{transition} (by {roles})", "{transition}（由{roles}办理）")
BY_ITSELF = Text("{transition} (by itself)", "{transition}（自动）")
IS = Text("{name} is {value}", "{name}为{value}")
NO_VALUE = Text("not recorded", "未记录")
YES = Text("yes", "是")
NO = Text("no", "否")
LATE = Text("{transition} was {days} late (due {bound})", "{transition}逾期{days}（期限{bound}）")
EARLY = Text(
    "{transition} was {days} early (from {bound})", "{transition}提前{days}（{bound}起方可）"
)
ANSWERS = Text("; answerable: {role}", "，责任方：{role}")
DAY = Text("{count} day", "{count}天")
DAYS = Text("{count} days", "{count}天")

COUNTED = Text("{count} {side} {anchor}", "{anchor}{side}{count}")
MONTH_ENDS = Text("the end of the month {count} {side} {anchor}", "{anchor}{side}{count}的月底")
NEXT_DAY = Text("the next {days} after {anchor}", "{anchor}之后最近的{days}")
ONE: Mapping[Unit, Text] = {
    Unit.DAYS: Text("1 day", "1天"),
    Unit.WORKING_DAYS: Text("1 working day", "1个工作日"),
    Unit.WEEKS: Text("1 week", "1周"),
    Unit.MONTHS: Text("1 month", "1个月"),
    Unit.YEARS: Text("1 year", "1年"),
    Unit.MONTH_END: Text("1 month", "1个月"),
}
MANY: Mapping[Unit, Text] = {
    Unit.DAYS: Text("{amount} days", "{amount}天"),
    Unit.WORKING_DAYS: Text("{amount} working days", "{amount}个工作日"),
    Unit.WEEKS: Text("{amount} weeks", "{amount}周"),
    Unit.MONTHS: Text("{amount} months", "{amount}个月"),
    Unit.YEARS: Text("{amount} years", "{amount}年"),
    Unit.MONTH_END: Text("{amount} months", "{amount}个月"),
}
"""How a date is counted."""

SAME_MONTH = Text("the end of the month of {anchor}", "{anchor}当月月底")
SAME_DAY = Text("{anchor}", "{anchor}当日")
AFTER = Text("after", "后")
BEFORE = Text("before", "前")
DATE_IF = Text("{date} if {condition}", "{date}（适用条件：{condition}）")
ELSE_DATE = Text("; otherwise ", "；否则为")
EXCLUSIVE = Text(" (that day itself is too late)", "（不含当日）")
ROLL: Mapping[Roll, Text] = {
    Roll.NONE: Text(),
    Roll.NEXT: Text(", or the next working day", "（遇休息日顺延）"),
    Roll.PREVIOUS: Text(", or the working day before", "（遇休息日提前）"),
}
NO_DUE = Text("{transition} has no due date", "{transition}没有期限")
DUE = Text("{transition} is due by {dates}", "{transition}的期限为{dates}")
LATE_MODE: Mapping[Late, Text] = {
    Late.REFUSE: Text("later it is refused", "逾期不予办理"),
    Late.EXTENSION: Text("later it needs an extension by {roles}", "逾期须经{roles}延期"),
    Late.REASON: Text("later it needs a stated reason and is marked late", "逾期须说明理由并标记"),
    Late.FLAG: Text("later it is marked late", "逾期予以标记"),
}

LIST = Text(", ", "、")
OR = Text(" or ", "或")
FACTS = Text("; ", "；")

COLUMNS: Mapping[str, Text] = {
    "state": Text("the state of {owner}", "{owner}状态"),
    "since": Text("the start of the present state of {owner}", "{owner}进入当前状态的日期"),
    "last": Text("the last day on which {owner} changed", "{owner}最近办理日期"),
    "track_due": Text("the next due date of {owner}", "{owner}的最近期限"),
    "on": Text("the day of {owner}", "{owner}的日期"),
    "by": Text("who did {owner}", "{owner}的经办人"),
    "due": Text("the due date of {owner}", "{owner}的期限"),
    "paused": Text("the clock of {owner} standing still since", "{owner}中止计时起始日"),
    "opens": Text("the first day for {owner}", "{owner}的最早日期"),
    "closes": Text("the last day for {owner}", "{owner}的最晚日期"),
    "extended": Text("the day to which {owner} was extended", "{owner}延期后的日期"),
    "at": Text("the day on which {owner} comes by itself", "{owner}自动发生的日期"),
    "signed": Text("the signature of {role} on {owner}", "{role}对{owner}的会签"),
    "opened": Text("the day the case was opened", "立案日期"),
    "first": Text("the first due date of {owner}", "{owner}的首个到期日"),
    "known": Text("the day on which {owner} became known", "{owner}确定之日"),
    "count": Text("the number of periods of {owner}", "{owner}的已开期数"),
    "parent": Text("{column} of its {owner}", "所属{owner}的{column}"),
    "child": Text("{column} of each {owner}", "每个{owner}的{column}"),
}
"""Names for the columns of a case that are no facts."""

EXPRESSIONS: Mapping[str, Text] = {
    "==": Text("{left} is {right}", "{left}为{right}"),
    "!=": Text("{left} is not {right}", "{left}不为{right}"),
    "<": Text("{left} is less than {right}", "{left}少于{right}"),
    "<=": Text("{left} is at most {right}", "{left}不超过{right}"),
    ">": Text("{left} is more than {right}", "{left}多于{right}"),
    ">=": Text("{left} is at least {right}", "{left}不少于{right}"),
    "date <": Text("{left} is before {right}", "{left}早于{right}"),
    "date <=": Text("{left} is not after {right}", "{left}不晚于{right}"),
    "date >": Text("{left} is after {right}", "{left}晚于{right}"),
    "date >=": Text("{left} is not before {right}", "{left}不早于{right}"),
    "same": Text("{left} exactly if {right}", "当且仅当{right}时{left}"),
    "different": Text("either {left} or {right}, not both", "{left}与{right}只居其一"),
    "true": Text("{item} is true", "{item}为是"),
    "false": Text("{item} is false", "{item}为否"),
    "one of": Text("{item} is one of {options}", "{item}为{options}之一"),
    "none of": Text("{item} is none of {options}", "{item}不为{options}中任何一项"),
    "recorded": Text("{item} is recorded", "{item}已记录"),
    "unrecorded": Text("{item} is not recorded", "{item}未记录"),
    "not": Text("it is not so that {item}", "并非{item}"),
    "and": Text(" and ", "，且"),
    "or": Text(" or ", "，或"),
    "group": Text("({item})", "（{item}）"),
    "always": Text("always", "总是成立"),
    "never": Text("never", "总不成立"),
    "today": Text("the day of the act", "办理日期"),
    "policy": Text("the choice made for {policy}", "口径{policy}的取值"),
    "all": Text("for every {child}: {element}", "每个{child}都满足：{element}"),
    "all if": Text(
        "for every {child} for which {condition}: {element}",
        "凡{condition}的{child}，都满足：{element}",
    ),
    "any": Text("for at least one {child}: {element}", "至少有一个{child}满足：{element}"),
    "any if": Text(
        "for at least one {child} for which {condition}: {element}",
        "至少有一个{condition}的{child}满足：{element}",
    ),
    "count": Text("the number of {child} for which {element}", "满足“{element}”的{child}数"),
    "count if": Text(
        "the number of {child} for which {condition} and {element}",
        "满足“{condition}，且{element}”的{child}数",
    ),
    "sum": Text("the sum of {element} over every {child}", "全部{child}的{element}之和"),
    "sum if": Text(
        "the sum of {element} over every {child} for which {condition}",
        "满足“{condition}”的{child}的{element}之和",
    ),
    "count all": Text("the number of {child}", "{child}总数"),
    "whether": Text("whether {item}", "是否{item}"),
}
"""How each node of an expression is said."""


def say(text: Text, lang: str, **places: object) -> str:
    """Fill the places of a sentence in `lang` (`en` or `zh`)."""
    return text.read(lang).format_map(places)
