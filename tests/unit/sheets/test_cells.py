"""A cell becomes exactly the value that people see, or an error that says what to write."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

import pytest

from reformflow.model import Choice, Fact, FactType, Text
from reformflow.sheets.cells import CellError, read_day, read_fact, read_text

INT = Fact("n", FactType.INT, minimum=-5, maximum=10)
BOOL = Fact("b", FactType.BOOL)
CHOICE = Fact("c", FactType.CHOICE, choices=(Choice("a", Text("first", "甲")), Choice("b")))
TEXT = Fact("t", FactType.TEXT)
DAY = datetime(2021, 2, 8)  # noqa: DTZ001 - as a sheet gives it


@pytest.mark.parametrize(
    ("fact", "cell", "value"),
    [
        (INT, "7", 7),
        (INT, " -5 ", -5),
        (INT, 7.0, 7),
        (BOOL, True, True),
        (BOOL, "TRUE", True),
        (BOOL, "是", True),
        (BOOL, "否", False),
        (BOOL, "no", False),
        (CHOICE, "a", "a"),
        (CHOICE, "甲", "a"),
        (CHOICE, "first", "a"),
        (TEXT, " 两  字 ", "两  字"),
        (TEXT, 12.0, "12"),
        (TEXT, 1.5, "1.5"),
        (TEXT, True, "true"),
        (TEXT, DAY, "2021-02-08"),
        (TEXT, date(2021, 2, 8), "2021-02-08"),
    ],
)
def test_a_cell_is_read_by_the_type_of_its_fact(fact: Fact, cell: Any, value: Any) -> None:
    assert read_fact(fact, cell) == value
    assert type(read_fact(fact, cell)) is type(value)


@pytest.mark.parametrize(
    ("fact", "cell", "code"),
    [
        (INT, "11", "range"),
        (INT, "-6", "range"),
        (INT, "1.0", "int"),
        (INT, "1,000", "int"),
        (INT, "１２", "int"),
        (INT, 1.5, "int"),
        (INT, True, "int"),
        (INT, "9223372036854775808", "int"),
        (INT, float("nan"), "int"),
        (INT, float("inf"), "int"),
        (BOOL, "1", "bool"),
        (BOOL, 1.0, "bool"),
        (CHOICE, "c", "choice"),
        (TEXT, "a\x00b", "characters"),
        (TEXT, "\ud800", "characters"),
        (TEXT, time(5, 0), "type"),
        (TEXT, "x" * 201, "too_long"),
        (TEXT, 1e15, "float_id"),
    ],
)
def test_anything_else_is_told(fact: Fact, cell: Any, code: str) -> None:
    with pytest.raises(CellError) as caught:
        read_fact(fact, cell)
    assert caught.value.code == code


@pytest.mark.parametrize("cell", ["2021-02-08", "2021/2/8", "2021.2.8", "2021年2月8日", DAY])
def test_a_day_in_each_of_its_writings(cell: Any) -> None:
    assert read_day(cell) == date(2021, 2, 8)


@pytest.mark.parametrize(
    "cell", ["", "08-02-2021", "1900-02-29", "2021-13-01", 44235.0, "２０２１-02-08"]
)
def test_what_is_no_day_is_told(cell: Any) -> None:
    with pytest.raises(CellError) as caught:
        read_day(cell)
    assert caught.value.code == "date"


def test_text_after_a_plus_or_minus_is_text() -> None:
    assert [read_text("+86 21"), read_text("-"), read_text("@home")] == ["+86 21", "-", "@home"]
