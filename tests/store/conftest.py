"""The same tests on every database; after each of them, every case is the fold of its history."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from reformflow.casework import Book, connect
from reformflow.formats import load
from reformflow.model import Reform
from support.databases import Place, checked
from support.servers import KINDS

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def errands() -> Reform:
    """A small reform with every kind of column, silence, a join, a duty and signatures."""
    return load(HERE / "reforms" / "errands")


@pytest.fixture(scope="session")
def template(errands: Reform, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new SQLite book of the errands, to be copied."""
    file = tmp_path_factory.mktemp("template") / "errands.db"
    connect(f"sqlite:///{file}", errands).close()
    return file


@pytest.fixture(params=KINDS)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """A place in one database. What is stored there when the test ends must hang together."""
    with checked(request.param, tmp_path) as here:
        yield here


@pytest.fixture
def lite(tmp_path: Path) -> Iterator[Place]:
    """A place in an SQLite file, for what only a file can suffer. Nothing is checked at the end."""
    here = Place("sqlite", tmp_path)
    yield here
    here.clear()


@pytest.fixture
def book(place: Place, errands: Reform, template: Path) -> Book:
    """An empty book of errands."""
    return place.start(errands, template)
