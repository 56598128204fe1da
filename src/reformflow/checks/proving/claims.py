"""What is to be proven: that something is never so."""

from __future__ import annotations

import attrs

from reformflow.checks.proving.certain import both, certain
from reformflow.language.folding import fold
from reformflow.model import Expression, Not


@attrs.frozen
class Claim:
    """That a case of a workflow is never as `bad` says; `bad` is never unknown."""

    bad: Expression

    @classmethod
    def never(cls, condition: Expression) -> Claim:
        """Claim that a lowered condition is never true."""
        return cls(certain(condition))

    @classmethod
    def always(cls, condition: Expression) -> Claim:
        """Claim that a lowered condition is never false; it may be unknown."""
        return cls(certain(Not(condition)))

    @classmethod
    def implies(cls, condition: Expression, consequence: Expression) -> Claim:
        """Claim that the consequence is true wherever the condition is."""
        return cls(both((certain(condition), fold(Not(certain(consequence))))))
