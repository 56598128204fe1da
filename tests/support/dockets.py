"""Comparing dockets: with each other, and with the fold of their histories."""

from __future__ import annotations

from reformflow.engine import Docket
from reformflow.model import Decision, fold


def same(one: Docket, other: Docket) -> bool:
    """Say whether two dockets hold the same cases with the same histories."""
    return one.ids() == other.ids() and all(
        one.case(id) == other.case(id) and one.entries(id) == other.entries(id)
        for id in one.ids()  # noqa: A001
    )


def refolded(docket: Docket, decisions: list[Decision]) -> bool:
    """Say whether every case is the fold of its history over an empty beginning."""
    opened = {case.id: case for decision in decisions for case in decision.opened}
    return all(
        fold(opened[id], docket.entries(id)) == docket.case(id)
        for id in docket.ids()  # noqa: A001
    )
