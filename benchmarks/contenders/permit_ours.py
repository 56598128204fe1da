"""reformflow: a book in its own database, one call of `fire` for each act."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import sqlalchemy as sa

from contenders.permit import CLERK, DAY, OPENED, OURS, POSTS, Durable, Refused, ids, reform
from reformflow.casework import Book, connect
from reformflow.store import dialects


def opened(url: str, prefix: str, count: int) -> Book:
    """Open a book and all its permits."""
    book = connect(url, reform(), prefix=prefix, beside=bool(prefix))
    facts = {"posts": POSTS, "paid": True}
    with book.transaction() as work:
        for case in ids(count):
            work.open(case, "permit", actor=CLERK, on=OPENED, facts=facts, unit="unit")
    return book


def contender(book: Book) -> Durable:
    """Drive a book."""

    def fire(transition: str, case: str) -> None:
        if not book.fire(case, transition, actor=CLERK, on=DAY).granted:
            raise Refused

    def seen(case: str) -> tuple[str, int]:
        return str(book.case(case).values["progress.state"]), len(book.history(case))

    send, back = partial(fire, "send"), partial(fire, "take_back")
    return Durable(OURS, send, seen, book.close, back)


def tell_sqlite(book: Book, pragmas: Sequence[str]) -> None:
    """Let a book write ahead as all others here do; the library allows that from 3.51.3 on."""

    def tell(driver: Any, _record: object) -> None:  # noqa: ANN401 - any driver's connection
        for pragma in pragmas:
            driver.execute(pragma)

    engine = book._units.engine  # noqa: SLF001 - there is no option for it, on purpose
    engine.dispose()
    # Its own journal could not be set again where another connection has the file open.
    sa.event.remove(engine, "connect", dialects._prepare_rollback)  # noqa: SLF001 - as above
    sa.event.listen(engine, "connect", dialects._prepare_wal)  # noqa: SLF001 - as above
    sa.event.listen(engine, "connect", tell)
