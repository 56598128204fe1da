"""Expressions that users ask about cases, bound like the rules of the definition."""

from __future__ import annotations

from collections.abc import Callable

from reformflow.binding.bound import BoundReform, BoundWorkflow
from reformflow.binding.columns import names_of
from reformflow.binding.typist import Names, Typist
from reformflow.errors import RequestError, UnknownName
from reformflow.language import ExpressionError, parse, unparse
from reformflow.model import Expression


def bind_question(reform: BoundReform, workflow: str, text: str) -> Expression:
    """Return the lowered expression of a question about cases of one workflow.

    It may read whatever a rule of that workflow may. RequestError if it does not parse or does
    not fit; UnknownName if there is no such workflow.
    """
    return _bound(reform, workflow, text, lambda: parse(text), marks=False)


def bind_expression(
    reform: BoundReform, workflow: str, expression: Expression, *, marks: bool = False
) -> Expression:
    """Return the lowered form of an expression about cases of one workflow, as `bind_question`.

    With `marks` it may also read when, and by whom, each transition of the case was last fired,
    where the case itself does not keep that (`<transition>.on`, `<transition>.by`).
    """
    return _bound(reform, workflow, unparse(expression), lambda: expression, marks=marks)


# ---------------------------------------------------------------------------------------------


def _bound(
    reform: BoundReform,
    workflow: str,
    text: str,
    read: Callable[[], Expression],
    *,
    marks: bool,
) -> Expression:
    if workflow not in reform.workflows:
        raise UnknownName.of("workflow", workflow, reform.workflows)
    flow = reform.workflows[workflow]
    names = {id: _names(other) for id, other in reform.workflows.items()}  # noqa: A001
    if marks:
        names[workflow] = names_of(flow.workflow)
    typist = Typist(
        own=names[flow.id],
        parent=names.get(flow.parent or ""),
        relations={id: names[relation.workflow] for id, relation in flow.relations.items()},  # noqa: A001
        policies={policy.id: policy for policy in reform.reform.policies},
        rules={rule.id: rule.requires for rule in flow.workflow.rules},
        seen=lambda _workflow, _column: None,
    )
    try:
        return typist.guard(read())
    except ExpressionError as error:
        message = f"{text!r} cannot be asked: {error.message}"
        raise RequestError(message=message, hint=error.hint) from error


def _names(flow: BoundWorkflow) -> Names:
    """Return the names of the columns that cases really have."""
    every = names_of(flow.workflow)
    return Names(flow.id, flow.columns, every.stages, every.single)
