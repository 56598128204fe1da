"""Digests by name: SHA-256, and the Chinese national standard SM3 (GB/T 32905)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import partial
from typing import Final, Protocol

import attrs

from reformflow.errors import EmbeddingError

ALGORITHMS: Final = ("sha256", "sm3")
"""Both give 32 bytes."""

SIZE: Final = 32
"""Bytes of a digest."""


class Hash(Protocol):
    """What we use of a hash object of hashlib."""

    def digest(self) -> bytes:
        """Return the digest."""

    def hexdigest(self) -> str:
        """Return the digest in hexadecimal digits."""


def hashing(algorithm: str) -> Callable[[bytes], Hash]:
    """Return the constructor of a digest.

    EmbeddingError for another algorithm, or if this Python's OpenSSL does not have it.
    """
    if algorithm not in ALGORITHMS:
        raise EmbeddingError(f"unknown digest {algorithm!a}", "use sha256 or sm3")
    if algorithm == "sha256":
        return hashlib.sha256
    try:
        hashlib.new(algorithm, b"", usedforsecurity=False)
    except ValueError:
        hint = "use sha256, or a Python built with an OpenSSL that has it"
        raise EmbeddingError(f"this Python cannot compute {algorithm}", hint) from None
    return partial(hashlib.new, algorithm, usedforsecurity=False)


@attrs.frozen
class Digest:
    """The hashes of a Merkle tree: RFC 6962, section 2.1, with any of the algorithms.

    Leaves and nodes are told apart by their first byte, so that none can pass for the other.
    """

    algorithm: str
    _new: Callable[[bytes], Hash]

    @classmethod
    def of(cls, algorithm: str) -> Digest:
        """Return the hashes of an algorithm; EmbeddingError if there is no such."""
        return cls(algorithm, hashing(algorithm))

    def leaf(self, data: bytes) -> bytes:
        """Return the hash of a leaf."""
        return self._new(b"\0" + data).digest()

    def node(self, left: bytes, right: bytes) -> bytes:
        """Return the hash of a node over its two children."""
        return self._new(b"\1" + left + right).digest()

    @property
    def empty(self) -> bytes:
        """The root of a tree without leaves."""
        return self._new(b"").digest()
