"""One act on one case, in as few steps as the database allows.

Most acts read one case and change only that. Then the UPDATE that names the revision which was
read says all that the decision rests on, and no transaction has to hold reading and writing
together: where one statement can update the case and enter why (PostgreSQL), each statement is
a transaction of its own. It runs as SERIALIZABLE as the longer units do, so they see it as what
it is. Whoever asks for more than the one case is told to begin a longer unit.
"""

from __future__ import annotations

from collections.abc import Sequence

from reformflow.model import Act, Case, Decision, Entry
from reformflow.store.carrying import carry_out, is_one_step
from reformflow.store.dialects import with_may_write
from reformflow.store.direct import Direct
from reformflow.store.schema import Schema, WorkflowTable


class NotAlone(Exception):
    """A decision takes more than one case: it needs a longer unit of work."""


class NotHere(NotAlone):
    """The case is not found where it should be: a longer unit finds out and names what is wrong."""


class OneCase:
    """The `Cases` of a decision about one case; NotAlone for whoever asks for anything else."""

    def __init__(self, direct: Direct, schema: Schema, act: Act, *, pinned: str) -> None:
        """Read by `direct` what `act` is about, if it follows the definition `pinned`."""
        self._direct = direct
        self._schema = schema
        self._home = schema.home(act)
        self._pinned = pinned
        self._known: Case | None = None

    def case(self, id: str) -> Case:  # noqa: A002
        """Return the first case that is asked for."""
        if self._known is None:
            self._known = self._read(id)
        if self._known.id != id:
            raise NotAlone
        return self._known

    def exists(self, id: str) -> bool:  # noqa: A002
        """Say so of the one case."""
        return self.case(id).id == id

    def children(self, id: str, workflow: str) -> Sequence[Case]:  # noqa: A002, ARG002
        """Ask for a longer unit."""
        raise NotAlone

    def entries(self, id: str) -> Sequence[Entry]:  # noqa: A002, ARG002
        """Ask for a longer unit."""
        raise NotAlone

    def write(self, decision: Decision) -> None:
        """Carry out what is granted; Conflict if the case was changed since it was read."""
        if not decision.granted:
            return
        if with_may_write(self._direct.engine) and not is_one_step(decision):
            raise NotAlone  # several statements need a transaction to be one
        carry_out(self._direct, self._schema, self, decision)

    def _read(self, id: str) -> Case:  # noqa: A002
        home = self._home or self._listed(id)
        if home is not None:
            found: list[Case] = self._direct.read(home.by_id, id)
            for case in found:
                if case.definition == self._pinned:
                    return case
        raise NotHere

    def _listed(self, id: str) -> WorkflowTable | None:  # noqa: A002
        for (workflow,) in self._direct.read(self._schema.workflow_of, id):
            return self._schema.workflow(workflow)
        return None
