"""Ids: written as identifiers, unique, free of clashes, short enough for every database."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from reformflow.binding.bound import Column
from reformflow.binding.columns import CASE_COLUMNS, columns_of
from reformflow.binding.faults import Faults
from reformflow.language.parse import RESERVED
from reformflow.model import Reform, Workflow

MAX_ID = 63
"""The longest name of a column, in UTF-8 bytes, that every supported database takes."""


def check_ids(reform: Reform, faults: Faults) -> None:
    """Note every id of the reform that cannot be used as it is."""
    _unique("reform.workflows", (flow.id for flow in reform.workflows), faults)
    _unique("reform.roles", (role.id for role in reform.roles), faults)
    _unique("reform.policies", (policy.id for policy in reform.policies), faults)
    _distinct("clauses", (clause.id for clause in reform.clauses), faults)
    for flow in reform.workflows:
        _check_workflow(flow, faults)


# ---------------------------------------------------------------------------------------------


def _identifier(path: str, name: str, faults: Faults) -> None:
    if not name.isidentifier() or name.startswith("_"):
        hint = "letters, digits and _, not beginning with a digit or _"
        faults.add(path, "identifier", f"{name!r} is not an identifier", hint)
    elif unicodedata.normalize("NFKC", name) != name:
        shown = unicodedata.normalize("NFKC", name)
        faults.add(path, "identifier", f"{name!r} has look-alike characters", f"write {shown!r}")
    elif name in RESERVED:
        message = f"{name!r} is a word of the rule language, so nothing can be named so"
        faults.add(path, "reserved", message, f"rename it, for example {name}_1")


def _distinct(path: str, names: Iterable[str], faults: Faults) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            faults.add(f"{path}.{name}", "duplicate", f"{name!r} is declared twice")
        seen.add(name)


def _unique(path: str, names: Iterable[str], faults: Faults) -> None:
    listed = list(names)
    for name in listed:
        _identifier(f"{path}.{name}", name, faults)
    _distinct(path, listed, faults)


def _check_workflow(flow: Workflow, faults: Faults) -> None:
    root = flow.id
    groups = {
        "facts": [fact.id for fact in flow.facts],
        "tracks": [track.id for track in flow.tracks],
        "transitions": [transition.id for transition in flow.transitions],
        "duties": [duty.id for duty in flow.duties],
    }
    for group, names in {
        **groups,
        "rules": [rule.id for rule in flow.rules],
        "children": [relation.id for relation in flow.children],
    }.items():
        _unique(f"{root}.{group}", names, faults)
    owners: dict[str, str] = {}
    for group, names in groups.items():
        for name in names:
            if owners.setdefault(name, group) != group:
                message = f"{name!r} is also the name of one of the {owners[name]}"
                faults.add(f"{root}.{group}.{name}", "clash", message, "rename one of them")
    for rule in flow.rules:
        if owners.get(rule.id) == "facts":
            message = f"{rule.id!r} is also the name of a fact"
            faults.add(f"{root}.rules.{rule.id}", "clash", message, "rename one of them")
    for track in flow.tracks:
        path = f"{root}.tracks.{track.id}"
        _unique(f"{path}.states", (state.id for state in track.states), faults)
        _unique(f"{path}.stages", (stage.id for stage in track.stages), faults)
        both = {state.id for state in track.states} & {stage.id for stage in track.stages}
        for name in sorted(both):
            message = f"{name!r} is both a state and a stage"
            faults.add(f"{path}.stages.{name}", "clash", message, "rename one of them")
    for fact in flow.facts:
        _distinct(f"{root}.facts.{fact.id}.choices", (c.id for c in fact.choices), faults)
        if fact.id in CASE_COLUMNS:
            message = f"every case has {fact.id!r} already"
            faults.add(f"{root}.facts.{fact.id}", "reserved", message, "rename the fact")
    _check_columns(flow, faults)


def _check_columns(flow: Workflow, faults: Faults) -> None:
    """Databases take names that differ only in capital letters for one."""
    taken = {name: name for name in CASE_COLUMNS}
    for column in columns_of(flow).values():
        other = taken.setdefault(column.sql_name.casefold(), column.name)
        if other != column.name:
            message = f"{column.name!r} and {other!r} would be one database column"
            faults.add(_place_of(flow, column), "clash", message, "rename one of them")
        if len(column.sql_name.encode()) > MAX_ID:
            message = f"{column.name!r} is longer than {MAX_ID} bytes"
            faults.add(_place_of(flow, column), "too_long", message, "shorten the id")


def _place_of(flow: Workflow, column: Column) -> str:
    owner = column.name.partition(".")[0]
    tracks = {track.id for track in flow.tracks}
    duties = {duty.id for duty in flow.duties}
    group = "tracks" if owner in tracks else "duties" if owner in duties else "transitions"
    return f"{flow.id}.{'facts' if column.fact else group}.{owner}"
