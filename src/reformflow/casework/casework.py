"""The use cases of a reform, inside the host's transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from datetime import date
from typing import TYPE_CHECKING, TypeVar

from reformflow.calendars import check_day, local_date
from reformflow.casework.acts import Acts
from reformflow.casework.bulk.many import Many
from reformflow.casework.clock import Clock, utc_now
from reformflow.casework.practice import Practice
from reformflow.casework.waiting import candidates, let_pass, waiting
from reformflow.errors import RequestError, UnknownName
from reformflow.model import LANGUAGES, Actor, Case, Decision, Entry, Facts, Fire, Reform, Request
from reformflow.store import (
    Connection,
    HostSession,
    StoredCases,
    check_key,
    reading,
    recall,
    remember,
    write,
    writing,
)

if TYPE_CHECKING:
    from reformflow.casework.board import Line
    from reformflow.casework.bulk.transaction import Bulk
    from reformflow.casework.totals import Total
    from reformflow.engine import Unlock
    from reformflow.evidence import Checkpoint, PublicKey
    from reformflow.store.evidence.verify import Flaw

_Result = TypeVar("_Result")


class Casework(Acts, Many):
    """Cases of one reform, in a transaction that is the host's.

    A case follows the definition that it was opened or last migrated with: deciding about one
    that follows another definition, or whose kin do, raises NotMigrated. Reading takes any.

    Nothing here commits, rolls back, flushes, expires or retries. What one call writes, it
    writes whole: it is laid behind a savepoint, so a host that catches an error and goes on
    keeps nothing of it. Conflict says that somebody else changed the same case meanwhile;
    TransactionLost that the database has undone the transaction.

    A decision rests on kin that it does not write. Under an isolation weaker than SERIALIZABLE
    two hosts that change a parent and its child at once may each decide on what was before.

    What few acts need is loaded by those: boards, words, evidence.
    """

    def __init__(
        self,
        connection: Connection | HostSession,
        reform: Reform | Practice,
        *,
        prefix: str = "",
        schema: str | None = None,
        clock: Clock | None = None,
    ) -> None:
        """Work on the tables of `reform` under `prefix` and `schema`.

        `connection` is an SQLAlchemy connection or ORM session. A `Practice` in place of the
        reform saves compiling it again, and brings its own prefix and schema. `clock` tells
        when requests are entered: by default the machine's time.
        """
        self._host = connection
        self._practice = Practice.taken(reform, prefix=prefix, schema=schema)
        self._clock = clock or utc_now

    @property
    def practice(self) -> Practice:
        """The reform, compiled, with its tables."""
        return self._practice

    def do(self, request: Request) -> Decision:
        """Decide a request of any kind, and carry it out if it is granted."""
        if request.key is not None:
            check_key(request.key)
        request = request.entered(self._clock)
        schema = self._practice.schema
        with self._writing(request.case) as connection:
            cases = self._followers(connection)
            cases.expect(request.case, request.act)
            if request.key is not None:
                before = recall(connection, schema, self._cases(connection), request)
                if before is not None:
                    return before
            decision = self._practice.engine.fire(cases, request)
            if decision.granted:
                write(schema, cases, decision)
            if request.key is not None:
                remember(connection, schema, request, decision)
        return decision

    def tick(self, on: date, *, cases: Iterable[str] | None = None) -> list[Decision]:
        """Carry out what time has brought up to and including `on`, the earliest first.

        `cases` limits it to these. Done again, it finds nothing. RequestError if `on` is a day
        that has not come yet in the reform's zone. A case whose dates need a year without data
        holds up no other; CalendarError names it when all others are done.
        """
        self._check_day(on)
        limit = None if cases is None else tuple(cases)
        return let_pass(lambda _: self._waiting(on, limit), lambda case: self._tick(case, on))

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
        act = Fire(transition, facts or {})
        request = Request(case, act, actor, on, reason=reason, recorded_at=self._clock())
        with self._reading() as connection:
            return self._practice.engine.fire(self._followers(connection), request)

    def words(self, decision: Decision, lang: str = "en") -> tuple[str, ...]:
        """Return the refusals of a decision in words, one text each: why, and what to do."""
        from reformflow.words import refusal_sentence

        if lang not in LANGUAGES:
            raise UnknownName.of("language", lang, LANGUAGES)
        bound = self._practice.engine.program.bound
        workflow = decision.workflow
        if decision.refusals and not workflow:  # an answer stored before workflows were kept
            workflow = self.case(decision.case).workflow
        return tuple(
            refusal_sentence(bound.workflows[workflow], bound, refusal, lang)
            for refusal in decision.refusals
        )

    def unlock(self, case: str, transition: str, *, actor: Actor, on: date) -> Unlock:
        """Say what is missing for a transition, and the earliest day on which it may be fired."""
        request = Request(case, Fire(transition), actor, on)
        with self._reading() as connection:
            return self._practice.engine.unlock(self._followers(connection), request)

    def case(self, id: str) -> Case:  # noqa: A002
        """Return a case; UnknownName if there is none."""
        with self._reading() as connection:
            return self._cases(connection).case(id)

    def cases(self, workflow: str | None = None, unit: str | None = None) -> Iterator[Case]:
        """Yield the cases of a workflow, or of all; of a unit, or of all: in order of opening."""
        for name in self._practice.workflows(workflow):
            page, last = self._page(name, unit, after=0)
            while page:
                yield from page
                page, last = self._page(name, unit, after=last)

    def history(self, case: str) -> tuple[Entry, ...]:
        """Return the history of a case, in order; UnknownName if there is no such case."""
        with self._reading() as connection:
            cases = self._cases(connection)
            cases.case(case)
            return tuple(cases.entries(case))

    def board(self, on: date, *, unit: str | None = None) -> tuple[Line, ...]:
        """Return where every case stands when a day has come, of one unit or of all.

        What time has brought until then is shown as done, and stored by `tick` only.
        """
        from reformflow.casework.board import lines

        check_day(on)
        with self._reading() as connection:
            return tuple(lines(self._practice, connection, on, unit=unit))

    def totals(self, on: date, *, unit: str | None = None) -> tuple[Total, ...]:
        """Return how many cases stand how on a day: the sums of the board, without its lines.

        The database counts them; only cases to which time has come since are looked at.
        """
        from reformflow.casework.totals import totals

        check_day(on)
        with self._reading() as connection:
            return tuple(totals(self._practice, connection, on, unit=unit))

    def overdue(self, on: date, *, unit: str | None = None) -> tuple[Line, ...]:
        """Return the lines of the board whose date has passed, the longest overdue first."""
        late = [line for line in self.board(on, unit=unit) if line.standing == "late"]
        return tuple(sorted(late, key=lambda line: line.days_left or 0))

    def verify(
        self,
        checkpoint: Checkpoint | str | None = None,
        *,
        since: Checkpoint | str | None = None,
        key: PublicKey | str | None = None,
    ) -> tuple[Flaw, ...]:
        """Return every flaw of what is stored, as `Book.verify` does."""
        from reformflow.casework.evidence import verify

        schema = self._practice.schema
        with self._reading() as connection:
            return tuple(
                verify(lambda step: step(connection), schema, checkpoint, since=since, key=key)
            )

    def _over(self, action: Callable[[Bulk], _Result], *, writes: bool) -> _Result:
        from reformflow.casework.bulk.transaction import Bulk

        with self._writing("the cases") if writes else self._reading() as connection:
            return action(Bulk(self._practice, connection, self._clock()))

    def _whole(self) -> AbstractContextManager[object]:
        return self._writing("the cases")

    def _cases(self, connection: Connection) -> StoredCases:
        """Return all cases, to be read as they are."""
        return StoredCases(connection, self._practice.schema)

    def _followers(self, connection: Connection) -> StoredCases:
        """Return the cases that follow this definition, to decide about them."""
        return StoredCases(connection, self._practice.schema, pinned=self._practice.definition)

    def _page(
        self, workflow: str, unit: str | None, *, after: int
    ) -> tuple[tuple[Case, ...], int]:  # fmt: skip
        with self._reading() as connection:
            return self._cases(connection).page(workflow, unit, after=after)

    def _check_day(self, on: date) -> None:
        check_day(on)
        today = local_date(self._clock(), self._practice.reform.time_zone)
        if on > today:
            message = f"{on.isoformat()} has not come yet: today is {today.isoformat()}"
            raise RequestError(message, "give a day up to today")

    def _waiting(self, on: date, limit: tuple[str, ...] | None) -> tuple[str, ...]:
        with self._reading() as connection:
            reader = self._followers(connection)
            if limit is None:
                found = candidates(self._practice, connection, reader, on)
            else:
                found = map(reader.case, limit)
            return waiting(self._practice, reader, found, on)

    def _tick(self, case: str, on: date) -> Decision | None:
        with self._writing(case) as connection:
            cases = self._followers(connection)
            engine = self._practice.engine
            decision = engine.tick(cases, case, on, recorded_at=self._clock())
            if not decision.entries:
                return None
            write(self._practice.schema, cases, decision)
        return decision

    def _reading(self) -> AbstractContextManager[Connection]:
        return reading(self._host)

    def _writing(self, case: str) -> AbstractContextManager[Connection]:
        return writing(self._host, case)
