"""The use cases of a reform for asyncio: Casework, with every answer awaited.

There is no second implementation: each method here is the one of Casework, run on the
connection's own thread of control by SQLAlchemy's `run_sync`.
"""

from __future__ import annotations

from asyncio import CancelledError
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from functools import wraps
from itertools import islice
from traceback import clear_frames
from typing import Any, Concatenate, Final, ParamSpec, Protocol, TypeVar

from reformflow.casework.casework import Casework
from reformflow.casework.clock import Clock
from reformflow.casework.practice import Practice
from reformflow.errors import EmbeddingError
from reformflow.model import Reform

_Given = ParamSpec("_Given")
_Result = TypeVar("_Result")

_AT_ONCE: Final = 500
"""How many items of a stream are fetched together."""


class AsyncHost(Protocol):
    """What we use of an AsyncConnection or AsyncSession of SQLAlchemy."""

    def run_sync(self, fn: Callable[[Any], _Result], /) -> Coroutine[Any, Any, _Result]:
        """Run a function of the synchronous connection or session."""


def _awaited(
    method: Callable[Concatenate[Casework, _Given], _Result],
) -> Callable[Concatenate[AsyncCasework, _Given], Coroutine[Any, Any, _Result]]:
    @wraps(method)
    async def awaited(
        self: AsyncCasework, /, *args: _Given.args, **options: _Given.kwargs
    ) -> _Result:
        return await self.run(lambda work: method(work, *args, **options))

    return awaited


def _streamed(
    method: Callable[Concatenate[Casework, _Given], Iterator[_Result]],
) -> Callable[Concatenate[AsyncCasework, _Given], AsyncIterator[_Result]]:
    @wraps(method)
    async def streamed(
        self: AsyncCasework, /, *args: _Given.args, **options: _Given.kwargs
    ) -> AsyncIterator[_Result]:
        rest = await self.run(lambda work: method(work, *args, **options))
        while some := await self.run(lambda _: tuple(islice(rest, _AT_ONCE))):
            for item in some:
                yield item

    return streamed


class AsyncCasework:
    """Cases of one reform, in a transaction that is an asyncio host's.

    What is said of Casework holds here. A task that is cancelled in the middle of an act leaves
    nothing of it. `cases` and `planned_decisions` are gone through with `async for`. What a plan
    does by itself asks the database without being awaited: carry it out with `carry_out_plan`.
    """

    def __init__(
        self,
        connection: AsyncHost,
        reform: Reform | Practice,
        *,
        prefix: str = "",
        schema: str | None = None,
        clock: Clock | None = None,
    ) -> None:
        """Work as a Casework does, on an SQLAlchemy AsyncConnection or AsyncSession."""
        self._host = connection
        self._practice = Practice.taken(reform, prefix=prefix, schema=schema)
        self._clock = clock

    @property
    def practice(self) -> Practice:
        """The reform, compiled, with its tables."""
        return self._practice

    async def run(self, action: Callable[[Casework], _Result]) -> _Result:
        """Do several things in one go: `await work.run(lambda work: …)`, given a Casework."""
        if not hasattr(self._host, "run_sync"):
            raise EmbeddingError(f"{self._host!r} is not one of asyncio", "use Casework")
        try:
            return await self._host.run_sync(
                lambda host: action(Casework(host, self._practice, clock=self._clock))
            )
        except CancelledError as cancelled:
            # aiosqlite holds the file's locks as long as these frames hold a cursor: they are a
            # cycle, and would keep it until garbage is collected
            clear_frames(cancelled.__traceback__)
            raise

    do = _awaited(Casework.do)
    open = _awaited(Casework.open)
    record = _awaited(Casework.record)
    fire = _awaited(Casework.fire)
    sign = _awaited(Casework.sign)
    extend = _awaited(Casework.extend)
    suspend = _awaited(Casework.suspend)
    resume = _awaited(Casework.resume)
    correct = _awaited(Casework.correct)
    tick = _awaited(Casework.tick)
    explain = _awaited(Casework.explain)
    words = _awaited(Casework.words)
    plan = _awaited(Casework.plan)
    planned_decisions = _streamed(Casework.planned_decisions)
    carry_out_plan = _awaited(Casework.carry_out_plan)
    open_many = _awaited(Casework.open_many)
    let_time_pass = _awaited(Casework.let_time_pass)
    resume_run = _awaited(Casework.resume_run)
    report = _awaited(Casework.report)
    runs = _awaited(Casework.runs)
    unlock = _awaited(Casework.unlock)
    case = _awaited(Casework.case)
    cases = _streamed(Casework.cases)
    history = _awaited(Casework.history)
    board = _awaited(Casework.board)
    totals = _awaited(Casework.totals)
    overdue = _awaited(Casework.overdue)
    verify = _awaited(Casework.verify)
