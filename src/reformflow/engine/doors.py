"""The door for facts: names and values are checked here, and nowhere further in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from reformflow.binding import BoundWorkflow
from reformflow.errors import RequestError, UnknownName, nearest
from reformflow.model import Fact, FactType, Value, storage_problem

_MAX_INT = 2**63 - 1


def check_facts(
    flow: BoundWorkflow, given: Mapping[str, Value], allowed: Iterable[str] | None = None
) -> None:
    """Raise RequestError for a fact that is unknown, not expected here, or has no such value.

    `allowed` are the facts that the act may record; None stands for all of the workflow.
    """
    names = flow.facts.keys() if allowed is None else set(allowed)
    if not hasattr(given, "items"):
        raise RequestError(f"{given!r} are no facts", 'give a mapping, such as {"area": 9}')
    for name, value in given.items():
        if name not in flow.facts:
            raise UnknownName.of("fact", name, flow.facts)
        if name not in names:
            raise RequestError(
                message=f"this act does not record {name!r}", hint=f"it records {_listed(names)}"
            )
        if value is not None:
            check_value(flow.facts[name], value)


def check_value(fact: Fact, value: object) -> None:
    """Raise RequestError unless `value` is a value of the fact's type and within its bounds."""
    found = problem(fact, value)
    if found:
        raise RequestError(message=f"{fact.id} cannot be {value!r}: {found}")


def problem(fact: Fact, value: object) -> str:
    """Say what keeps a fact from holding a value, "" if nothing does."""
    match fact.type:
        case FactType.BOOL:
            return "" if isinstance(value, bool) else "it is true or false"
        case FactType.INT:
            return _number_problem(fact, value)
        case FactType.DATE:
            plain = isinstance(value, date) and not isinstance(value, datetime)
            return "" if plain else "it is a date"
        case FactType.CHOICE:
            choices = [choice.id for choice in fact.choices]
            return "" if value in choices else nearest(str(value), choices)
        case FactType.TEXT:
            return _text_problem(fact, value)


# ---------------------------------------------------------------------------------------------


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "no facts"


def _number_problem(fact: Fact, value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, int):
        return "it is a whole number"
    if abs(value) > _MAX_INT:
        return "it has more than 64 bits"
    if fact.minimum is not None and value < fact.minimum:
        return f"the least is {fact.minimum}"
    if fact.maximum is not None and value > fact.maximum:
        return f"the most is {fact.maximum}"
    return ""


def _text_problem(fact: Fact, value: object) -> str:
    if not isinstance(value, str):
        return "it is text"
    if len(value) > fact.max_length:
        return f"it has at most {fact.max_length} characters"
    return storage_problem(value)
