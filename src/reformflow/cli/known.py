"""The cases that a database holds already, looked at while a roster or a ledger is read."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING, Self

from reformflow.cli.books import open_book, sqlite_file
from reformflow.errors import ReformflowError, UnknownName

if TYPE_CHECKING:
    from reformflow.casework import Book
    from reformflow.model import Reform


class KnownCases:
    """Tells the workflow of a case in the database, None if there is none.

    The database is opened when the first question comes, and never made.
    """

    def __init__(self, url: str, reform: Reform) -> None:
        """Look into the database at `url`."""
        self._url = url
        self._reform = reform
        self._book: Book | None = None
        self._asked = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._book is not None:
            self._book.close()

    def __call__(self, case: str) -> str | None:
        """Return the workflow of a case that is open already."""
        if not self._asked:
            self._asked = True
            self._book = self._open()
        if self._book is None:
            return None
        try:
            return self._book.case(case).workflow
        except UnknownName:
            return None

    def _open(self) -> Book | None:
        path = sqlite_file(self._url)
        if path is not None and not path.is_file():
            return None
        try:
            return open_book(self._url)
        except ReformflowError:
            return None  # nothing is there yet, or the run itself will name the trouble
