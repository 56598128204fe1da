"""Decisions: what a request gets as its answer."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

import attrs

from reformflow.errors import ReformflowError
from reformflow.model.case import Case, Entry, Value
from reformflow.model.text import Text


class Code(StrEnum):
    """Why a request was refused.

    `not_decided` is for one of many cases: asked by itself, its request would raise an error.
    """

    NOT_FROM_HERE = "not_from_here"
    NOT_AUTHORISED = "not_authorised"
    SAME_PERSON = "same_person"
    NOT_SIGNED = "not_signed"
    ALREADY_SIGNED = "already_signed"
    RULE_BROKEN = "rule_broken"
    NOT_RECORDED = "not_recorded"
    TOO_EARLY = "too_early"
    LATE = "late"
    NOT_EXTENDED = "not_extended"
    REASON_MISSING = "reason_missing"
    IN_THE_FUTURE = "in_the_future"
    BEFORE_LAST_ENTRY = "before_last_entry"
    NOT_BY_HAND = "not_by_hand"
    NOT_NOW = "not_now"
    ALREADY_RECORDED = "already_recorded"
    ALREADY_OPEN = "already_open"
    NO_DATE = "no_date"
    NOT_RUNNING = "not_running"
    NOT_LATER = "not_later"
    TOO_LONG = "too_long"
    EXTENDED_ALREADY = "extended_already"
    DEPENDED_ON = "depended_on"
    NOT_DECIDED = "not_decided"


@attrs.frozen
class Refusal:
    """One reason against a request, citing what it rests on.

    `subject` is the rule, role, transition, deadline or fact it is about; `says` the message
    that the definition gives for it, if any; `values` the columns that failed and what they
    held; `missing` the columns that are not recorded yet; `must_act` the roles that can mend it.
    """

    code: Code
    subject: str
    clauses: tuple[str, ...] = ()
    says: Text = Text()
    values: tuple[tuple[str, Value], ...] = ()
    missing: tuple[str, ...] = ()
    must_act: tuple[str, ...] = ()


@attrs.frozen
class Refused(ReformflowError):
    """A refusal as an exception, for callers that ask for one.

    `decision` is what was refused, for `words`, also after the transaction; None for a live case.
    """

    refusals: tuple[Refusal, ...] = ()
    decision: Decision | None = None


@attrs.frozen
class Decision:
    """The answer to a request: granted with its entry, or refused with all the reasons.

    `entries` holds what time brought before the act, the entry of the request itself, then what
    fires by itself because of it, on this case or its kin; `opened` the cases that come into
    being, before any entry.
    `repeated` marks an answer that was given before for the same key. `workflow` is that of the
    case, also where its opening was refused.
    """

    case: str
    entries: tuple[Entry, ...] = ()
    opened: tuple[Case, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    repeated: bool = False
    workflow: str = ""

    @property
    def granted(self) -> bool:
        """Whether the request may be carried out."""
        return not self.refusals

    @property
    def entry(self) -> Entry | None:
        """The entry of the request itself: the one that has an actor; None if it was refused."""
        return next((entry for entry in self.entries if entry.actor), None)

    def raise_for_refusal(self, words: Callable[[Refusal], str] | None = None) -> Decision:
        """Return this decision if it is granted; raise Refused with every reason if not."""
        if self.granted:
            return self
        say = words or (lambda refusal: f"{refusal.code}: {refusal.subject}")
        raise Refused("; ".join(map(say, self.refusals)), "", self.refusals, self)
