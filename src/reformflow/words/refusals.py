"""Decisions in words: refusals and what to do about them, citations, lateness.

Everything is said from the labels of the definition, in English (`en`) or Chinese (`zh`).
"""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from reformflow.binding.bound import BoundReform, BoundWorkflow
from reformflow.language.reading import reads_parent, relations_read
from reformflow.model import Clause, Code, Expression, Lateness, Reform, Refusal
from reformflow.words import phrases
from reformflow.words.labels import Labels, plain
from reformflow.words.phrases import say
from reformflow.words.spoken import expression_sentence

__all__ = [
    "Citation",
    "Words",
    "clause_citation",
    "expression_sentence",
    "lateness_sentence",
    "refusal_sentence",
    "refusal_words",
]

_MOST_VALUES = 8


@attrs.frozen
class Words:
    """A refusal in words: what is refused and why, and what to do about it."""

    refused: str
    remedy: str

    def __str__(self) -> str:
        """Return both sentences as one text."""
        return f"{self.refused} {self.remedy}".strip()


@attrs.frozen
class Citation:
    """A clause as people cite it: id, where it stands, a summary in our own words."""

    id: str
    at: str
    says: str

    def __str__(self) -> str:
        """Write the citation on one line."""
        place = f"{self.id} ({self.at})" if self.at else self.id
        return f"{place} {self.says}".strip()


def refusal_words(flow: BoundWorkflow, bound: BoundReform, refusal: Refusal, lang: str) -> Words:
    """Say why a request about a case of `flow` is refused, and what to do about it."""
    labels = Labels(bound, flow, lang)
    places = _places(labels, refusal)
    remedy = say(phrases.REMEDY[refusal.code], lang, **places) if _mendable(refusal) else ""
    return Words(say(phrases.REFUSED[refusal.code], lang, **places), remedy)


def refusal_sentence(flow: BoundWorkflow, bound: BoundReform, refusal: Refusal, lang: str) -> str:
    """Say in one text why a request is refused and what to do about it."""
    words = refusal_words(flow, bound, refusal, lang)
    gap = "" if lang == "zh" else " "
    return f"{words.refused}{gap}{words.remedy}".strip()


def clause_citation(reform: Reform, ids: Iterable[str], lang: str) -> tuple[Citation, ...]:
    """Return the citations of clauses, in the order given; an unknown id stands alone."""
    known = {clause.id: clause for clause in reform.clauses}
    return tuple(_cited(id, known.get(id), lang) for id in ids)  # noqa: A001


def lateness_sentence(
    flow: BoundWorkflow, bound: BoundReform, lateness: Lateness, lang: str
) -> str:
    """Say by how much an act was outside its date, and who answers for it."""
    labels = Labels(bound, flow, lang)
    count = abs(lateness.days)
    text = say(
        phrases.LATE if lateness.days >= 0 else phrases.EARLY,
        lang,
        transition=labels.subject(lateness.transition),
        days=say(phrases.DAY if count == 1 else phrases.DAYS, lang, count=count),
        bound=plain(lateness.bound, lang),
    )
    if lateness.answerable:
        text += say(phrases.ANSWERS, lang, role=labels.role(lateness.answerable))
    return text


# ---------------------------------------------------------------------------------------------


def _cited(id: str, clause: Clause | None, lang: str) -> Citation:  # noqa: A002
    if clause is None:
        return Citation(id, "", "")
    return Citation(id, clause.at, clause.says.read(lang))


def _mendable(refusal: Refusal) -> bool:
    """Say whether there is anything to add to the refusal itself."""
    nobody = not refusal.must_act
    return not (nobody and refusal.code in {Code.ALREADY_SIGNED, Code.NOT_AUTHORISED})


def _places(labels: Labels, refusal: Refusal) -> dict[str, object]:
    lang = labels.lang
    held = dict(refusal.values)
    bounds = [value for _, value in refusal.values]
    return {
        "subject": labels.subject(refusal.subject),
        "says": _says(labels, refusal),
        "values": _values(labels, refusal),
        "missing": _listed((labels.column(name) for name in refusal.missing), lang),
        "roles": labels.roles(_must_act(labels, refusal), own_unit=True),
        "sources": _sources(labels, refusal),
        "next": _next(labels, refusal),
        "facts": _facts(labels, refusal),
        "shown": say(phrases.SHOWN, lang, values=_values(labels, refusal))
        if refusal.values
        else "",
        "dated": _dated(labels, refusal),
        "because": _because(labels, refusal),
        "recorders": _recorders(labels, refusal),
        "correctors": labels.roles(labels.flow.workflow.corrected_by, own_unit=True),
        "answerable": labels.roles(_extenders(labels, refusal), own_unit=True),
        "bound": plain(bounds[0], lang) if bounds else "",
        "on": plain(held.get("on"), lang),
        "today": plain(held.get("today"), lang),
    }


def _listed(items: Iterable[str], lang: str) -> str:
    names = list(dict.fromkeys(items))
    return phrases.LIST.read(lang).join(names) or phrases.NOTHING.read(lang)


def _says(labels: Labels, refusal: Refusal) -> str:
    """Return the definition's own message, or say the condition in its place."""
    said = refusal.says.read(labels.lang).rstrip(".。 ")
    if said:
        return said
    flow = labels.flow
    expression = None
    if refusal.code is Code.NOT_NOW:
        expression = flow.during.get(refusal.subject)
    elif refusal.subject in flow.rules and refusal.subject not in flow.transitions:
        expression = flow.rules[refusal.subject].expression
    elif refusal.code is Code.RULE_BROKEN:
        return say(phrases.NEVER_OPEN, labels.lang, subject=labels.subject(refusal.subject))
    if expression is not None:
        return expression_sentence(flow, labels.bound, expression, labels.lang)
    if refusal.code is Code.NOT_RECORDED and refusal.subject not in flow.transitions:
        return labels.subject(flow.id)  # the opening is refused by the id of the case
    return _values(labels, refusal) if refusal.values else labels.subject(refusal.subject)


def _dated(labels: Labels, refusal: Refusal) -> str:
    """Return the definition's own message and the date it is about; one of them if alone."""
    said = _says(labels, refusal)
    values = _values(labels, refusal) if refusal.values else said
    return said if values == said else said + say(phrases.SHOWN, labels.lang, values=values)


def _because(labels: Labels, refusal: Refusal) -> str:
    """Return what makes a reason needed, if there is more to say than the act itself."""
    said = _says(labels, refusal)
    nothing = said == labels.subject(refusal.subject)
    return "" if nothing else say(phrases.BECAUSE, labels.lang, says=said)


def _values(labels: Labels, refusal: Refusal) -> str:
    match refusal.code:
        case Code.IN_THE_FUTURE:
            return ""
        case Code.NOT_RUNNING if not refusal.values:
            return phrases.CLOCK_RUNS.read(labels.lang)
        case Code.DEPENDED_ON if not refusal.values:
            return phrases.FIRST_ENTRY.read(labels.lang)
        case _:
            shown = labels.values(refusal.values[:_MOST_VALUES])
            return shown or phrases.NO_VALUE.read(labels.lang)


def _must_act(labels: Labels, refusal: Refusal) -> tuple[str, ...]:
    if refusal.must_act or refusal.code is not Code.LATE:
        return refusal.must_act
    deadline = labels.flow.deadlines.get(refusal.subject)
    answerable = [role for role, _ in deadline.answerable] if deadline else []
    return tuple(dict.fromkeys(answerable)) or labels.flow.workflow.corrected_by


def _extenders(labels: Labels, refusal: Refusal) -> tuple[str, ...]:
    """Return who may extend the deadline that a refusal is about."""
    deadline = labels.flow.deadlines.get(refusal.subject)
    permit = deadline.extension if deadline else None
    return permit.by if permit else ()


def _sources(labels: Labels, refusal: Refusal) -> str:
    item = labels.flow.transitions.get(refusal.subject)
    if item is None:
        return ""
    names = [
        labels.value(f"{item.track}.state", state.id)
        for state in labels.flow.tracks[item.track].states
        if state.id in item.source
    ]
    return phrases.OR.read(labels.lang).join(names)


def _next(labels: Labels, refusal: Refusal) -> str:
    """Name what can be done from the state that the case is in."""
    if refusal.code is not Code.NOT_FROM_HERE:
        return ""
    states = {name.partition(".")[0]: state for name, state in refusal.values}
    names = [
        _doer(labels, item.id)
        for item in labels.flow.transitions.values()
        if states.get(item.track) in item.source
    ]
    return _listed(names, labels.lang)


def _doer(labels: Labels, id: str) -> str:  # noqa: A002
    transition = labels.flow.transitions[id].transition
    roles = transition.by or transition.signed_by
    text = phrases.DONE_BY if roles else phrases.BY_ITSELF
    named = labels.subject(id)
    return say(text, labels.lang, transition=named, roles=labels.roles(roles))


def _facts(labels: Labels, refusal: Refusal) -> str:
    """Say what a broken rule looks at: its facts and who records them, or its whole condition."""
    rule = labels.flow.rules.get(refusal.subject)
    if rule is not None and (not refusal.values or _reads_kin(rule.expression)):
        condition = expression_sentence(labels.flow, labels.bound, rule.expression, labels.lang)
        return say(phrases.HOLDS_WHEN, labels.lang, condition=condition)
    facts = _listed((_recorded_by(labels, name) for name, _ in refusal.values), labels.lang)
    return say(phrases.LOOKS_AT, labels.lang, facts=facts)


def _reads_kin(expression: Expression) -> bool:
    return reads_parent(expression) or bool(relations_read(expression))


def _recorders(labels: Labels, refusal: Refusal) -> str:
    """Name what has to be recorded; in place of computed columns, what they are computed from."""
    sources = {item.column: sorted(item.sources) for item in labels.flow.computed}
    names: list[str] = []
    waiting = list(reversed(refusal.missing))
    while waiting:
        name = waiting.pop()
        if name in labels.flow.facts and sources.get(name):
            waiting += reversed(sources.pop(name))
        else:
            names.append(name)
    return _listed((_recorder(labels, refusal, name) for name in names), labels.lang)


def _recorder(labels: Labels, refusal: Refusal, name: str) -> str:
    """Name a missing column with who records it, or the act that does."""
    item = labels.flow.transitions.get(refusal.subject)
    if item is not None and name in item.transition.records:
        subject = labels.subject(refusal.subject)
        return say(phrases.WITH_ACT, labels.lang, fact=labels.column(name), subject=subject)
    return _recorded_by(labels, name)


def _recorded_by(labels: Labels, name: str) -> str:
    fact, bearer = labels.flow.facts.get(name), name.partition(".")[0]
    if fact is None and bearer not in labels.flow.transitions:
        kin = None if bearer in labels.flow.tracks else labels.kin(bearer)
        fact = kin.flow.facts.get(name.partition(".")[2]) if kin else None
    if fact is None:
        part = name.partition(".")[2]
        if bearer in labels.flow.transitions and part in {"on", "by"}:
            return _doer(labels, bearer)
        return labels.column(name)
    if not fact.by:
        return labels.column(name)
    roles = labels.roles(fact.by, own_unit=True)
    return say(phrases.BY_ROLES, labels.lang, fact=labels.column(name), roles=roles)
