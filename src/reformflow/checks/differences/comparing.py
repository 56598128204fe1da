"""What changes in meaning from one definition to the next, each with a case that shows it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import MappingProxyType

import attrs

from reformflow.binding import BoundReform, Renames, bind, successions
from reformflow.checks.differences.clocks import clocks_otherwise
from reformflow.checks.differences.dated import dates_moved, late_otherwise, periods_moved
from reformflow.checks.differences.granted import granted_otherwise
from reformflow.checks.differences.owed import owed_otherwise
from reformflow.checks.differences.people import what_may_be_recorded, who_may
from reformflow.checks.differences.terms import (
    begun_otherwise,
    reasons_asked,
    recorded_again,
    recorded_with,
)
from reformflow.checks.differences.worlds import Pair, Versions
from reformflow.errors import Place
from reformflow.model import Finding, Reform, Severity, Text

_COMPARED: tuple[Callable[[Versions, Pair], Iterator[Finding]], ...] = (
    granted_otherwise,
    who_may,
    what_may_be_recorded,
    dates_moved,
    periods_moved,
    late_otherwise,
    clocks_otherwise,
    reasons_asked,
    recorded_with,
    recorded_again,
    begun_otherwise,
    owed_otherwise,
)


def _nowhere(path: str) -> Place:
    return Place(field=path)


def differences(
    old: Reform | BoundReform,
    new: Reform | BoundReform,
    *,
    renames: Renames = MappingProxyType({}),
    place: Callable[[str], Place] = _nowhere,
    place_before: Callable[[str], Place] = _nowhere,
) -> tuple[Finding, ...]:
    """Return what is newly allowed, newly refused and dated otherwise, as notes.

    `renames` say what goes on under another name (see `binding.successions`, which raises for
    what does not exist); `place` and `place_before` tell where a part stands in the files of the
    newer and of the older one. DefinitionError if one of the definitions does not hold up;
    MissingExtra without the extra `checks`.
    """
    before = bind(old) if isinstance(old, Reform) else old
    after = bind(new) if isinstance(new, Reform) else new
    versions = Versions(before, after, successions(before, after, renames))
    found = dict.fromkeys(_compared(versions))
    return tuple(
        attrs.evolve(
            finding,
            place=(place_before if _gone(after, finding.path) else place)(finding.path),
        )
        for finding in found
    )


# ---------------------------------------------------------------------------------------------


def _gone(new: BoundReform, path: str) -> bool:
    """Say whether a part is in the older definition only."""
    flow, _, rest = path.partition(".")
    if flow not in new.workflows:
        return True
    kind, _, part = rest.partition(".")
    there = {"transitions": new.workflows[flow].transitions, "duties": new.workflows[flow].duties}
    return kind in there and part.partition(".")[0] not in there[kind]


def _compared(versions: Versions) -> Iterator[Finding]:
    old, new = versions.old.workflows, versions.new.workflows
    yield from (_workflow(id, new=True) for id in new if id not in old)  # noqa: A001
    yield from (_workflow(id, new=False) for id in old if id not in new)  # noqa: A001
    for id in versions.successions:  # noqa: A001
        if _same(versions, id):
            continue
        pair = Pair.of(versions, id)
        for compare in _COMPARED:
            yield from compare(versions, pair)


def _same(versions: Versions, flow: str) -> bool:
    """Say whether a workflow and all that it may ask about are as they were."""
    old, new = versions.old, versions.new
    near = {flow, old.workflows[flow].parent, new.workflows[flow].parent} - {None}
    near |= {relation.workflow for relation in old.workflows[flow].relations.values()}
    near |= {relation.workflow for relation in new.workflows[flow].relations.values()}
    alike = all(old.workflows.get(str(id)) == new.workflows.get(str(id)) for id in near)  # noqa: A001
    return alike and old.effective_on == new.effective_on and old.calendar() == new.calendar()


def _workflow(id: str, *, new: bool) -> Finding:  # noqa: A002
    code = "workflow_added" if new else "workflow_removed"
    says = (
        Text(f"the workflow {id} is new", f"新增工作流{id}")
        if new
        else Text(f"the workflow {id} is gone", f"工作流{id}已取消")
    )
    return Finding(code, Severity.NOTE, id, says)
