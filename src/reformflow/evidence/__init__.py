"""Evidence: what makes a history provable, without any database. Hashes, tree, keys, notes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reformflow.evidence.digests import Digest, hashing
from reformflow.names import when_used

if TYPE_CHECKING:
    from reformflow.evidence.checkpoints import Checkpoint
    from reformflow.evidence.entries import (
        FIELDS,
        Document,
        Sealed,
        respelled,
        spelled,
        spelled_of,
        spelled_opened,
        strict,
    )
    from reformflow.evidence.growths import GrowthProof, check_growth
    from reformflow.evidence.keys import PrivateKey, PublicKey
    from reformflow.evidence.proofs import Proof, check_proof
    from reformflow.evidence.rfc8785 import spelling
    from reformflow.evidence.tiles import Growth, Tile, subtrees
    from reformflow.evidence.tree import (
        consistency,
        inclusion,
        is_consistent,
        root_at,
        root_from_inclusion,
    )

_HOMES = {
    "FIELDS": "entries",
    "Checkpoint": "checkpoints",
    "Document": "entries",
    "Growth": "tiles",
    "GrowthProof": "growths",
    "PrivateKey": "keys",
    "Proof": "proofs",
    "PublicKey": "keys",
    "Sealed": "entries",
    "Tile": "tiles",
    "check_growth": "growths",
    "check_proof": "proofs",
    "consistency": "tree",
    "inclusion": "tree",
    "is_consistent": "tree",
    "respelled": "entries",
    "root_at": "tree",
    "root_from_inclusion": "tree",
    "spelled": "entries",
    "spelled_of": "entries",
    "spelled_opened": "entries",
    "spelling": "rfc8785",
    "strict": "entries",
    "subtrees": "tiles",
}
"""Definitions are hashed without all this."""

__all__ = [
    "FIELDS",
    "Checkpoint",
    "Digest",
    "Document",
    "Growth",
    "GrowthProof",
    "PrivateKey",
    "Proof",
    "PublicKey",
    "Sealed",
    "Tile",
    "check_growth",
    "check_proof",
    "consistency",
    "hashing",
    "inclusion",
    "is_consistent",
    "respelled",
    "root_at",
    "root_from_inclusion",
    "spelled",
    "spelled_of",
    "spelled_opened",
    "spelling",
    "strict",
    "subtrees",
]

if not TYPE_CHECKING:
    __getattr__, __dir__ = when_used(__name__, _HOMES)
