"""The one spelling of an entry: RFC 8785, whatever it holds."""

from __future__ import annotations

from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from reformflow.evidence import FIELDS, respelled, spelled, spelled_opened, strict

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
SMALL = st.integers(-(2**53) + 1, 2**53 - 1)
VALUES = st.none() | st.booleans() | SMALL | TEXTS


def document(**more: Any) -> dict[str, Any]:
    """Return an entry with these members."""
    texts = dict.fromkeys(("actor", "case", "definition", "kind", "name", "on", "workflow"), "x")
    return dict.fromkeys(FIELDS) | {"changes": {}, "seq": 1} | texts | more


@given(st.dictionaries(TEXTS, VALUES, max_size=6), TEXTS, st.lists(st.dictionaries(TEXTS, VALUES)))
def test_an_entry_is_spelled_as_the_standard_says(
    changes: dict[str, Any], reason: str, late: list[dict[str, Any]]
) -> None:
    entry = document(changes=changes, reason=reason, late=late)
    assert spelled(entry) == rfc8785.dumps(entry)


def test_keys_stand_in_the_order_of_their_utf16_units() -> None:
    """𠮷 comes before 﨎 in UTF-16, and after it by code point."""
    assert list(strict(spelled(document(changes={"﨎": 1, "𠮷": 2})).decode())["changes"]) == [
        "𠮷",
        "﨎",
    ]


def test_what_a_case_was_opened_as_is_spelled_alike_by_itself() -> None:
    opened = {"parent": None, "unit": "东", "subject": 'a "b"\n'}
    assert spelled_opened(**opened) == rfc8785.dumps(opened).decode()
    assert respelled('{ "unit": "\\u4e1c",\t"a": 1}') == '{"a":1,"unit":"东"}'


KEYS = ("a", "a.b", "a_b", "b", "B", "", "é", "a:", "\\u0061")
SCALARS = (
    *("0", "-0", "7", "-7", "07", "1.5", "1e3", "9" * 15, "9" * 16, "-" + "9" * 17),
    *("true", "null", "nul", "[]", '{"z":1,"y":2}', '{"y":1,"y":2}'),
    *(
        '""',
        '"x"',
        '"\x7f东"',
        '"\\u4e1c"',
        '"\\""',
        '"\\\\"',
        '"\n"',
        '"\x1f"',
        '","b":1,"',
        '"a":',
    ),
)
OBJECTS = (
    *(f'{{"a":{scalar}}}' for scalar in SCALARS),
    *(f'{{"{one}":"x","{two}":1}}' for one in KEYS for two in KEYS),
    *("{}", "{ }", '{"a":1,}', '{"a":1} ', '{"a":1}{', '{"a":1 }', '{"a": 1}', '["a"]'),
)


@pytest.mark.parametrize("text", OBJECTS)
def test_what_is_spelled_already_is_seen_to_be(text: str) -> None:
    """A text that is taken as it stands is the one that reading and writing it would give."""
    try:
        read = strict(text)
    except ValueError:
        with pytest.raises(ValueError, match=r"."):
            respelled(text)
    else:
        whole = spelled(document(changes=read)).decode()
        assert f'"changes":{respelled(text)},"definition"' in whole


@pytest.mark.parametrize("number", [2**53, -(2**53), 2**63 - 1])
def test_a_number_that_readers_would_round_stands_as_text(number: int) -> None:
    text = spelled(document(changes={"n": number})).decode()
    assert f'"changes":{{"n":{{"int":"{number}"}}}}' in text


@pytest.mark.parametrize("value", [float("nan"), b"bytes", "\ud800"])
def test_what_no_json_holds_has_no_spelling(value: Any) -> None:
    with pytest.raises(ValueError, match=r"."):
        spelled(document(reason=value))
    with pytest.raises(ValueError, match=r"."):
        spelled(document(changes={"a": value}))
    with pytest.raises(ValueError, match=r"."):
        spelled(document(seq=value))


@pytest.mark.parametrize(
    "text", ['{"a":1,"a":1}', "[NaN]", "{", b"{}", "[" * 100_000, '{"b":{"a":1,"a":2}}']
)
def test_doubtful_json_is_not_read(text: str | bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        strict(text)


@pytest.mark.parametrize("depth", [700, 100_000])
def test_what_is_nested_too_deeply_has_no_spelling(depth: int) -> None:
    """Python reads deeper nesting than it writes."""
    with pytest.raises(ValueError, match="nested too deeply"):
        respelled("[" * depth + "]" * depth)
