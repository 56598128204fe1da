"""What any part of a definition mentions, however deep."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

import attrs

Mentioned = TypeVar("Mentioned")


def mentions(part: object, *kinds: type[Mentioned]) -> Iterator[Mentioned]:
    """Yield every value of these kinds in a part of a definition."""
    if isinstance(part, kinds):
        yield part
    elif isinstance(part, tuple):
        for one in part:
            yield from mentions(one, *kinds)
    else:
        kind = type(part)
        for field in attrs.fields(kind) if attrs.has(kind) else ():
            yield from mentions(getattr(part, field.name), *kinds)
