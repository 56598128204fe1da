"""Evidence: what makes a history provable, without any database. Hashes, tree, keys, notes."""

from reformflow.evidence.checkpoints import Checkpoint
from reformflow.evidence.digests import Digest, hashing
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
from reformflow.evidence.tiles import Growth, Tile, subtrees
from reformflow.evidence.tree import (
    consistency,
    inclusion,
    is_consistent,
    root_at,
    root_from_inclusion,
)

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
    "strict",
    "subtrees",
]
