"""A reform made ready for work: compiled once, with the tables of its cases."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from reformflow.binding import bind
from reformflow.engine import Callback, Engine
from reformflow.errors import EmbeddingError
from reformflow.formats import fingerprint
from reformflow.model import Reform
from reformflow.store import MetaData, Schema


@attrs.frozen
class Practice:
    """What every unit of work on a reform shares; hosts that build many keep one of these."""

    reform: Reform = attrs.field(repr=lambda reform: repr(reform.id))
    engine: Engine = attrs.field(repr=False)
    schema: Schema = attrs.field(repr=False)
    definition: str
    callbacks: Mapping[str, Callback] = attrs.field(factory=dict)

    @classmethod
    def of(
        cls,
        reform: Reform,
        *,
        prefix: str = "",
        schema: str | None = None,
        metadata: MetaData | None = None,
        callbacks: Mapping[str, Callback] | None = None,
    ) -> Practice:
        """Compile a reform, and declare its tables in `metadata` or apart.

        `callbacks` are conditions of the host's own, in Python, by `workflow.transition`.
        DefinitionError if the reform does not hold up; EmbeddingError if its tables cannot
        have the names they would get.
        """
        _check(reform)
        bound = bind(reform)
        definition = fingerprint(reform)
        tables = Schema.of(bound, prefix=prefix, schema=schema, metadata=metadata)
        engine = Engine(bound, definition=definition, callbacks=callbacks)
        return cls(reform, engine, tables, definition, callbacks or {})

    @classmethod
    def taken(
        cls, reform: Reform | Practice, *, prefix: str = "", schema: str | None = None
    ) -> Practice:
        """Return a practice as it is, or that of a reform."""
        if isinstance(reform, Practice):
            return reform
        return cls.of(reform, prefix=prefix, schema=schema)

    def workflows(self, workflow: str | None = None) -> tuple[str, ...]:
        """Return the ids of all workflows, or that of one; UnknownName if it does not exist."""
        if workflow is None:
            return tuple(self.schema.workflows)
        return (self.schema.workflow(workflow).flow.id,)


# ---------------------------------------------------------------------------------------------


def _check(reform: object) -> None:
    if not isinstance(reform, Reform):
        hint = 'load it first: load("its folder"), or load("the id of a shipped one")'
        raise EmbeddingError(f"{reform!r} is no reform", hint)
