"""A digest tells two definitions apart by meaning, never by layout."""

from __future__ import annotations

import hashlib
import json
import random
from datetime import date
from pathlib import Path
from typing import Any

import attrs
import pytest
import rfc8785
import yaml
import yamlcore

from reformflow.errors import DefinitionError, EmbeddingError
from reformflow.formats import canonical, fingerprint, load, shipped
from reformflow.model import Document, Option, Policy, Reform, Text
from support.repository import ROOT

BASE = ROOT / "tests" / "definitions" / "bad" / "base"
ORDERED = {"stages", "transitions"}


def relaid(value: Any, shuffle: random.Random, key: str = "") -> Any:
    """Return plain data with the keys of its mappings in another order, where it says nothing."""
    if isinstance(value, list):
        return [relaid(item, shuffle) for item in value]
    if not isinstance(value, dict):
        return value
    keys = list(value)
    if key not in ORDERED:
        shuffle.shuffle(keys)
    return {name: relaid(value[name], shuffle, name) for name in keys}


@pytest.mark.parametrize("seed", range(5))
def test_order_of_keys_quotes_and_comments_do_not_matter(seed: int, tmp_path: Path) -> None:
    for file in BASE.glob("*.yaml"):
        data = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506
        text = yaml.dump(
            relaid(data, random.Random(seed)), Dumper=Loose, allow_unicode=True, sort_keys=False
        )
        (tmp_path / file.name).write_text(f"# another layout\n{text}", encoding="utf-8")
    assert fingerprint(load(tmp_path)) == fingerprint(load(BASE))


class Loose(yamlcore.CCoreDumper):
    """Writes every text as it was read, without quotes that would change its type."""


def _bare(dumper: Any, text: str) -> yaml.ScalarNode:
    node = dumper.represent_scalar("tag:yaml.org,2002:str", text)
    for tag in ("bool", "int", "null"):
        if dumper.resolve(yaml.ScalarNode, text, (True, False)) == f"tag:yaml.org,2002:{tag}":
            node = dumper.represent_scalar(f"tag:yaml.org,2002:{tag}", text)
    return node


Loose.add_representer(str, _bare)


@pytest.mark.parametrize("name", shipped())
def test_canonical_bytes_are_those_of_the_standard(name: str) -> None:
    written = canonical(load(name))
    assert written == rfc8785.dumps(json.loads(written))


def test_order_of_stages_and_transitions_matters() -> None:
    """Stages are shown, and automatic transitions fire, in the order in which they stand."""
    reform = load(BASE)
    case = reform.workflow("case")
    turned = attrs.evolve(case, transitions=case.transitions[::-1])
    other = attrs.evolve(reform, workflows=(turned, reform.workflow("report")))
    assert fingerprint(other) != fingerprint(reform)


def test_spelling_of_a_rule_does_not_matter(tmp_path: Path) -> None:
    for file in BASE.glob("*.yaml"):
        text = file.read_text(encoding="utf-8")
        text = text.replace("requires: after <= before", "requires: ((after)   <=before)")
        (tmp_path / file.name).write_text(text, encoding="utf-8")
    assert fingerprint(load(tmp_path)) == fingerprint(load(BASE))


def test_a_default_written_out_does_not_matter(tmp_path: Path) -> None:
    for file in BASE.glob("*.yaml"):
        text = file.read_text(encoding="utf-8").replace("scope: unit", "scope: unit, aliases: []")
        (tmp_path / file.name).write_text(text, encoding="utf-8")
    assert fingerprint(load(tmp_path)) == fingerprint(load(BASE))


def test_a_chosen_policy_counts_and_choosing_the_default_does_not() -> None:
    reform = load(BASE)
    assert fingerprint(reform.choosing(late="flag")) != fingerprint(reform)
    assert fingerprint(reform.choosing(late="reason")) == fingerprint(reform)


def changes(value: Any) -> list[Any]:
    """Return copies of a value, each with one leaf changed."""
    match value:
        case bool():
            return [not value]
        case int():
            return [value + 1]
        case str():
            return [type(value)(value)] if type(value) is not str else [value + "x"]
        case date():
            return [value.replace(year=value.year + 1)]
        case tuple():
            return [
                (*value[:index], other, *value[index + 1 :])
                for index, item in enumerate(value)
                for other in changes(item)
            ]
    if not attrs.has(type(value)):
        return []
    fields = [field.name for field in attrs.fields(type(value)) if field.init]
    return [
        attrs.evolve(value, **{name: other})
        for name in fields
        for other in changes(getattr(value, name))
    ]


def test_every_single_change_of_a_value_changes_the_digest() -> None:
    reform = load(BASE)
    # A changed choice of a policy's name is tested above; here everything else that there is.
    others = [other for other in changes(reform) if other != reform]
    assert len(others) > 300
    digests = {fingerprint(other) for other in others}
    assert fingerprint(reform) not in digests
    assert len(digests) == len({repr(other) for other in others})


def test_values_of_different_types_never_look_alike() -> None:
    values = [1, "1", True, "true", date(2021, 2, 10), "2021-02-10", 2**60, str(2**60)]
    assert len({canonical(holding(value)) for value in values}) == len(values)


def holding(value: Any) -> Reform:
    policy = Policy("p", "a", (Option("a", value),))
    return Reform("r", Document(Text("t")), (), policies=(policy,))


def test_the_bytes_are_canonical_json() -> None:
    data = canonical(load(BASE))
    again = json.dumps(json.loads(data), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert data == again.encode()


@pytest.mark.parametrize("name", shipped())
def test_a_digest_names_its_algorithm(name: str) -> None:
    reform = load(name)
    assert fingerprint(reform) == f"sha256:{hashlib.sha256(canonical(reform)).hexdigest()}"


def test_sm3_is_the_national_standards_digest() -> None:
    if "sm3" not in hashlib.algorithms_available:
        with pytest.raises(EmbeddingError, match="sm3"):
            fingerprint(load(BASE), "sm3")
        return
    assert hashlib.new("sm3", b"abc").hexdigest().startswith("66c7f0f4")  # GB/T 32905, example 1
    digest = hashlib.new("sm3", canonical(load(BASE))).hexdigest()
    assert fingerprint(load(BASE), "sm3") == f"sm3:{digest}"


def test_without_sm3_the_error_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(name: str, *args: Any, **options: Any) -> Any:
        raise ValueError(name)

    monkeypatch.setattr(hashlib, "new", refuse)
    with pytest.raises(EmbeddingError, match="cannot compute sm3"):
        fingerprint(load(BASE), "sm3")


@pytest.mark.parametrize("algorithm", ["md5", "", "SHA256", "sha512"])
def test_other_algorithms_are_refused(algorithm: str) -> None:
    with pytest.raises(EmbeddingError):
        fingerprint(load(BASE), algorithm)


def test_what_cannot_be_encoded_is_refused() -> None:
    with pytest.raises(DefinitionError):
        canonical(holding("\ud800"))
