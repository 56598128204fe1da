"""Units of work of single acts: one after the other, on a connection that is kept for them.

Taking a connection out of the pool for each act and giving it back, with all that the pool does
then, costs about as much as deciding. So one is kept between acts, unless it is the only one.
"""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import TypeVar

import sqlalchemy as sa

from reformflow.store.dialects import (
    bounds_of_single,
    can_spare,
    end_singles,
    has_rested,
    prepare_singles,
)
from reformflow.store.direct import Direct, Known, give_up, wrapped

_Asked = TypeVar("_Asked")
_Answer = TypeVar("_Answer")


class Singles:
    """The units of work of single acts in one database."""

    def __init__(self, engine: sa.Engine, known: Known) -> None:
        """Run them on connections of an engine; `known` keeps what was compiled before."""
        self.engine = engine
        self._known = known
        self._kept: list[_Single] = []
        self._keeps = can_spare(engine)
        sa.event.listen(engine, "engine_disposed", self._close_kept)

    def run(
        self, act: Callable[[Direct, _Asked, _Answer], None], asked: _Asked, answer: _Answer
    ) -> None:
        """Run one unit, which is told where its answer goes: stored at the end, or undone.

        With a database whose WITH may write, each statement is stored as it is run.
        """
        single = self._taken()
        try:
            single.begin()
            act(single, asked, answer)
            single.commit()
        except BaseException:
            single.release()  # the pool undoes what is not committed
            raise
        if self._keeps and not self._kept:
            single.used = monotonic()
            self._kept.append(single)
        else:
            single.release()

    def _taken(self) -> _Single:
        """Take the connection that was kept; one that has rested goes to be asked by the pool."""
        try:
            single = self._kept.pop()
        except IndexError:
            return _Single(self.engine, self._known)
        if not has_rested(single.used):
            return single
        single.release()
        return _Single(self.engine, self._known)

    def _close_kept(self, _: object) -> None:
        while self._kept:
            self._kept.pop().close()


# ---------------------------------------------------------------------------------------------


class _Single(Direct):
    """Runs the statements of single acts on a connection of the pool, while nobody is watching."""

    __slots__ = ("_begin", "_commit", "_pooled", "used")

    def __init__(self, engine: sa.Engine, known: Known) -> None:
        """Take a connection out of the pool."""
        try:
            self._pooled = engine.raw_connection()
        except engine.dialect.loaded_dbapi.Error as error:
            raise wrapped(engine, error) from error
        super().__init__(engine, self._pooled, known)
        self.used = 0.0
        try:
            prepare_singles(engine, self._pooled)
            self._cursor = self._pooled.cursor()
            self._begin, self._commit = bounds_of_single(engine, self._pooled, self._cursor)
        except BaseException:
            self.release()
            raise

    def begin(self) -> None:
        """Begin the unit of one act."""
        try:
            self._begin()
        except BaseException as error:
            give_up(self.engine, self._pooled, error)
            raise

    def commit(self) -> None:
        """Commit it."""
        try:
            self._commit()
        except BaseException as error:
            give_up(self.engine, self._pooled, error)
            raise

    def release(self) -> None:
        """Give the connection back to the pool, as others expect it."""
        end_singles(self.engine, self._pooled)
        self._pooled.close()

    def close(self) -> None:
        """Close the connection."""
        self._pooled.invalidate()
        self._pooled.close()
