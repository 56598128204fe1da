"""A book of cases that owns its database: every call is a transaction of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from functools import cached_property, partial
from typing import TYPE_CHECKING, Self, TypeVar

from reformflow.casework.acts import Acts
from reformflow.casework.alone import Alone
from reformflow.casework.bulk.many import Many
from reformflow.casework.casework import Casework
from reformflow.casework.clock import Clock, utc_now
from reformflow.casework.patience import PATIENCE
from reformflow.casework.practice import Practice
from reformflow.casework.solo import Solo
from reformflow.casework.units import Units
from reformflow.casework.waiting import let_pass
from reformflow.model import Actor, Case, Decision, Entry, Facts, Reform, Request
from reformflow.store import Connection, Engine, definitions

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from reformflow.binding import Renames
    from reformflow.casework.board import Line
    from reformflow.casework.bulk.transaction import Bulk
    from reformflow.casework.evidence import Evidence
    from reformflow.casework.totals import Total
    from reformflow.casework.versions.migrating import Migration
    from reformflow.engine import Replayed, Unlock
    from reformflow.evidence import Checkpoint, PrivateKey, PublicKey, Sealed
    from reformflow.store import Chunk
    from reformflow.store.evidence.seals import Seal
    from reformflow.store.evidence.verify import Flaw

_Result = TypeVar("_Result")


class Book(Acts, Many):
    """Cases of one reform in a database of their own; made by `connect`.

    A unit of work that meets others on its way is undone and tried again whole, for up to
    `patience` seconds; then, and for all other trouble, it raises StoreError. An error at the
    very commit leaves open whether it was stored: a request with a key is sent again by
    itself, another raises a StoreError that says so.

    What few acts need is loaded by those: evidence, migrations, other processes.
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
        self._units = Units(engine, patience)
        self._practice = practice
        self._clock = clock or utc_now
        self._solo = Solo(self._units, practice, self._clock)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections."""
        self._units.engine.dispose()

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
        with self._units.one() as connection:
            yield Casework(connection, self._practice, clock=self._clock)

    def do(self, request: Request) -> Decision:
        """Decide a request of any kind, and carry it out if it is granted."""
        decision = self._solo.do(request)
        if decision is not None:
            return decision
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
            for page in self._pages(name, unit):
                yield from page

    def history(self, case: str) -> tuple[Entry, ...]:
        """Return the history of a case, in order; UnknownName if there is no such case."""
        return self._read(lambda work: work.history(case))

    def board(self, on: date, *, unit: str | None = None) -> tuple[Line, ...]:
        """Return where every case stands when a day has come, of one unit or of all.

        What time has brought until then is shown as done, and stored by `tick` only.
        """
        return self._read(lambda work: work.board(on, unit=unit))

    def totals(self, on: date, *, unit: str | None = None) -> tuple[Total, ...]:
        """Return how many cases stand how on a day: the sums of the board, without its lines."""
        return self._read(lambda work: work.totals(on, unit=unit))

    def overdue(self, on: date, *, unit: str | None = None) -> tuple[Line, ...]:
        """Return the lines of the board whose date has passed, the longest overdue first."""
        return self._read(lambda work: work.overdue(on, unit=unit))

    def seal(self, *, algorithm: str | None = None) -> Seal:
        """Give every new entry its position, and hash it into the tree of the history.

        What is committed later gets a later position. `algorithm` (sha256 or sm3) is chosen by
        the first seal; RequestError if a later one names another.
        """
        return self._evidence.seal(algorithm)

    def checkpoint(self, key: PrivateKey | str | None = None, *, origin: str = "") -> str:
        """Return a note of what the sealed history has come to, to be kept elsewhere.

        It is signed with an Ed25519 `key` if there is one; `origin` names the history, by
        default as the key is named. RequestError if nothing is sealed yet.
        """
        return self._evidence.checkpoint(key, origin)

    def prove(
        self,
        case: str,
        entry: int,
        *,
        checkpoint: str | None = None,
        key: PrivateKey | str | None = None,
    ) -> str:
        """Return the proof that an entry is in the history of a checkpoint, a new one by default.

        `reformflow.evidence.check_proof` checks it without a database. RequestError if the entry
        was not sealed by then, UnknownName if there is none.
        """
        return self._evidence.prove(case, entry, checkpoint, key)

    def prove_growth(self, since: Checkpoint | str, *, key: PrivateKey | str | None = None) -> str:
        """Return the proof that a new checkpoint's history begins with that of an older one.

        `reformflow.evidence.check_growth` checks it without a database. RequestError if it does
        not begin with it.
        """
        return self._evidence.prove_growth(since, key)

    def feed(self, after: int = 0) -> Iterator[Sealed]:
        """Yield the sealed entries at positions above `after`, in order, always the same."""
        return self._evidence.feed(after)

    def histories(self, workflow: str | None = None) -> Iterator[tuple[Case, tuple[Entry, ...]]]:
        """Yield cases as `cases` does, each with its history."""
        for name in self._practice.workflows(workflow):
            for page in self._pages(name, None):
                yield from self._evidence.histories(page)

    def verify(
        self,
        checkpoint: Checkpoint | str | None = None,
        *,
        since: Checkpoint | str | None = None,
        key: PublicKey | str | None = None,
    ) -> tuple[Flaw, ...]:
        """Return every flaw: cases against their histories, histories against their seals.

        With a `checkpoint`, seals against what was exported. With `since`, only what was sealed
        after that one is read again, and that the tree has grown from it. With `key`, notes have
        to be signed by its owner; RequestError if one is not.
        """
        from reformflow.casework.evidence import verify

        schema = self._practice.schema
        return tuple(verify(self._units.read, schema, checkpoint, since=since, key=key))

    def definitions(self) -> dict[str, int]:
        """Return how many cases follow each definition, by its hash."""
        return self._units.read(partial(definitions.pinned, schema=self._practice.schema))

    def migrate(
        self,
        old: Reform | str | None = None,
        new: Reform | str | None = None,
        renames: Renames | None = None,
        *,
        actor: Actor,
        on: date,
        reason: str | None = None,
    ) -> Migration:
        """Say what moving the cases of one definition to another would come to; `run` moves them.

        `old` and `new` are reforms, or hashes of stored ones. Without `old` it is the one other
        definition that cases follow, without `new` that of this book. `renames` gives the new
        names of `workflow.fact` (or transition, track, duty) and `workflow.track.state`. Raises
        UnknownName for a hash or name that does not exist, RequestError for what does not fit.
        """
        from reformflow.casework.versions.migrating import Errand, foresee
        from reformflow.casework.versions.stored import practice_of, predecessor

        own, units = self._practice, self._units
        after = own if new is None else practice_of(units, own, new)
        before = predecessor(units, own, after) if old is None else practice_of(units, own, old)
        order = Errand(actor, on, reason)
        return foresee(units, before, after, renames or {}, order, now=self._clock)

    def replay(
        self,
        definition: Reform | str,
        *,
        renames: Renames | None = None,
        actors: Mapping[str, Actor] | None = None,
        case: str | None = None,
        workflow: str | None = None,
    ) -> Iterator[Replayed]:
        """Yield for every past decision how another definition would have answered it.

        Each is judged on the case as it stood then, so one refusal does not bring about the
        next. History keeps who acted, not with which roles: `actors` gives them by id, and where
        it does not, authority is not judged. Limited to one `case`, or one `workflow`.
        """
        from reformflow.casework.versions.replaying import Replay
        from reformflow.casework.versions.stored import practice_of

        after = practice_of(self._units, self._practice, definition)
        past = Replay(self._units, self._practice, after, renames or {}, actors or {})
        return iter(past.case(case)) if case is not None else past.every(workflow)

    @cached_property
    def _evidence(self) -> Evidence:
        from reformflow.casework.evidence import Evidence

        return Evidence(self._units, self._practice)

    def _pages(self, workflow: str, unit: str | None) -> Iterator[tuple[Case, ...]]:
        page, last = self._read(partial(Alone.page, workflow=workflow, unit=unit, after=0))
        while page:
            yield page
            page, last = self._read(partial(Alone.page, workflow=workflow, unit=unit, after=last))

    def _over(self, action: Callable[[Bulk], _Result], *, writes: bool) -> _Result:
        return self._unit(lambda work: work.over_many(action), writes=writes, again=True)

    def _chunks(
        self, run: str, chunks: Iterable[Chunk], executor: Executor | None
    ) -> Iterator[Chunk]:
        if executor is None:
            return super()._chunks(run, chunks, None)
        from reformflow.casework.bulk.elsewhere import Place, spread

        schema = self._practice.schema
        url = self._units.engine.url.render_as_string(hide_password=False)
        callbacks = tuple(self._practice.callbacks.items())
        place = Place(url, schema.prefix, schema.name, self._units.patience, callbacks)
        return spread(executor, place, run, chunks)

    def _read(self, action: Callable[[Alone], _Result]) -> _Result:
        return self._unit(action, writes=False, again=True)

    def _write(self, action: Callable[[Alone], _Result], *, again: bool) -> _Result:
        return self._unit(action, writes=True, again=again)

    def _unit(self, action: Callable[[Alone], _Result], *, writes: bool, again: bool) -> _Result:
        def act(connection: Connection) -> _Result:
            return action(Alone(connection, self._practice, clock=self._clock))

        return self._units.run(act, writes=writes, again=again)
