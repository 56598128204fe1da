"""Errors on their way out: to standard error in words, with --json also as a document."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Final, NoReturn, ParamSpec

import click

from reformflow.cli.documents import Document, emit
from reformflow.cli.streams import BROKEN_PIPE, silence_stdout
from reformflow.errors import (
    DefinitionError,
    EmbeddingError,
    InputError,
    Problem,
    ReformflowError,
    StoreError,
)

FINE: Final = 0
FINDINGS: Final = 1
BAD_INPUT: Final = 2
STORE_TROUBLE: Final = 3

_SHOWN: Final = 100
_P = ParamSpec("_P")


def reporting(command: Callable[_P, int]) -> Callable[_P, int]:
    """Turn the library's errors into messages and exit codes; the command returns its own."""

    @functools.wraps(command)
    def wrapped(*args: _P.args, **kwargs: _P.kwargs) -> int:
        try:
            return command(*args, **kwargs)
        except ReformflowError as error:
            _leave(error, as_json=bool(kwargs.get("as_json")))
        except BrokenPipeError:
            silence_stdout()
            raise click.exceptions.Exit(BROKEN_PIPE) from None
        except OSError as error:
            where = f"{error.filename}: " if error.filename else ""
            message = f"{where}{error.strerror or error}"
            hint = "look at the path, the rights to it and the space on its disk"
            _leave(StoreError(message, hint), as_json=bool(kwargs.get("as_json")))

    return wrapped


def bad_input(message: str, hint: str = "") -> NoReturn:
    """Leave with a message about what the user typed."""
    text = f"{message} ({hint})" if hint else message
    raise click.UsageError(text, click.get_current_context(silent=True))


def problem_document(problem: Problem) -> Document:
    """Return a problem as it stands in JSON."""
    place = problem.place
    return {
        "code": problem.code,
        "message": problem.message,
        "hint": problem.hint,
        "file": place.file,
        "line": place.line,
        "column": place.column,
        "field": place.field,
    }


# ---------------------------------------------------------------------------------------------


def _leave(error: ReformflowError, *, as_json: bool) -> NoReturn:
    problems = error.problems if isinstance(error, DefinitionError | InputError) else ()
    if as_json:
        document: Document = {
            "kind": type(error).__name__,
            "message": error.message,
            "hint": error.hint,
            "problems": [problem_document(problem) for problem in problems],
        }
        emit("error", {"error": document})
    if problems:
        for problem in problems[:_SHOWN]:
            click.echo(str(problem), err=True)
        if len(problems) > _SHOWN:
            click.echo(f"… and {len(problems) - _SHOWN} more", err=True)
        click.echo(f"error: {error.message}", err=True)
    else:
        click.echo(f"error: {error}", err=True)
    trouble = isinstance(error, StoreError | EmbeddingError)
    raise click.exceptions.Exit(STORE_TROUBLE if trouble else BAD_INPUT)
