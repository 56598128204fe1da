"""Proofs that an entry is in the history of a checkpoint, as one text that needs no database.

The text is that of C2SP's tlog-proof; its `extra` is the spelling of the entry. The index counts
from 0, so it is the position less one.
"""

from __future__ import annotations

import base64
import binascii
from typing import Any, Final

import attrs

from reformflow.errors import RequestError
from reformflow.evidence.checkpoints import Checkpoint
from reformflow.evidence.digests import SIZE, Digest
from reformflow.evidence.entries import strict
from reformflow.evidence.keys import PublicKey
from reformflow.evidence.tree import root_from_inclusion

_FIRST: Final = "c2sp.org/tlog-proof@v1"
_HINT: Final = "give the file that `reformflow proof export` wrote, unchanged"


@attrs.frozen
class Proof:
    """That the entry spelled `text` is leaf `index` of the tree of a checkpoint's `note`."""

    text: str
    index: int
    path: tuple[bytes, ...]
    note: str

    @property
    def entry(self) -> dict[str, Any]:
        """The entry, with the members of `evidence.entries.FIELDS`."""
        read: dict[str, Any] = strict(self.text)
        return read

    def __str__(self) -> str:
        """Write the proof."""
        extra = base64.b64encode(self.text.encode()).decode()
        path = "".join(f"{base64.b64encode(item).decode()}\n" for item in self.path)
        return f"{_FIRST}\nextra {extra}\nindex {self.index}\n{path}\n{self.note}"


def check_proof(text: str, key: PublicKey | None = None) -> Proof:
    """Read a proof and check it; with a `key`, its checkpoint has to be signed by its owner.

    RequestError if it is no proof, or does not lead to the checkpoint's root.
    """
    proof = _read(text)
    checkpoint = Checkpoint.read(proof.note, key)
    digest = Digest.of(checkpoint.algorithm)
    leaf = digest.leaf(proof.text.encode())
    found = root_from_inclusion(leaf, proof.index, checkpoint.size, proof.path, digest)
    if found != checkpoint.root:
        message = "the proof does not lead to its checkpoint: the entry is not in that history"
        raise RequestError(message, _HINT)
    return proof


# ---------------------------------------------------------------------------------------------


def _read(text: str) -> Proof:
    head, _, note = text.partition("\n\n")
    try:
        first, extra, index, *path = head.split("\n")
        proof = Proof(
            base64.b64decode(extra.removeprefix("extra "), validate=True).decode(),
            int(index.removeprefix("index ")),
            tuple(base64.b64decode(line, validate=True) for line in path),
            note,
        )
        whole = isinstance(strict(proof.text), dict) and all(
            len(item) == SIZE for item in proof.path
        )
    except (ValueError, binascii.Error) as error:
        raise RequestError("this is not a proof", _HINT) from error
    if first != _FIRST or not whole or str(proof) != text:
        raise RequestError("this is not a proof", _HINT)
    return proof
