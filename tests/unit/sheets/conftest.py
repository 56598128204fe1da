"""A small reform, and a folder to write tables into."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from reformflow.binding import BoundReform, bind
from reformflow.errors import InputError, Problem
from reformflow.formats import load
from reformflow.sheets import Roster, read_roster
from support.repository import ROOT

ACTORS = "actor,role,unit\nwang,office,\nli,bureau,u1\n"
CASES = "id,unit,parent,subject,on,actor,kind,note\nc1,u1,,First,2021-02-01,wang,whole,hello\n"


@pytest.fixture(scope="session")
def bound() -> BoundReform:
    return bind(load(ROOT / "tests" / "definitions" / "bad" / "base"))


@pytest.fixture
def roster_of(tmp_path: Path, bound: BoundReform) -> Callable[..., Roster]:
    """Write a roster's files and read them."""

    def read(**files: str | bytes) -> Roster:
        folder = tmp_path / "roster"
        folder.mkdir(exist_ok=True)
        for name, content in {"actors_csv": ACTORS, **files}.items():
            path = folder / name.replace("_", ".")
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        return read_roster(folder, bound)

    return read


@pytest.fixture
def problems_of(roster_of: Callable[..., Roster]) -> Callable[..., tuple[Problem, ...]]:
    """Write a roster's files and return the problems of reading them."""

    def read(**files: str | bytes) -> tuple[Problem, ...]:
        with pytest.raises(InputError) as caught:
            roster_of(**files)
        return caught.value.problems

    return read
