"""From a solution of z3 back to a case in its family."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

import z3

from reformflow.checks.solver.demands import Partial, Situation
from reformflow.checks.solver.kinds import Kinds
from reformflow.checks.solver.terms import Entry, Key, Term, Terms
from reformflow.model import SELF, FactType, Value

_MOST: Final = 2_000


class TooMany(Exception):
    """A solution has more children than can be written down."""


def read(
    model: z3.ModelRef, terms: Terms, entries: Mapping[Key, Entry], kinds: Kinds, today: Term
) -> Situation:
    """Return the case that a solution describes: its touched columns; TooMany if it is too large.

    A column that is not recorded is there with None.
    """
    columns: dict[str, Partial] = {SELF: Partial()}
    for (frame, name), entry in entries.items():
        columns.setdefault(frame, Partial())[name] = _value(model, terms, entry)
    children: dict[str, tuple[Partial, ...]] = {}
    for relation, listed in kinds.kinds.items():
        found: list[Partial] = []
        for kind in listed:
            number = _number(model, kind.number)
            if len(found) + number > _MOST:
                raise TooMany(relation)
            found += [columns.get(kind.frame.name, Partial())] * number
        children[relation] = tuple(found)
    frames = {owner: values for owner, values in columns.items() if owner not in kinds.names}
    return Situation(date.fromordinal(_number(model, today)), frames, children)


# ---------------------------------------------------------------------------------------------


def _number(model: z3.ModelRef, term: Term) -> int:
    return int(model.eval(term, model_completion=True).as_long())


def _value(model: z3.ModelRef, terms: Terms, entry: Entry) -> Value:
    if not z3.is_true(model.eval(entry.known, model_completion=True)):
        return None
    value = model.eval(entry.value, model_completion=True)
    if entry.domain.type is FactType.BOOL:
        return bool(z3.is_true(value))
    return terms.decode(entry.domain.type, int(value.as_long()))
