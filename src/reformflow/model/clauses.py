"""Clauses: the citable provisions of a policy document."""

from __future__ import annotations

from enum import StrEnum

import attrs

from reformflow.model.text import Text


class Modality(StrEnum):
    """How binding a clause is; the reading of the words stays with the author."""

    MUST = "must"
    MUST_NOT = "must_not"
    MAY = "may"
    SHOULD = "should"
    IN_PRINCIPLE = "in_principle"
    NO_LATER_THAN = "no_later_than"
    AT_MOST = "at_most"
    AT_LEAST = "at_least"
    DECLARATIVE = "declarative"


class Standing(StrEnum):
    """What the definitions do with a clause."""

    ENFORCED = "enforced"
    MONITORED = "monitored"
    NARRATIVE = "narrative"


class Basis(StrEnum):
    """Where a part of a definition comes from: the document, an inference, or an addition."""

    TEXT = "text"
    INFERRED = "inferred"
    EXTENSION = "extension"


@attrs.frozen
class Clause:
    """One provision: its id, where it stands (`at`), how binding it is, an own-words summary.

    `standing` says whether the definitions enforce it, only record and report it, or leave it
    as narrative; the latter two give the reason in `why`.
    """

    id: str
    at: str
    modality: Modality
    says: Text
    kind: str = ""
    standing: Standing = Standing.ENFORCED
    why: Text = Text()
