"""Cases in memory: a docket that keeps them, and a unit of work that numbers what it does."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import attrs

from reformflow.errors import UnknownName
from reformflow.model import Case, Cases, Decision, Entry


class Docket:
    """Cases and their histories in memory, on their own or laid over a `base` that stays as it is.

    For tests, simulations and small programs, and for looking ahead from stored cases. It
    implements `Cases`; `take` carries out what a decision granted.
    """

    def __init__(self, decisions: Iterable[Decision] = (), *, base: Cases | None = None) -> None:
        """Start with what the given decisions granted."""
        self._base = base
        self._cases: dict[str, Case] = {}
        self._children: dict[tuple[str, str], list[str]] = {}
        self._entries: dict[str, list[Entry]] = {}
        self._opened: dict[str, None] = {}
        for decision in decisions:
            self.take(decision)

    def copy(self) -> Docket:
        """Return a docket of the same cases, which go on by themselves from here."""
        other = Docket(base=self._base)
        other._cases = dict(self._cases)
        other._children = {key: list(ids) for key, ids in self._children.items()}
        other._entries = {id: list(entries) for id, entries in self._entries.items()}  # noqa: A001
        other._opened = dict(self._opened)
        return other

    def take(self, decision: Decision) -> Decision:
        """Carry out a granted decision; a refused one changes nothing. Returns it."""
        for case in decision.opened:
            self.open(case)
        for entry in decision.entries:
            self.add(entry)
        return decision

    def open(self, case: Case) -> None:
        """Let a new case come into being."""
        self._opened[case.id] = None
        self._cases[case.id] = case
        if case.parent is not None:
            self._children.setdefault((case.parent, case.workflow), []).append(case.id)

    def add(self, entry: Entry) -> Entry:
        """Apply an entry and keep it. Returns it."""
        self._cases[entry.case] = self.case(entry.case).after(entry)
        self._entries.setdefault(entry.case, []).append(entry)
        return entry

    def ids(self) -> tuple[str, ...]:
        """Return the ids of the cases opened here, in the order in which they were opened."""
        return tuple(self._opened)

    def added(self, id: str) -> tuple[Entry, ...]:  # noqa: A002
        """Return the entries that were added here to a case, in order."""
        return tuple(self._entries.get(id, ()))

    def case(self, id: str) -> Case:  # noqa: A002
        """Return the case as it now is; UnknownName if there is none."""
        if id in self._cases:
            return self._cases[id]
        if self._base is None:
            raise UnknownName.of("case", id, self._cases)
        return self._base.case(id)

    def exists(self, id: str) -> bool:  # noqa: A002
        """Say whether there is such a case."""
        return id in self._cases or (self._base is not None and self._base.exists(id))

    def children(self, id: str, workflow: str) -> Sequence[Case]:  # noqa: A002
        """Return the child cases of one workflow as they now are, in the order of opening."""
        below = self._below(id)
        known = below.children(id, workflow) if below else ()
        new = self._children.get((id, workflow), ())
        return [*(self._cases.get(c.id, c) for c in known), *(self._cases[c] for c in new)]

    def entries(self, id: str) -> Sequence[Entry]:  # noqa: A002
        """Return the history of a case, in order."""
        below = self._below(id)
        return (*(below.entries(id) if below else ()), *self.added(id))

    def _below(self, id: str) -> Cases | None:  # noqa: A002
        """Return the base, unless the case was opened here and so is unknown to it."""
        return None if id in self._opened else self._base


class Work(Docket):
    """What has happened so far in one unit of work, in order: cases `opened`, entries `done`."""

    def __init__(self, base: Cases) -> None:
        """Start from `base`, which stays as it is."""
        super().__init__(base=base)
        self.opened: list[Case] = []
        self.done: list[Entry] = []

    def open(self, case: Case) -> None:
        """Let a new case come into being."""
        super().open(case)
        self.opened.append(case)

    def add(self, entry: Entry) -> Entry:
        """Apply an entry, giving it the next number of its case's history."""
        seq = self.case(entry.case).revision + 1
        numbered = super().add(entry if entry.seq == seq else attrs.evolve(entry, seq=seq))
        self.done.append(numbered)
        return numbered
