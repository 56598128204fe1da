"""Checked by mypy, never run: names that are loaded when first used are no less known for that."""

from typing import assert_type

import reformflow
from reformflow.binding import BoundReform  # type: ignore[attr-defined]
from reformflow.testing import LifecycleMachine, lifecycle  # type: ignore[attr-defined]


def known(reform: BoundReform) -> None:
    """Use what is there; the imports above name what is not."""
    assert_type(lifecycle(reform, "permit"), type[LifecycleMachine])
    assert_type(reformflow.load("market-stalls"), reformflow.Reform)
    reformflow.connekt("sqlite://")  # type: ignore[attr-defined]
