"""Refusals on paper and in JSON: rule, clause, what failed, what to do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import click

from reformflow.binding import BoundReform
from reformflow.cli.applying import Answer
from reformflow.cli.documents import Document
from reformflow.cli.texts import tell
from reformflow.model import Open, Refusal, Request
from reformflow.words.labels import Labels, plain
from reformflow.words.refusals import clause_citation, refusal_words


def refusal_document(
    refusal: Refusal, workflow: str, bound: BoundReform, lang: str
) -> Document:  # fmt: skip
    """Return a refusal as it stands in JSON."""
    words = refusal_words(bound.workflows[workflow], bound, refusal, lang)
    return {
        "code": refusal.code.value,
        "subject": refusal.subject,
        "sentence": words.refused,
        "to_do": words.remedy,
        "clauses": [
            {"id": citation.id, "at": citation.at, "says": citation.says}
            for citation in clause_citation(bound.reform, refusal.clauses, lang)
        ],
        "values": dict(refusal.values),
        "missing": list(refusal.missing),
        "must_act": list(refusal.must_act),
    }


def refusal_lines(refusal: Refusal, workflow: str, bound: BoundReform, lang: str) -> list[str]:
    """Return a refusal as lines of text."""
    words = refusal_words(bound.workflows[workflow], bound, refusal, lang)
    lines = [f"✗ {words.refused} [{refusal.code.value}: {refusal.subject}]"]
    clause = tell("clause", lang)
    cited = clause_citation(bound.reform, refusal.clauses, lang)
    lines += [f"  {clause} {citation}" for citation in cited]
    if words.remedy:
        lines.append(f"  {tell('to_do', lang)} {words.remedy}")
    return lines


def print_refused(answers: Sequence[Answer], bound: BoundReform, lang: str) -> None:
    """Print the refused lines, each with its place, its reasons and what to do."""
    if not answers:
        click.echo(tell("none_refused", lang))
        return
    click.echo(tell("refused_title", lang, count=len(answers)))
    for answer in answers:
        click.echo()
        click.echo(heading(answer, bound, lang))
        for line in _reasons(answer, bound, lang):
            click.echo(f"    {line}")


def refused_documents(
    answers: Iterable[Answer], bound: BoundReform, lang: str
) -> list[Document]:  # fmt: skip
    """Return the refused lines as they stand in JSON."""
    return [
        {
            "file": answer.place.file,
            "line": answer.place.line,
            "key": answer.key,
            "case": answer.step.case,
            "workflow": answer.workflow,
            "act": _act(answer),
            "name": _name(answer),
            "actor": answer.step.actor.id if isinstance(answer.step, Request) else "",
            "on": answer.step.on,
            "repeated": answer.repeated,
            "unopened": answer.unopened,
            "refusals": [
                refusal_document(refusal, answer.workflow, bound, lang)
                for refusal in answer.refusals
            ],
        }
        for answer in answers
    ]


# ---------------------------------------------------------------------------------------------


def _act(answer: Answer) -> str:
    step = answer.step
    return type(step.act if isinstance(step, Request) else step).__name__.lower()


def _name(answer: Answer) -> str:
    """Return what a line names: a transition, or the workflow of a new case."""
    step = answer.step
    if not isinstance(step, Request):
        return ""
    if isinstance(step.act, Open):
        return step.act.workflow
    return str(getattr(step.act, "transition", ""))


def heading(answer: Answer, bound: BoundReform, lang: str) -> str:
    """Return the line that names what was asked: its place, key, case, act, day and actor."""
    labels = Labels(bound, bound.workflows[answer.workflow], lang)
    name = _name(answer)
    parts = [
        f"{answer.place.file}:{answer.place.line}",
        answer.key,
        answer.step.case or "",
        labels.subject(name) if name else _act(answer),
        plain(answer.step.on, lang),
        answer.step.actor.id if isinstance(answer.step, Request) else "",
        f"({tell('again', lang)})" if answer.repeated else "",
    ]
    return "  ".join(part for part in parts if part)


def _reasons(answer: Answer, bound: BoundReform, lang: str) -> list[str]:
    if answer.unopened:
        sentence = tell("not_open", lang, case=answer.unopened)
        return [f"✗ {sentence}", f"  {tell('to_do', lang)} {tell('open_first', lang)}"]
    return [
        line
        for refusal in answer.refusals
        for line in refusal_lines(refusal, answer.workflow, bound, lang)
    ]
