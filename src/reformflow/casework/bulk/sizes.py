"""How many cases, or rows, are taken in one transaction unless told otherwise."""

from __future__ import annotations

from typing import Final

CHUNK: Final = 50_000
"""So many cases are carried out in one transaction: others wait for less than a second."""

ROWS: Final = 20_000
"""Rows that are stored together."""
