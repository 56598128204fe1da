"""Cases in memory: a docket that keeps them, and a unit of work laid over any `Cases`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import attrs

from reformflow.errors import UnknownName
from reformflow.model import Case, Cases, Decision, Entry


class Docket:
    """Cases and their histories in memory, for tests, simulations and small programs.

    It implements `Cases`; `take` carries out what a decision granted.
    """

    def __init__(self, decisions: Iterable[Decision] = ()) -> None:
        """Start with what the given decisions granted."""
        self._cases: dict[str, Case] = {}
        self._children: dict[tuple[str, str], list[str]] = {}
        self._entries: dict[str, list[Entry]] = {}
        for decision in decisions:
            self.take(decision)

    def take(self, decision: Decision) -> Decision:
        """Carry out a granted decision; a refused one changes nothing. Returns it."""
        for case in decision.opened:
            self._cases[case.id] = case
            self._entries[case.id] = []
            if case.parent is not None:
                self._children.setdefault((case.parent, case.workflow), []).append(case.id)
        for entry in decision.entries:
            self._cases[entry.case] = self._cases[entry.case].after(entry)
            self._entries[entry.case].append(entry)
        return decision

    def ids(self) -> tuple[str, ...]:
        """Return the ids of all cases, in the order in which they were opened."""
        return tuple(self._cases)

    def case(self, id: str) -> Case:  # noqa: A002
        """Return the case; UnknownName if there is none."""
        try:
            return self._cases[id]
        except KeyError:
            raise UnknownName.of("case", id, self._cases) from None

    def exists(self, id: str) -> bool:  # noqa: A002
        """Say whether there is such a case."""
        return id in self._cases

    def children(self, id: str, workflow: str) -> Sequence[Case]:  # noqa: A002
        """Return the child cases of one workflow, in the order in which they were opened."""
        return [self._cases[child] for child in self._children.get((id, workflow), ())]

    def entries(self, id: str) -> Sequence[Entry]:  # noqa: A002
        """Return the history of a case, in order."""
        return tuple(self._entries.get(id, ()))


class Work:
    """What has happened so far in one unit of work, laid over the cases it started from."""

    def __init__(self, base: Cases) -> None:
        """Start from `base`, which stays as it is."""
        self._base = base
        self._changed: dict[str, Case] = {}
        self.opened: list[Case] = []
        self.done: list[Entry] = []

    def open(self, case: Case) -> None:
        """Let a new case come into being."""
        self.opened.append(case)
        self._changed[case.id] = case

    def add(self, entry: Entry) -> Entry:
        """Apply an entry, giving it the next number of its case's history."""
        case = self.case(entry.case)
        numbered = attrs.evolve(entry, seq=case.revision + 1)
        self._changed[case.id] = case.after(numbered)
        self.done.append(numbered)
        return numbered

    def case(self, id: str) -> Case:  # noqa: A002
        """Return the case as it now is; UnknownName if there is none."""
        return self._changed[id] if id in self._changed else self._base.case(id)

    def exists(self, id: str) -> bool:  # noqa: A002
        """Say whether there is such a case."""
        return id in self._changed or self._base.exists(id)

    def children(self, id: str, workflow: str) -> Sequence[Case]:  # noqa: A002
        """Return the child cases of one workflow as they now are."""
        known = (
            [] if any(case.id == id for case in self.opened) else self._base.children(id, workflow)
        )
        here = [self._changed.get(child.id, child) for child in known]
        new = [c for c in self.opened if c.parent == id and c.workflow == workflow]
        return [*here, *(self._changed[case.id] for case in new)]

    def entries(self, id: str) -> Sequence[Entry]:  # noqa: A002
        """Return the history of a case, with what this unit of work adds."""
        before = () if any(case.id == id for case in self.opened) else self._base.entries(id)
        return (*before, *(entry for entry in self.done if entry.case == id))
