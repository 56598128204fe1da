"""Roles, and the actors who hold them."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

import attrs

from reformflow.model.text import Text


class Scope(StrEnum):
    """Whether a role is held for one unit at a time, or for all of them."""

    UNIT = "unit"
    ALL = "all"


@attrs.frozen
class Role:
    """An office or function that may act; `aliases` are other names the document uses for it."""

    id: str
    label: Text = Text()
    scope: Scope = Scope.ALL
    aliases: tuple[str, ...] = ()
    clauses: tuple[str, ...] = ()


@attrs.frozen
class Grant:
    """One role of an actor, for the unit named, or for every unit when `unit` is None."""

    role: str
    unit: str | None = None


@attrs.frozen
class Actor:
    """Who acts: an id given by the host, and the roles the host vouches for.

    `everywhere` and `local` are the same grants, laid out for quick look-up: the roles held for
    all units, and the (role, unit) pairs.
    """

    id: str
    grants: frozenset[Grant] = frozenset()
    everywhere: frozenset[str] = attrs.field(init=False, eq=False, repr=False)
    local: frozenset[tuple[str, str]] = attrs.field(init=False, eq=False, repr=False)

    @everywhere.default
    def _roles_everywhere(self) -> frozenset[str]:
        return frozenset(grant.role for grant in self.grants if grant.unit is None)

    @local.default
    def _roles_by_unit(self) -> frozenset[tuple[str, str]]:
        return frozenset((grant.role, grant.unit) for grant in self.grants if grant.unit)

    @classmethod
    def holding(cls, id: str, *roles: str, unit: str | None = None) -> Actor:  # noqa: A002
        """Build an actor who holds `roles`, for `unit` or for all units."""
        return cls(id, frozenset(Grant(role, unit) for role in roles))

    def holds(self, role: str, unit: str) -> bool:
        """Say whether this actor holds `role` for `unit`."""
        return role in self.everywhere or (role, unit) in self.local

    def holds_any(self, roles: Iterable[str], unit: str) -> bool:
        """Say whether this actor holds any of `roles` for `unit`."""
        return any(self.holds(role, unit) for role in roles)
