"""RFC 6962: the roots of its reference implementation, and every proof of every small tree."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from itertools import pairwise
from random import Random

import pytest

from reformflow.errors import EmbeddingError
from reformflow.evidence import (
    Digest,
    Growth,
    Tile,
    consistency,
    inclusion,
    is_consistent,
    root_at,
    root_from_inclusion,
    subtrees,
)

SHA256 = Digest.of("sha256")
LEAVES = [
    bytes.fromhex(text)
    for text in (
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]  # fmt: skip
ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
"""Known roots over the first 1, 2, … of these leaves."""


class Tree:
    """A tree of `size` leaves in tiles, with every root that it had."""

    def __init__(self, size: int, digest: Digest = SHA256) -> None:
        self.digest = digest
        self.leaves = [digest.leaf(f"leaf {number}".encode()) for number in range(size)]
        self.tiles: dict[tuple[int, int], bytes] = {}
        growth = Growth(digest)
        self.roots = [growth.root]
        for leaf in self.leaves:
            self.tiles |= {(level, number): hashes for level, number, hashes in growth.take(leaf)}
            self.roots.append(growth.root)
        self.tiles |= {(level, number): hashes for level, number, hashes in growth.partial()}
        self.subtrees = subtrees(self.read, digest)

    def read(self, level: int, number: int) -> bytes:
        return self.tiles[level, number]


@pytest.fixture(scope="module")
def tree() -> Tree:
    return Tree(300)


def plain_root(leaves: list[bytes]) -> bytes:
    """The definition of section 2.1, word for word, over hashed leaves."""
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    both = plain_root(leaves[:split]) + plain_root(leaves[split:])
    return hashlib.sha256(b"\1" + both).digest()


def test_the_roots_are_those_of_the_reference() -> None:
    growth = Growth(SHA256)
    assert growth.root == hashlib.sha256(b"").digest()
    for leaf, root in zip(LEAVES, ROOTS, strict=True):
        assert growth.take(SHA256.leaf(leaf)) == []
        assert growth.root.hex() == root


def test_every_root_is_that_of_the_definition(tree: Tree) -> None:
    for size in range(1, 301):
        assert tree.roots[size] == plain_root(tree.leaves[:size])
        assert root_at(size, tree.subtrees, SHA256) == tree.roots[size]


def test_a_tree_of_three_levels_of_tiles_goes_on_where_it_stopped() -> None:
    tiles: dict[tuple[int, ...], bytes] = {}

    def read(*place: int) -> bytes:
        return tiles[place]

    def keep(some: Iterable[Tile]) -> None:
        tiles.update({(level, number): hashes for level, number, hashes in some})

    leaves = [SHA256.leaf(str(number).encode()) for number in range(256 * 257 + 3)]
    ends = [1, 255, 256, 257, 65_535, 65_536, 65_793, len(leaves)]
    for start, end in pairwise([0, *ends]):
        growth = Growth.resumed(start, read, SHA256)
        for leaf in leaves[start:end]:
            keep(growth.take(leaf))
        keep(growth.partial())
        assert growth.root == plain_root(leaves[:end])
    assert {level for level, _ in tiles} == {0, 1, 2}
    for end in ends:
        assert root_at(end, subtrees(read, SHA256), SHA256) == plain_root(leaves[:end])


def test_every_leaf_is_proven_to_be_in_every_tree(tree: Tree) -> None:
    random = Random(1)
    for size in [*range(1, 40), 255, 256, 257, 300]:
        for index in {0, size - 1, random.randrange(size), random.randrange(size)}:
            path = inclusion(index, size, tree.subtrees, SHA256)
            leaf = tree.leaves[index]
            assert root_from_inclusion(leaf, index, size, path, SHA256) == tree.roots[size]
            wrong = [
                root_from_inclusion(tree.leaves[index - 1], index, size, path, SHA256),
                root_from_inclusion(leaf, index, size, path[1:], SHA256),
                root_from_inclusion(leaf, index, size, [*path, leaf], SHA256),
                root_from_inclusion(leaf, size, size, path, SHA256),
            ]
            if size > 1:
                wrong.append(root_from_inclusion(leaf, (index + 1) % size, size, path, SHA256))
                assert tree.roots[size] not in wrong


def test_every_tree_is_proven_to_begin_with_every_earlier_one(tree: Tree) -> None:
    for new in [*range(20), 255, 256, 257, 300]:
        for old in [*range(min(new, 20)), new]:
            path = consistency(old, new, tree.subtrees, SHA256)
            small, large = (old, tree.roots[old]), (new, tree.roots[new])
            assert is_consistent(small, large, path, SHA256), (old, new)
            assert not is_consistent((old, SHA256.leaf(b"")), large, path, SHA256)
            if 0 < old < new:
                assert not is_consistent(small, (new, SHA256.leaf(b"")), path, SHA256)
                assert not is_consistent(small, large, path[:-1], SHA256)
                assert not is_consistent(small, large, [*path, path[0]], SHA256)
                assert not is_consistent(large, small, path, SHA256)


def test_a_tree_of_the_national_standard_has_its_own_roots() -> None:
    sm3 = Tree(5, Digest.of("sm3"))
    assert hashlib.new("sm3", b"\0leaf 0").digest() == sm3.leaves[0]
    assert sm3.roots[5] != Tree(5).roots[5]
    path = inclusion(3, 5, sm3.subtrees, sm3.digest)
    assert root_from_inclusion(sm3.leaves[3], 3, 5, path, sm3.digest) == sm3.roots[5]


def test_an_unknown_digest_is_named() -> None:
    with pytest.raises(EmbeddingError, match="use sha256 or sm3"):
        Digest.of("md5")
