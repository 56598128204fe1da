"""The actor of a question: from a roster, by a role, or with the roles written out."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from reformflow.binding import BoundReform
from reformflow.cli.faults import bad_input
from reformflow.errors import nearest
from reformflow.model import Actor, Grant


def actor_of(text: str, roster: str | None, bound: BoundReform) -> Actor:
    """Return the actor meant by --actor; UsageError with the nearest known name if nobody is.

    `ID:ROLE,ROLE@UNIT` writes the roles out; a role alone stands for somebody who holds it for
    every unit; anything else is looked up in the roster's table of actors.
    """
    from reformflow.sheets.actors import role_names

    roles = role_names(bound)
    name, colon, grants = text.partition(":")
    if colon:
        return Actor(name, frozenset(_grant(grant, roles) for grant in grants.split(",")))
    if roster is not None:
        return _from_roster(text, Path(roster), bound)
    if text in roles:
        return Actor(text, frozenset({Grant(roles[text])}))
    hint = f"{nearest(text, bound.roles)}, or give --roster, or write {text}:ROLE@UNIT"
    return bad_input(f"nothing is known of the actor {text!r}", hint)


# ---------------------------------------------------------------------------------------------


def _grant(text: str, roles: Mapping[str, str]) -> Grant:
    role, _, unit = text.strip().partition("@")
    if role not in roles:
        bad_input(f"unknown role {role!r}", nearest(role, set(roles.values())))
    return Grant(roles[role], unit or None)


def _from_roster(name: str, folder: Path, bound: BoundReform) -> Actor:
    from reformflow.sheets.rosters import read_actors_of

    actors = read_actors_of(folder, bound)
    if name not in actors:
        bad_input(f"unknown actor {name!r}", nearest(name, actors))
    return actors[name]
