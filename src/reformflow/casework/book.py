"""A book of cases that owns its database: every call is a transaction of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from typing import Self, TypeVar

from reformflow.casework.acts import Acts
from reformflow.casework.alone import Alone
from reformflow.casework.board import Line
from reformflow.casework.casework import Casework, Clock, utc_now
from reformflow.casework.patience import PATIENCE, passing, pauses
from reformflow.casework.plans import Plan
from reformflow.casework.practice import Practice
from reformflow.casework.waiting import let_pass
from reformflow.engine import Unlock
from reformflow.errors import Conflict, ReformflowError, StoreError
from reformflow.model import Actor, Case, Decision, Entry, Facts, Reform, Request
from reformflow.store import (
    Engine,
    Flaw,
    SQLAlchemyError,
    named,
    unit,
    unsure,
)

_Result = TypeVar("_Result")


class Book(Acts):
    """Cases of one reform in a database of their own; made by `connect`.

    A unit of work that meets others on its way is undone and tried again whole, for up to
    `patience` seconds; then, and for all other trouble, it raises StoreError. An error at the
    very commit leaves open whether it was stored: a request with a key is sent again by
    itself, another raises a StoreError that says so.
    """

    def __init__(
        self,
        engine: Engine,
        practice: Practice,
        *,
        clock: Clock | None = None,
        patience: float = PATIENCE,
        added: tuple[str, ...] = (),
    ) -> None:
        """Use an engine whose database has the tables of `practice`."""
        self._added = added
        self._engine = engine
        self._practice = practice
        self._clock = clock or utc_now
        self._patience = patience

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    @property
    def reform(self) -> Reform:
        """The reform whose cases these are."""
        return self._practice.reform

    @property
    def practice(self) -> Practice:
        """The reform, compiled, with its tables."""
        return self._practice

    @property
    def added(self) -> tuple[str, ...]:
        """What an upgrade added when this book was opened: each `table` or `table.column`."""
        return self._added

    @contextmanager
    def transaction(self) -> Iterator[Casework]:
        """Give a Casework whose work is committed whole at the end, or undone on an error.

        It is not tried again: Conflict or TransactionLost asks you to do that.
        """
        worked = False
        try:
            with unit(self._engine, writes=True) as connection:
                yield Casework(connection, self._practice, clock=self._clock)
                worked = True
        except SQLAlchemyError as error:
            raise (self._unknown if worked and unsure(error) else self._named)(error) from error

    def do(self, request: Request) -> Decision:
        """Decide a request of any kind, and carry it out if it is granted."""
        return self._write(lambda work: work.do(request), again=request.key is not None)

    def tick(self, on: date, *, cases: Iterable[str] | None = None) -> list[Decision]:
        """Carry out what time has brought up to and including `on`, each case by itself.

        A case whose dates need a year without data holds up no other; CalendarError names it
        when all others are done and stored.
        """
        limit = None if cases is None else tuple(cases)
        self._read(lambda work: work.check_day(on))
        return let_pass(
            lambda _: self._read(lambda work: work.waiting(on, limit)),
            lambda case: self._write(lambda work: work.tick_case(case, on), again=True),
        )

    def explain(
        self,
        case: str,
        transition: str,
        *,
        actor: Actor,
        on: date,
        facts: Facts | None = None,
        reason: str | None = None,
    ) -> Decision:
        """Answer what firing a transition would do, and do nothing."""
        return self._read(
            lambda work: work.explain(
                case, transition, actor=actor, on=on, facts=facts, reason=reason
            )
        )

    def words(self, decision: Decision, lang: str = "en") -> tuple[str, ...]:
        """Return the refusals of a decision in words, one text each: why, and what to do."""
        return self._read(lambda work: work.words(decision, lang))

    def plan(
        self,
        workflow: str,
        transition: str,
        *,
        actor: Actor,
        on: date,
        where: str = "",
        reason: str | None = None,
    ) -> Plan:
        """Count what firing a transition over many cases would come to, and do nothing.

        `where` is an expression of the rule language that selects cases. See `Plan`.
        """
        return self._read(
            lambda work: work.plan(
                workflow, transition, actor=actor, on=on, where=where, reason=reason
            )
        )

    def unlock(self, case: str, transition: str, *, actor: Actor, on: date) -> Unlock:
        """Say what is missing for a transition, and the earliest day on which it may be fired."""
        return self._read(lambda work: work.unlock(case, transition, actor=actor, on=on))

    def case(self, id: str) -> Case:  # noqa: A002
        """Return a case; UnknownName if there is none."""
        return self._read(lambda work: work.case(id))

    def cases(self, workflow: str | None = None, unit: str | None = None) -> Iterator[Case]:
        """Yield cases as `Casework.cases` does.

        They are read page by page, each in a transaction of its own, so that the caller may
        write in between; what was opened meanwhile comes at the end.
        """
        for name in self._practice.workflows(workflow):
            page, last = self._read(partial(Alone.page, workflow=name, unit=unit, after=0))
            while page:
                yield from page
                page, last = self._read(partial(Alone.page, workflow=name, unit=unit, after=last))

    def history(self, case: str) -> tuple[Entry, ...]:
        """Return the history of a case, in order; UnknownName if there is no such case."""
        return self._read(lambda work: work.history(case))

    def board(self, on: date, *, unit: str | None = None) -> tuple[Line, ...]:
        """Return where every case stands when a day has come, of one unit or of all.

        What time has brought until then is shown as done, and stored by `tick` only.
        """
        return self._read(lambda work: work.board(on, unit=unit))

    def overdue(self, on: date, *, unit: str | None = None) -> tuple[Line, ...]:
        """Return the lines of the board whose date has passed, the longest overdue first."""
        return self._read(lambda work: work.overdue(on, unit=unit))

    def verify(self) -> tuple[Flaw, ...]:
        """Return every flaw of what is stored: each case must be the fold of its history."""
        return self._read(lambda work: work.verify())

    def _read(self, action: Callable[[Alone], _Result]) -> _Result:
        return self._unit(action, writes=False, again=True)

    def _write(self, action: Callable[[Alone], _Result], *, again: bool) -> _Result:
        return self._unit(action, writes=True, again=again)

    def _unit(self, action: Callable[[Alone], _Result], *, writes: bool, again: bool) -> _Result:
        """Run one unit of work, whole and as often as it takes.

        `again` says that it does no harm to do it twice, should a commit be lost on its way.
        """
        rest = pauses(self._patience)
        while True:
            result: list[_Result] = []
            try:
                with unit(self._engine, writes=writes) as connection:
                    work = Alone(connection, self._practice, clock=self._clock)
                    result.append(action(work))
            except Conflict as error:
                if not next(rest):
                    raise Conflict(error.message, "others keep changing it: try later") from error
            except SQLAlchemyError as error:
                open_ = bool(result) and writes and unsure(error)
                if open_ and not again:
                    raise self._unknown(error) from error
                if not (open_ or passing(error)) or not next(rest):
                    raise (self._unknown if open_ else self._named)(error) from error
            else:
                return result[0]

    def _named(self, error: SQLAlchemyError) -> ReformflowError:
        return named(error, self._where())

    def _unknown(self, error: SQLAlchemyError) -> StoreError:
        message = f"something broke while committing to {self._where()}: {error}"
        return StoreError(message, "look into the case's history before you send it again")

    def _where(self) -> str:
        return self._engine.url.render_as_string(hide_password=True)
