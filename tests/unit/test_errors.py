"""Errors say what is wrong, where, and what to do; told apart by who must act."""

from __future__ import annotations

from typing import Any

import pytest

from reformflow.errors import (
    CalendarError,
    DefinitionError,
    EmbeddingError,
    InputError,
    KeyReused,
    MissingExtra,
    Place,
    Problem,
    ReformflowError,
    RequestError,
    StoreError,
    TransactionLost,
    UnknownName,
    nearest,
)


@pytest.mark.parametrize(
    ("error", "parent"),
    [
        (DefinitionError, ReformflowError),
        (CalendarError, ReformflowError),
        (RequestError, ReformflowError),
        (UnknownName, RequestError),
        (KeyReused, RequestError),
        (InputError, RequestError),
        (StoreError, ReformflowError),
        (EmbeddingError, ReformflowError),
        (MissingExtra, EmbeddingError),
        (TransactionLost, EmbeddingError),
    ],
)
def test_who_catches_the_parent_catches_the_child(error: Any, parent: Any) -> None:
    assert issubclass(error, parent)
    with pytest.raises(parent):
        raise error(message="m", hint="h")


def test_the_tree_in_the_modules_docstring_names_every_error() -> None:
    import reformflow.errors as module

    for name, value in vars(module).items():
        if isinstance(value, type) and issubclass(value, Exception):
            assert name in module.__doc__


def test_a_message_is_followed_by_what_to_do() -> None:
    assert str(RequestError(message="no", hint="do so")) == "no (do so)"
    assert str(RequestError(message="no")) == "no"


def test_problems_are_listed_one_on_each_line_with_file_line_and_field() -> None:
    place = Place("a.yaml", 3, 7, "case.facts.x")
    problem = Problem("type", "bad", "write 1", place)
    assert str(problem) == "a.yaml:3:7: case.facts.x: [type] bad (write 1)"
    for kind in (DefinitionError, InputError):
        error = kind(message="two", problems=(problem, Problem("x", "y")))
        assert str(error).splitlines() == ["two", str(problem), "[x] y"]


@pytest.mark.parametrize(
    ("place", "text"),
    [
        (Place(), ""),
        (Place("a"), "a"),
        (Place("a", 2, 1), "a:2:1"),
        (Place(field="f"), "f"),
        (Place("a", field="f"), "a: f"),
        (Place("", 2, 1), "2:1"),
    ],
)
def test_a_place_leaves_out_what_is_not_known(place: Any, text: str) -> None:
    assert str(place) == text


def test_the_nearest_name_is_offered_or_a_few_are_listed() -> None:
    assert nearest("ofice", ["office", "bureau"]) == "did you mean 'office'?"
    assert nearest("xyz", ["office", "bureau"]) == "known: bureau, office"
    assert nearest("xyz", []) == "none is declared"
    many = nearest("xyz", [f"long{n}" for n in range(20)])
    assert many.endswith("…")
    assert many.count(",") == 8


def test_an_unknown_name_is_quoted_with_its_kind() -> None:
    error = UnknownName.of("fact", "pots", ["posts"])
    assert str(error) == "unknown fact 'pots' (did you mean 'posts'?)"


def test_a_missing_extra_prints_the_line_that_installs_it() -> None:
    error = MissingExtra.of("pictures", purpose="drawing")
    assert "pip install 'reformflow[pictures]'" in str(error)
