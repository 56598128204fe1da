"""The definition of one kind of case: tracks, states, transitions."""

from __future__ import annotations

import attrs

from reformflow.model.clauses import Basis
from reformflow.model.dates import Deadline, Duty, When, Window
from reformflow.model.facts import Fact
from reformflow.model.rules import Expression, Rule
from reformflow.model.text import Text

ANY = "any"
"""Written in place of from-states: every state of the track that is not final."""


@attrs.frozen
class State:
    """One state of a track; a final state has no way out."""

    id: str
    label: Text = Text()
    stage: str | None = None
    final: bool = False
    clauses: tuple[str, ...] = ()
    basis: Basis = Basis.TEXT


@attrs.frozen
class Stage:
    """A named group of states of a track, in the order in which stages are shown."""

    id: str
    label: Text = Text()
    clauses: tuple[str, ...] = ()


@attrs.frozen
class Track:
    """One of a workflow's parallel regions; a case is always in exactly one of its states."""

    id: str
    initial: str
    states: tuple[State, ...]
    stages: tuple[Stage, ...] = ()
    label: Text = Text()


@attrs.frozen
class Branch:
    """One target of a transition, taken if `when` is true (or always, when it has none)."""

    state: str
    when: Expression | None = None


@attrs.frozen
class Transition:
    """From-states to a to-state, who may fire it, what it needs, keeps and records.

    `source` names states, stages or `any`; `to` is tried in order and empty for a transition
    that stays where it is. `by` are the roles that may fire it, `signed_by` the roles that must
    all have signed (the one who fires signs by firing), `not_by` the transitions whose last
    actor may not fire this one. `automatic` transitions fire as soon as their rules hold, `at`
    ones when a day has come, `after_due` ones once the deadline of the named transition has
    passed; these three have no actor. `enabled` is an expression over policies only: a
    transition that is not enabled does not exist.
    """

    id: str
    track: str
    source: tuple[str, ...]
    to: tuple[Branch, ...] = ()
    by: tuple[str, ...] = ()
    signed_by: tuple[str, ...] = ()
    not_by: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    due: Deadline | None = None
    window: Window | None = None
    records: tuple[str, ...] = ()
    may_record: tuple[str, ...] = ()
    sets: tuple[tuple[str, Expression], ...] = ()
    automatic: bool = False
    at: tuple[When, ...] = ()
    after_due: str | None = None
    reason: bool = False
    enabled: Expression | None = None
    label: Text = Text()
    clauses: tuple[str, ...] = ()
    basis: Basis = Basis.TEXT

    @property
    def by_itself(self) -> bool:
        """Whether it fires without an actor: automatic, on a day, or by silence."""
        return self.automatic or bool(self.at) or self.after_due is not None


@attrs.frozen
class Opening:
    """How a case of this workflow comes to be: who may open it, what it needs and records."""

    by: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    records: tuple[str, ...] = ()
    may_record: tuple[str, ...] = ()
    clauses: tuple[str, ...] = ()


@attrs.frozen
class Relation:
    """A named set of child cases, all of one workflow."""

    id: str
    workflow: str
    clauses: tuple[str, ...] = ()


@attrs.frozen
class Workflow:
    """The definition of one kind of case."""

    id: str
    tracks: tuple[Track, ...]
    transitions: tuple[Transition, ...] = ()
    facts: tuple[Fact, ...] = ()
    rules: tuple[Rule, ...] = ()
    opening: Opening = Opening()
    children: tuple[Relation, ...] = ()
    duties: tuple[Duty, ...] = ()
    corrected_by: tuple[str, ...] = ()
    label: Text = Text()
    clauses: tuple[str, ...] = ()
