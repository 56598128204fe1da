"""Checkpoints: what a tree has come to, as a small text that is kept elsewhere.

The text is that of C2SP's tlog-checkpoint: origin, number of leaves, root in base64, one line
each; then, in a signed note, a blank line and the signatures. A tree of another digest than
SHA-256 says so on a fourth line.
"""

from __future__ import annotations

import base64
import binascii
import re
from typing import Final

import attrs

from reformflow.errors import RequestError
from reformflow.evidence.digests import ALGORITHMS, SIZE
from reformflow.evidence.keys import PrivateKey, PublicKey

_SHA256: Final = ALGORITHMS[0]
_DIGEST: Final = "digest "
_SIGNATURE: Final = re.compile(r"— (?P<name>[^\s+]+) (?P<coded>[A-Za-z0-9+/]+=*)")
_HINT: Final = "give the file that `reformflow checkpoint export` wrote, unchanged"


@attrs.frozen
class Checkpoint:
    """The root over the first `size` entries of the history that `origin` names."""

    origin: str
    size: int
    root: bytes
    algorithm: str = _SHA256

    @property
    def body(self) -> str:
        """The text that is signed."""
        root = base64.b64encode(self.root).decode()
        more = "" if self.algorithm == _SHA256 else f"{_DIGEST}{self.algorithm}\n"
        return f"{self.origin}\n{self.size}\n{root}\n{more}"

    def note(self, key: PrivateKey | None = None) -> str:
        """Return the checkpoint as a note, signed if there is a key, else its text alone."""
        if key is None:
            return self.body
        coded = base64.b64encode(key.public.id + key.sign(self.body.encode())).decode()
        return f"{self.body}\n— {key.name} {coded}\n"

    @classmethod
    def read(cls, note: str, key: PublicKey | None = None) -> Checkpoint:
        """Read a note; with a `key` it has to be signed by its owner.

        RequestError if it is no checkpoint, or its signature is missing or wrong.
        """
        body, _, signatures = note.partition("\n\n")
        body = body if body.endswith("\n") else f"{body}\n"
        if key is not None and not _signed(body, signatures, key):
            message = f"the checkpoint is not signed by {key.name!r}"
            raise RequestError(message, f"{_HINT}; check whose public key it is")
        return _read(body)


# ---------------------------------------------------------------------------------------------


def _read(body: str) -> Checkpoint:
    try:
        origin, size, coded, *more = body.removesuffix("\n").split("\n")
        root = base64.b64decode(coded, validate=True)
        algorithm = more[0].removeprefix(_DIGEST) if more else _SHA256
        read = Checkpoint(origin, int(size), root, algorithm)
    except (ValueError, binascii.Error) as error:
        raise RequestError("this is not a checkpoint", _HINT) from error
    # Written anew it must be the same text: one spelling, so that nothing hides in another.
    known = algorithm in ALGORITHMS and len(root) == SIZE
    if read.body != body or not origin or read.size < 0 or not known:
        raise RequestError("this is not a checkpoint", _HINT)
    return read


def _signed(body: str, signatures: str, key: PublicKey) -> bool:
    for line in signatures.splitlines():
        hit = _SIGNATURE.fullmatch(line)
        if hit is None or hit["name"] != key.name:
            continue
        coded = hit["coded"]
        raw = base64.b64decode(coded + "=" * (-len(coded) % 4))
        if raw[:4] == key.id and key.signed(body.encode(), raw[4:]):
            return True
    return False
