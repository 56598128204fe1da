"""Whatever stands in a file, loading gives a reform or a DefinitionError, never anything else."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reformflow.errors import DefinitionError, Problem
from reformflow.formats import load
from reformflow.formats.positions import read_bytes
from support.repository import ROOT
from support.soak import amount, chance

BASE = ROOT / "tests" / "definitions" / "bad" / "base"
NAMES = ["reform.yaml", "clauses.yaml", "case.yaml", "report.yaml"]
PIECES = [
    b"{",
    b"}",
    b"[",
    b"]",
    b":",
    b": ",
    b"- ",
    b",",
    b"\n",
    b"  ",
    b"&a ",
    b"*a",
    b"!!str ",
    b"<<: ",
    b"'",
    b'"',
    b"#",
    b"|",
    b">",
    b"?",
    b"~",
    b"no",
    b"true",
    b"012",
    b"1:30",
    b"2021-02-30",
    b"-1",
    b"policy.late",
    b"policy.",
    b"999999999999999999999",
    b"\x00",
    b"\xff",
    "⼈".encode(),
    b"\t",
    b"...",
    b"any",
    b"[0]",
    b"when",
    b"dates",
    b"office",
    b"in",
    b"not",
    b"()",
    b"**",
    b"today",
    b".since",
]


MUTANTS = amount(40, 2500)
"""For each of eight seeds."""


def mutated(data: bytes, rng: random.Random) -> bytes:
    """Return `data` after a few random cuts, copies, swaps and insertions."""
    for _ in range(rng.randint(1, 4)):
        at, to = sorted(rng.randrange(len(data) + 1) for _ in range(2))
        to = min(to, at + 40)
        words = data.split()
        data = rng.choice(
            [
                data[:at] + data[to:],
                data[:at] + data[at:to] * 2 + data[to:],
                data[:at] + rng.choice(PIECES) + data[at:],
                data[:at] + rng.choice(PIECES) + data[to:],
                data.replace(rng.choice(words), rng.choice(words), 1) if words else data,
                b"\n".join(rng.sample(lines := data.split(b"\n"), k=len(lines)))
                if rng.random() < 0.1
                else data,
            ]
        )
    return data


@pytest.mark.parametrize("seed", range(8))
def test_a_mutated_file_loads_or_is_refused_with_places(seed: int, tmp_path: Path) -> None:
    rng = chance("files", seed)
    sound = {name: (BASE / name).read_bytes() for name in NAMES}
    refused = 0
    for _ in range(MUTANTS):
        name = rng.choice(NAMES)
        for other, data in sound.items():
            (tmp_path / other).write_bytes(mutated(data, rng) if other == name else data)
        problems = problems_of(tmp_path)
        refused += bool(problems)
        assert all(problem.place.file in NAMES for problem in problems)
    assert refused > MUTANTS // 4


def problems_of(folder: Path) -> tuple[Problem, ...]:
    """Return the problems of a folder, none if it loads; any other error is the test's failure."""
    try:
        load(folder)
    except DefinitionError as error:
        return error.problems or (Problem("none", "refused without saying why"),)
    return ()


@given(st.binary(max_size=200) | st.lists(st.sampled_from(PIECES), max_size=30).map(b"".join))
def test_any_bytes_give_a_tree_or_problems(data: bytes) -> None:
    tree, problems = read_bytes(data, name="any.yaml")
    assert (tree is not None) or problems
