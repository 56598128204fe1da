"""What a fact can hold, as a condition on rows."""

from __future__ import annotations

import sqlalchemy as sa

from reformflow.model import Fact, FactType
from reformflow.store.bulk.spelling import Characters, Operand
from reformflow.store.bulk.where import Condition


def outside(value: Operand, fact: Fact) -> Condition:
    """Return the condition that a value is none that the fact may hold."""
    match fact.type:
        case FactType.CHOICE:
            return value.not_in([choice.id for choice in fact.choices])
        case FactType.TEXT:
            return Characters(value) > fact.max_length
        case FactType.INT:
            low = [] if fact.minimum is None else [value < fact.minimum]
            high = [] if fact.maximum is None else [value > fact.maximum]
            return sa.or_(sa.false(), *low, *high)
        case FactType.BOOL | FactType.DATE:
            return sa.false()
