"""Expressions that users ask about cases, bound like the rules of the definition."""

from __future__ import annotations

from reformflow.binding.bound import BoundReform, BoundWorkflow
from reformflow.binding.columns import names_of
from reformflow.binding.typist import Names, Typist
from reformflow.errors import RequestError, UnknownName
from reformflow.language import ExpressionError, parse, unparse
from reformflow.model import OPENING, Expression


class Questions:
    """Binds expressions about the cases of one reform; what they may name is worked out once."""

    def __init__(self, reform: BoundReform) -> None:
        """Ask about cases of a reform."""
        self._reform = reform
        self._kept = {id: _names(flow) for id, flow in reform.workflows.items()}  # noqa: A001
        self._marked: dict[str, Names] = {}

    def bind(self, workflow: str, expression: Expression, *, marks: bool = False) -> Expression:
        """Return the lowered form of an expression, as `bind_expression`."""
        if workflow not in self._reform.workflows:
            raise UnknownName.of("workflow", workflow, self._reform.workflows)
        flow = self._reform.workflows[workflow]
        names = self._kept | ({workflow: self._with_marks(flow)} if marks else {})
        typist = Typist(
            own=names[flow.id],
            parent=names.get(flow.parent or ""),
            relations={id: names[relation.workflow] for id, relation in flow.relations.items()},  # noqa: A001
            policies={policy.id: policy for policy in self._reform.reform.policies},
            rules={rule.id: rule.requires for rule in flow.workflow.rules},
            seen=lambda _workflow, _column: None,
        )
        try:
            return typist.guard(expression)
        except ExpressionError as error:
            raise _not_asked(unparse(expression), error) from error

    def names(self, workflow: str, kind: str) -> tuple[str, ...]:
        """Return the roles of the reform, or the acts or facts of one of its workflows."""
        flow = self._reform.workflows[workflow].workflow
        match kind:
            case "role":
                return tuple(role.id for role in self._reform.reform.roles)
            case "act":
                return (OPENING, *(item.id for item in flow.transitions))
            case _:
                return tuple(fact.id for fact in flow.facts)

    def _with_marks(self, flow: BoundWorkflow) -> Names:
        if flow.id not in self._marked:
            self._marked[flow.id] = names_of(flow.workflow)
        return self._marked[flow.id]


def bind_question(reform: BoundReform, workflow: str, text: str) -> Expression:
    """Return the lowered expression of a question about cases of one workflow.

    It may read whatever a rule of that workflow may. RequestError if it does not parse or does
    not fit; UnknownName if there is no such workflow.
    """
    try:
        expression = parse(text)
    except ExpressionError as error:
        raise _not_asked(text, error) from error
    return Questions(reform).bind(workflow, expression)


def bind_expression(
    reform: BoundReform, workflow: str, expression: Expression, *, marks: bool = False
) -> Expression:
    """Return the lowered form of an expression about cases of one workflow, as `bind_question`.

    With `marks` it may also read when, and by whom, each transition of the case was last fired,
    where the case itself does not keep that (`<transition>.on`, `<transition>.by`).
    """
    return Questions(reform).bind(workflow, expression, marks=marks)


# ---------------------------------------------------------------------------------------------


def _not_asked(text: str, error: ExpressionError) -> RequestError:
    message = f"{text!r} cannot be asked: {error.message}"
    return RequestError(message=message, hint=error.hint)


def _names(flow: BoundWorkflow) -> Names:
    """Return the names of the columns that cases really have."""
    every = names_of(flow.workflow)
    return Names(flow.id, flow.columns, every.stages, every.single)
