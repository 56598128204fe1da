"""What a search can be asked to bring about."""

from __future__ import annotations

from datetime import date

import attrs

from reformflow.model import Aggregate, Value
from reformflow.testing.pathfinding.wishes import Wish


@attrs.frozen
class Reach:
    """A track of a case comes to one of some states; passing through one counts."""

    case: str
    track: str
    states: frozenset[str]


@attrs.frozen
class Firing:
    """A transition fires on a case, to one of its targets if that is named, as wished."""

    case: str
    transition: str
    target: str | None = None
    wishes: tuple[Wish, ...] = ()


@attrs.frozen
class Fulfil:
    """Wishes about a case hold, all of them at once."""

    case: str
    wishes: tuple[Wish, ...]


@attrs.frozen
class Gather:
    """A question over the children of a case is answered by a value."""

    case: str
    aggregate: Aggregate
    value: Value


@attrs.frozen
class Found:
    """A new case of a workflow is opened, under a parent if it has one, with wishes for later."""

    workflow: str
    parent: str | None
    wishes: tuple[Wish, ...] = ()


@attrs.frozen
class Await:
    """A day has come."""

    on: date


Goal = Reach | Firing | Fulfil | Gather | Found | Await
