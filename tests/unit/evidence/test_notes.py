"""Checkpoints, keys and proofs as texts: read as they were written, and in no other spelling."""

from __future__ import annotations

import base64
import hashlib
import sys

import pytest

from reformflow.errors import MissingExtra, RequestError
from reformflow.evidence import (
    FIELDS,
    Checkpoint,
    Digest,
    Growth,
    PrivateKey,
    Proof,
    PublicKey,
    check_proof,
    inclusion,
    spelled,
    subtrees,
)

KEY = PrivateKey("example.org/cases", bytes(range(32)))
ROOT = bytes(range(32))
CHECKPOINT = Checkpoint("example.org/cases", 12, ROOT)
BODY = "example.org/cases\n12\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n"


def proven() -> Proof:
    """Return the proof of the second of three entries."""
    digest = Digest.of("sha256")
    entry = dict.fromkeys(FIELDS, "") | {"changes": {}, "voids": None, "late": None}
    texts = [spelled({**entry, "opened": None, "seq": number}) for number in (1, 2, 3)]
    growth = Growth(digest)
    for text in texts:
        growth.take(digest.leaf(text))
    tiles = {(level, number): hashes for level, number, hashes in growth.partial()}
    find = subtrees(lambda level, number: tiles[level, number], digest)
    note = Checkpoint("here", 3, growth.root).note(KEY)
    return Proof(texts[1].decode(), 1, inclusion(1, 3, find, digest), note)


def test_a_checkpoint_is_three_lines() -> None:
    assert CHECKPOINT.note() == BODY
    assert Checkpoint.read(BODY) == CHECKPOINT


def test_another_digest_is_told_on_a_fourth_line() -> None:
    sm3 = Checkpoint("here", 12, ROOT, "sm3")
    assert sm3.body.endswith("\ndigest sm3\n")
    assert Checkpoint.read(sm3.note(KEY), KEY.public) == sm3


def test_a_signed_checkpoint_is_a_signed_note() -> None:
    note = CHECKPOINT.note(KEY)
    body, line = note.split("\n\n")
    assert f"{body}\n" == BODY
    dash, name, coded = line.removesuffix("\n").split(" ")
    raw = base64.b64decode(coded)
    told = b"example.org/cases\n\1" + KEY.public.raw
    assert (dash, name, raw[:4]) == ("—", KEY.name, hashlib.sha256(told).digest()[:4])
    assert KEY.public.signed(BODY.encode(), raw[4:])
    assert Checkpoint.read(note, KEY.public) == CHECKPOINT


def test_the_signature_among_others_counts() -> None:
    other = PrivateKey("witness.example", bytes(32))
    lines = CHECKPOINT.note(other) + CHECKPOINT.note(KEY).split("\n\n")[1]
    assert Checkpoint.read(lines, KEY.public) == CHECKPOINT
    assert Checkpoint.read(lines, other.public) == CHECKPOINT


@pytest.mark.parametrize(
    "note",
    [
        BODY,
        CHECKPOINT.note(PrivateKey(KEY.name, bytes(32))),
        CHECKPOINT.note(KEY).replace("\n12\n", "\n13\n"),
        CHECKPOINT.note(PrivateKey("other", KEY.seed)),
        CHECKPOINT.note(KEY)[:-9] + "\n",
    ],
    ids=["none", "another key", "another size", "another name", "cut"],
)
def test_a_checkpoint_without_the_right_signature_is_refused(note: str) -> None:
    with pytest.raises(RequestError, match=r"not signed by 'example\.org/cases'"):
        Checkpoint.read(note, KEY.public)


@pytest.mark.parametrize(
    "note",
    [
        "",
        "here\n12\n",
        BODY.replace("12", "012"),
        BODY.replace("12", "-1"),
        BODY.replace("\n12", "\n１２"),
        BODY.replace("AAEC", ""),
        BODY.replace("example.org/cases", ""),
        BODY + "digest md5\n",
        BODY + "digest sha256\n",
        BODY + "more\n",
    ],
)
def test_what_is_no_checkpoint_is_refused(note: str) -> None:
    with pytest.raises(RequestError, match="not a checkpoint"):
        Checkpoint.read(note)


def test_keys_are_read_as_they_were_written() -> None:
    assert PrivateKey.read(KEY.secret()) == KEY
    assert PublicKey.read(f" {KEY.public}\n") == KEY.public
    assert repr(KEY.seed)[2:10] not in repr(KEY)
    assert PrivateKey.new("a") != PrivateKey.new("a")


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\nb", "a\u2003b"])
def test_a_name_that_a_note_cannot_hold_is_refused(name: str) -> None:
    with pytest.raises(RequestError, match="cannot name a key"):
        PrivateKey.new(name)


@pytest.mark.parametrize("text", ["", "x", "a+00000000+AAAA", str(KEY.public)[:-4]])
def test_what_is_no_key_is_refused_and_not_shown(text: str) -> None:
    with pytest.raises(RequestError, match="this is not an Ed25519 public key"):
        PublicKey.read(text)
    with pytest.raises(RequestError, match="this is not"):
        PrivateKey.read(text)
    with pytest.raises(RequestError, match="this is not an Ed25519 private key"):
        PrivateKey.read(f"PRIVATE+KEY+{text}")


def test_a_key_that_was_copied_wrongly_is_refused() -> None:
    with pytest.raises(RequestError, match="copied wrongly"):
        PublicKey.read(str(KEY.public).replace("example", "exampel"))
    with pytest.raises(RequestError, match="copied wrongly") as refused:
        PrivateKey.read(KEY.secret().replace("example", "exampel"))
    assert KEY.secret()[-20:] not in str(refused.value)


def test_without_the_library_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cryptography", None)
    monkeypatch.setattr("reformflow.evidence.keys.find_spec", lambda name: None)
    with pytest.raises(MissingExtra, match=r"reformflow\[evidence\]"):
        CHECKPOINT.note(KEY)


def test_a_proof_is_one_text_that_proves_by_itself() -> None:
    proof = proven()
    text = str(proof)
    assert text.startswith("c2sp.org/tlog-proof@v1\nextra ")
    assert check_proof(text, KEY.public) == proof
    assert check_proof(text).entry["seq"] == 2


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("index 1", "index 0"),
        ("index 1", "index 3"),
        ("extra ", f"extra {base64.b64encode(b'{}').decode()}"),
        ("\n3\n", "\n2\n"),
    ],
)
def test_a_changed_proof_proves_nothing(old: str, new: str) -> None:
    text = str(proven())
    if old == "extra ":
        lines = text.split("\n")
        text = "\n".join([lines[0], new, *lines[2:]])
    else:
        text = text.replace(old, new, 1)
    with pytest.raises(RequestError, match="does not lead"):
        check_proof(text)


@pytest.mark.parametrize("text", ["", "c2sp.org/tlog-proof@v1\n", str(proven()).replace("@v1", "")])
def test_what_is_no_proof_is_refused(text: str) -> None:
    with pytest.raises(RequestError, match="not a proof"):
        check_proof(text)


def test_a_proof_under_an_unsigned_or_foreign_checkpoint_is_refused() -> None:
    other = PrivateKey("other", bytes(32)).public
    with pytest.raises(RequestError, match="not signed by 'other'"):
        check_proof(str(proven()), other)
