"""JSON documents: one envelope for every command, described in docs/reference/json.md."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

import click

FORMAT: Final = 1
"""The version of all documents; it changes when a key is removed or changes its meaning."""

Document = dict[str, Any]


def emit(command: str, body: Mapping[str, Any]) -> None:
    """Print one document on standard output."""
    document = {"format": FORMAT, "command": command, **body}
    click.echo(json.dumps(document, ensure_ascii=False, indent=2, default=_plain))


# ---------------------------------------------------------------------------------------------


def _plain(value: object) -> object:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, frozenset | set):
        return sorted(value)
    raise TypeError(type(value))
