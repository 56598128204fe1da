"""Standard output and error that take any text, and a reader that went away."""

from __future__ import annotations

import io
import os
import sys
from typing import Final, TextIO

BROKEN_PIPE: Final = 141
"""The exit code of a program whose reader went away, as a shell counts it."""


def prepare_streams() -> None:
    """Let both streams take every character: UTF-8, or on an older terminal with replacements."""
    if sys.stdout is None:
        sys.stdout = _nowhere()
    if sys.stderr is None:
        sys.stderr = _nowhere()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            _widen(stream)


def silence_stdout() -> None:
    """Send what is still buffered nowhere, so that closing the stream raises no second error."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):
        sys.stdout = _nowhere()


# ---------------------------------------------------------------------------------------------


def _widen(stream: io.TextIOWrapper) -> None:
    unicode = stream.encoding.lower().replace("-", "").startswith("utf")
    if stream.isatty() and not unicode:
        stream.reconfigure(errors="replace")  # the terminal shows its own encoding only
    elif stream.encoding.lower() in {"utf-8", "utf8"}:
        stream.reconfigure(errors="backslashreplace")
    else:
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _nowhere() -> TextIO:
    return open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123 - lives as long as we
