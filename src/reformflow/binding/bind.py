"""From a reform as written to a bound reform: every name resolved, every type checked.

`bind` reports all problems at once, each with the path of the part of the definition that it
stands in, such as `<workflow>.transitions.<id>.needs[0]`.
"""

from __future__ import annotations

from reformflow.binding.bound import BoundReform
from reformflow.binding.columns import names_of
from reformflow.binding.faults import Faults
from reformflow.binding.naming import check_ids
from reformflow.binding.workflows import WorkflowBinder
from reformflow.errors import DefinitionError
from reformflow.model import PolicySetting, Reform


def bind(reform: Reform) -> BoundReform:
    """Resolve and check a reform; DefinitionError with every problem if it does not hold up."""
    faults = Faults(reform)
    _check_reform(reform, faults)
    check_ids(reform, faults)
    if faults.problems:
        # Names that clash or do not exist would only cause misleading problems further on.
        raise _error(reform, faults)
    names = {workflow.id: names_of(workflow) for workflow in reform.workflows}
    used: set[tuple[str, str]] = set()
    calculated: set[tuple[str, str]] = set()
    binders = [
        WorkflowBinder(reform, flow, names, faults, used, calculated) for flow in reform.workflows
    ]
    parts = [binder.bind_parts() for binder in binders]
    if faults.problems:
        raise _error(reform, faults)
    # Only now is it known which marks of a workflow the others read, which facts they add up.
    bound = {part.id: binder.finish(part) for binder, part in zip(binders, parts, strict=True)}
    if faults.problems:
        raise _error(reform, faults)
    roles = {role.id: role for role in reform.roles}
    return BoundReform(reform, bound, roles, reform.effective_on)


# ---------------------------------------------------------------------------------------------


def _error(reform: Reform, faults: Faults) -> DefinitionError:
    count = len(faults.problems)
    message = f"reform {reform.id!r} has {count} problem{'s' if count > 1 else ''}"
    return DefinitionError(message=message, problems=tuple(faults.problems))


def _check_reform(reform: Reform, faults: Faults) -> None:
    if not reform.workflows:
        faults.add("reform.workflows", "missing", "a reform has at least one workflow")
    for policy in reform.policies:
        path = f"reform.policies.{policy.id}"
        options = [option.name for option in policy.options]
        faults.known(f"{path}.default", "policy option", policy.default, options)
        if policy.chosen is not None:
            faults.known(f"{path}.chosen", "policy option", policy.chosen, options)
        faults.clauses(path, policy.clauses)
        if len({type(option.value) for option in policy.options}) > 1:
            faults.add(f"{path}.options", "type", "the options of a policy have one type")
    for role in reform.roles:
        faults.clauses(f"reform.roles.{role.id}", role.clauses)
    faults.clauses("reform.document", reform.document.clauses)
    setting = reform.effective_from
    if isinstance(setting, PolicySetting):
        path = "reform.effective_from"
        faults.known(path, "policy", setting.policy, [policy.id for policy in reform.policies])
