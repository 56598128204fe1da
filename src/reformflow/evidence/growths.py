"""Proofs that one checkpoint's history begins with another's, as one text without a database.

The text is the body of C2SP's tlog-witness: the old size, the proof, the new checkpoint. So a
witness, who signs only trees that have grown from those it knows, takes it as it is.
"""

from __future__ import annotations

import base64
import binascii
from typing import Final

import attrs

from reformflow.errors import RequestError
from reformflow.evidence.checkpoints import Checkpoint
from reformflow.evidence.digests import SIZE, Digest
from reformflow.evidence.keys import PublicKey
from reformflow.evidence.tree import is_consistent

_HINT: Final = "give the file that `reformflow proof growth` wrote, unchanged"


@attrs.frozen
class GrowthProof:
    """That the tree of the checkpoint in `note` begins with the one of `old` leaves."""

    old: int
    path: tuple[bytes, ...]
    note: str

    def __str__(self) -> str:
        """Write the proof."""
        path = "".join(f"{base64.b64encode(item).decode()}\n" for item in self.path)
        return f"old {self.old}\n{path}\n{self.note}"


def check_growth(text: str, before: Checkpoint, key: PublicKey | None = None) -> Checkpoint:
    """Read a proof, check it, and return the checkpoint whose history begins with `before`.

    With a `key`, that has to be signed by its owner. RequestError if it is no proof, or does not
    lead from the one checkpoint to the other.
    """
    proof = _read(text)
    after = Checkpoint.read(proof.note, key)
    digest = Digest.of(after.algorithm)
    ends = (before.size, before.root), (after.size, after.root)
    same = before.algorithm == after.algorithm and proof.old == before.size
    if not same or not is_consistent(*ends, proof.path, digest):
        message = "the history of the new checkpoint does not begin with that of the old one"
        raise RequestError(message, _HINT)
    return after


# ---------------------------------------------------------------------------------------------


def _read(text: str) -> GrowthProof:
    head, _, note = text.partition("\n\n")
    try:
        old, *path = head.split("\n")
        proof = GrowthProof(
            int(old.removeprefix("old ")),
            tuple(base64.b64decode(line, validate=True) for line in path),
            note,
        )
    except (ValueError, binascii.Error) as error:
        raise RequestError("this is not a proof of growth", _HINT) from error
    if str(proof) != text or any(len(item) != SIZE for item in proof.path):
        raise RequestError("this is not a proof of growth", _HINT)
    return proof
