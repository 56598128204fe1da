"""The Merkle tree of RFC 6962: roots, proofs of inclusion and of consistency, and their check.

A tree grows on its right side only. Its root at every earlier size can be computed from its
complete subtrees, `Subtrees`, of which about log2(size) are needed for each question.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from reformflow.evidence.digests import Digest

Subtrees = Callable[[int, int], bytes]
"""Gives the hash of complete subtree number `index` with 2 ** `level` leaves."""


def root_at(size: int, subtrees: Subtrees, digest: Digest) -> bytes:
    """Return the root over the first `size` leaves."""
    return _hash(0, size, subtrees, digest) if size else digest.empty


def inclusion(index: int, size: int, subtrees: Subtrees, digest: Digest) -> tuple[bytes, ...]:
    """Return the proof that leaf `index` (from 0) is among the first `size`: section 2.1.1."""
    start, end = 0, size
    path: list[bytes] = []
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(_hash(middle, end, subtrees, digest))
            end = middle
        else:
            path.append(_hash(start, middle, subtrees, digest))
            start = middle
    return tuple(reversed(path))


def consistency(old: int, new: int, subtrees: Subtrees, digest: Digest) -> tuple[bytes, ...]:
    """Return the proof that the tree of `new` leaves begins with that of `old`: section 2.1.2."""
    if old in {0, new}:
        return ()
    start, end, whole = 0, new, True
    path: list[bytes] = []
    while end > old:
        middle = start + _split(end - start)
        if old <= middle:
            path.append(_hash(middle, end, subtrees, digest))
            end = middle
        else:
            path.append(_hash(start, middle, subtrees, digest))
            start, whole = middle, False
    if not whole:
        path.append(_hash(start, end, subtrees, digest))
    return tuple(reversed(path))


def root_from_inclusion(
    leaf: bytes, index: int, size: int, path: Sequence[bytes], digest: Digest
) -> bytes | None:
    """Return the root to which a proof of inclusion leads, None if it cannot be one."""
    if not 0 <= index < size:
        return None
    here, last = index, size - 1
    found = leaf
    for other in path:
        if not last:
            return None
        if here % 2 or here == last:
            found = digest.node(other, found)
            while not here % 2 and here:
                here, last = here // 2, last // 2
        else:
            found = digest.node(found, other)
        here, last = here // 2, last // 2
    return None if last else found


def is_consistent(
    old: tuple[int, bytes], new: tuple[int, bytes], path: Sequence[bytes], digest: Digest
) -> bool:
    """Say whether a proof shows that the `new` (size, root) begins with the `old`."""
    (small, first), (large, second) = old, new
    if not 0 <= small <= large:
        return False
    if small in {0, large}:
        return not path and (first == second if small == large else first == digest.empty)
    # The old tree is one complete subtree: its root is where the proof begins.
    whole = [first] if small & (small - 1) == 0 else []
    start, *rest = [*whole, *path] or [b""]
    here, last = small - 1, large - 1
    while here % 2:
        here, last = here // 2, last // 2
    before = after = start
    for other in rest:
        if not last:
            return False
        if here % 2 or here == last:
            before, after = digest.node(other, before), digest.node(other, after)
            while not here % 2 and here:
                here, last = here // 2, last // 2
        else:
            after = digest.node(after, other)
        here, last = here // 2, last // 2
    return not last and (before, after) == (first, second)


# ---------------------------------------------------------------------------------------------


def _split(size: int) -> int:
    """Return the largest power of two below `size`."""
    return 1 << (size - 1).bit_length() - 1


def _hash(start: int, end: int, subtrees: Subtrees, digest: Digest) -> bytes:
    size = end - start
    if size & (size - 1) == 0:
        return subtrees(size.bit_length() - 1, start // size)
    middle = start + _split(size)
    left = _hash(start, middle, subtrees, digest)
    return digest.node(left, _hash(middle, end, subtrees, digest))
