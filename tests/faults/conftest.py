"""Every fault is tried on every database; after it, every case is the fold of its history."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from reformflow.casework import Book
from reformflow.formats import load
from reformflow.model import Reform
from support.databases import Place, checked
from support.repository import ROOT
from support.servers import KINDS


@pytest.fixture(scope="session")
def errands() -> Reform:
    """The small reform that store tests tell stories with."""
    return load(ROOT / "tests" / "store" / "reforms" / "errands")


@pytest.fixture(params=KINDS)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """A place in one database. What is stored there when the test ends must hang together."""
    with checked(request.param, tmp_path) as here:
        yield here


@pytest.fixture
def book(place: Place, errands: Reform) -> Book:
    """An empty book of errands."""
    return place.open(errands)
