"""Asking of a book's past decisions which of them another definition would refuse."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

import attrs

from reformflow.binding import Renames
from reformflow.casework.practice import Practice
from reformflow.casework.units import Units
from reformflow.casework.versions.crossing import Crossing
from reformflow.casework.versions.stored import stored_practice
from reformflow.engine import Passage, Replayed
from reformflow.engine.replay import replay
from reformflow.model import Actor
from reformflow.store import Connection, StoredCases


@attrs.frozen
class Replay:
    """A book's past, to be judged by the definition `after`.

    `renames` are those from the definition that the book is opened with. They hold for older
    ones too, as far as these have the names.
    """

    units: Units
    own: Practice
    after: Practice
    renames: Renames
    actors: Mapping[str, Actor]
    _crossings: dict[str, Crossing] = attrs.field(factory=dict)

    def case(self, id: str) -> tuple[Replayed, ...]:  # noqa: A002
        """Judge the past of one case; UnknownName if there is none."""
        return self.units.read(lambda connection: tuple(self._replayed(connection, [id])))

    def every(self, workflow: str | None = None) -> Iterator[Replayed]:
        """Judge the past of all cases, some at a time: each page in a transaction of its own."""
        for name in self.own.workflows(workflow):
            last = 0
            while True:
                page, last = self.units.read(partial(self._page, name, last))
                if page is None:
                    break
                yield from page

    def _page(
        self, workflow: str, after: int, connection: Connection
    ) -> tuple[tuple[Replayed, ...] | None, int]:
        cases, last = StoredCases(connection, self.own.schema).page(workflow, None, after=after)
        if not cases:
            return None, last
        return tuple(self._replayed(connection, [case.id for case in cases])), last

    def _replayed(self, connection: Connection, ids: list[str]) -> Iterator[Replayed]:
        reader = StoredCases(connection, self.own.schema)
        reader.together(ids)
        program = self.after.engine.program
        for id_ in ids:
            yield from replay(reader, id_, program, partial(self._passage, connection), self.actors)

    def _passage(self, connection: Connection, digest: str, workflow: str) -> Passage | None:
        if digest not in self._crossings:
            before = stored_practice(connection, self.own, digest)
            renames = _known(before, self.renames) if digest != self.after.definition else {}
            self._crossings[digest] = Crossing.of(before, self.after, renames)
        return self._crossings[digest].passages.get(workflow)


# ---------------------------------------------------------------------------------------------


def _known(before: Practice, renames: Renames) -> Renames:
    """Return the renames of things that a definition has."""
    flows = before.engine.program.bound.workflows
    found: dict[str, str] = {}
    for key, name in renames.items():
        flow, _, thing = key.partition(".")
        things = (
            {column.partition(".")[0] for column in flows[flow].columns} if flow in flows else ()
        )
        if thing.partition(".")[0] in things:
            found[key] = name
    return found
