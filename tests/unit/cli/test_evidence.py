"""Sealing, checkpoints, proofs, the feed and exports on the command line."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from reformflow.cli import feed


@pytest.fixture
def sealed(filled: Any, run: Any) -> Any:
    """The place with a key and a checkpoint of everything that has happened."""
    folder = filled.folder
    assert run("checkpoint", "keygen", "example.org/x", "--out", str(folder / "key")).code == 0
    assert run("seal", "--db", filled.url).code == 0
    export = ("checkpoint", "export", "--db", filled.url, "--key", str(folder / "key"))
    assert run(*export, "--out", str(folder / "note")).code == 0
    return filled


def public(folder: Path) -> str:
    from reformflow.evidence import PrivateKey

    return str(PrivateKey.read((folder / "key").read_text()).public)


def test_a_seal_tells_how_much_was_new(filled: Any, run: Any) -> None:
    first = run("seal", "--db", filled.url, "--json").document
    assert first["added"] == first["size"] > 0
    assert (first["algorithm"], len(bytes.fromhex(first["root"]))) == ("sha256", 32)
    again = run("seal", "--db", filled.url)
    assert again.out == f"Sealed 0 entries; {first['size']} in all.\n"
    assert "新封存0条记录" in run("seal", "--db", filled.url, "--lang", "zh").out
    refused = run("seal", "--db", filled.url, "--algorithm", "sm3")
    assert (refused.code, "sealed with sha256, not with sm3" in refused.err) == (2, True)


def test_a_key_is_private_and_never_overwritten(sealed: Any, run: Any) -> None:
    file = sealed.folder / "key"
    assert file.stat().st_mode & 0o777 == 0o600
    before = file.read_text()
    again = run("checkpoint", "keygen", "example.org/x", "--out", str(file))
    assert (again.code, file.read_text()) == (2, before)
    assert "is there already" in again.err
    made = run("checkpoint", "keygen", "b.example", "--out", str(file) + "2", "--json").document
    assert made["public"].startswith("b.example+")
    assert made["public"] not in (sealed.folder / "key2").read_text()


def test_a_checkpoint_is_printed_or_written(sealed: Any, run: Any) -> None:
    plain = run("checkpoint", "export", "--db", sealed.url, "--origin", "here").out
    assert plain.startswith("here\n")
    told = run("checkpoint", "export", "--db", sealed.url, "--json").document
    assert told["note"].split("\n")[:2] == [told["origin"], str(told["size"])]
    note = (sealed.folder / "note").read_text(encoding="utf-8")
    assert note.split("\n")[0] == "example.org/x"
    assert "\n— example.org/x " in note


def test_nothing_sealed_is_no_checkpoint(filled: Any, run: Any) -> None:
    done = run("checkpoint", "export", "--db", filled.url)
    assert (done.code, done.out) == (2, "")
    assert "nothing is sealed yet" in done.err


def test_only_the_checkpoint_tells_of_a_history_that_was_sealed_anew(sealed: Any, run: Any) -> None:
    note = str(sealed.folder / "note")
    trusting = ("--key", public(sealed.folder))
    assert run("verify", "--db", sealed.url, "--checkpoint", note, *trusting).code == 0
    since = run("verify", "--db", sealed.url, "--since", note, *trusting)
    assert (since.code, since.out) == (0, "What was sealed since then hangs together.\n")
    with sqlite3.connect(sealed.url.removeprefix("sqlite:///")) as connection:
        connection.execute("update history set reason = 'another' where kind = 'fired'")
        for table in ("seals", "seal_tiles", "seal_positions"):
            connection.execute(f"delete from {table}")  # noqa: S608 - our tables
    connection.close()
    assert run("seal", "--db", sealed.url).code == 0
    assert run("verify", "--db", sealed.url).code == 0
    done = run("verify", "--db", sealed.url, "--checkpoint", note, "--json")
    assert (done.code, [flaw["about"] for flaw in done.document["flaws"]]) == (1, ["checkpoint"])
    assert run("verify", "--db", sealed.url, "--since", note).code == 1


@pytest.mark.parametrize(
    ("key", "said"),
    [("no-such-file", "there is no key in"), ("a+b", "this is not an Ed25519 public key")],
)
def test_a_key_that_is_none_is_bad_input(sealed: Any, run: Any, key: str, said: str) -> None:
    note = str(sealed.folder / "note")
    done = run("verify", "--db", sealed.url, "--checkpoint", note, "--key", key)
    assert (done.code, said in done.err) == (2, True)


def test_a_file_that_is_no_checkpoint_is_bad_input(sealed: Any, run: Any) -> None:
    file = sealed.folder / "other"
    file.write_text("hello\n")
    done = run("verify", "--db", sealed.url, "--checkpoint", str(file))
    assert (done.code, "this is not a checkpoint" in done.err) == (2, True)


def test_a_proof_is_checked_without_the_database(sealed: Any, run: Any) -> None:
    file = sealed.folder / "proof"
    under = ("--checkpoint", str(sealed.folder / "note"))
    text = run("proof", "export", "--db", sealed.url, "c1", "1", *under).out
    file.write_text(text, encoding="utf-8")
    assert run("proof", "export", "--db", sealed.url, "c1", "1", *under, "--json").document[
        "proof"
    ] == text  # fmt: skip
    done = run("proof", "check", str(file), "--key", public(sealed.folder))
    assert "that example.org/x has signed for:" in done.out
    told = run("proof", "check", str(file), "--json").document
    assert (told["signed"], told["entry"]["case"], told["entry"]["seq"]) == (False, "c1", 1)
    index = told["position"] - 1
    file.write_text(text.replace(f"index {index}\n", f"index {index + 1}\n"), encoding="utf-8")
    broken = run("proof", "check", str(file))
    assert (broken.code, "does not lead to its checkpoint" in broken.err) == (2, True)
    assert run("proof", "export", "--db", sealed.url, "c1", "99").code == 2


def test_a_growth_is_checked_without_the_database(sealed: Any, run: Any) -> None:
    note, file = sealed.folder / "note", sealed.folder / "growth"
    assert run("tick", "--db", sealed.url, "--on", "2021-03-31").code == 0
    assert run("seal", "--db", sealed.url).code == 0
    asked = ("proof", "growth", "--db", sealed.url, "--since", str(note))
    file.write_text(run(*asked, "--key", str(sealed.folder / "key")).out, encoding="utf-8")
    assert run(*asked, "--json").document["proof"].startswith("old ")
    check = ("proof", "check", str(file), "--since", str(note), "--key", public(sealed.folder))
    assert "that were there before" in run(*check).out
    told = run(*check, "--json").document
    assert told["old"] < told["size"]
    file.write_text("old 1\n\nhere\n", encoding="utf-8")
    assert run(*check).code == 2


def test_the_feed_prints_what_comes_after_a_position(sealed: Any, run: Any) -> None:
    lines = [json.loads(line) for line in run("feed", "--db", sealed.url).out.splitlines()]
    assert [line["position"] for line in lines] == list(range(1, len(lines) + 1))
    rest = run("feed", "--db", sealed.url, "--after", "2", "--format", "cloudevents").out
    events = [json.loads(line) for line in rest.splitlines()]
    assert [event["data"] for event in events] == [line["entry"] for line in lines[2:]]
    assert {event["source"] for event in events} == {"reformflow/sample"}
    named = run("feed", "--db", sealed.url, "--format", "cloudevents", "--source", "urn:x").out
    assert '"source":"urn:x"' in named


def test_a_follower_waits_for_more(sealed: Any, run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []

    def sleep(pause: float) -> None:
        waited.append(pause)
        if len(waited) == 2:
            raise KeyboardInterrupt
        run_on = ("tick", "--db", sealed.url, "--on", "2021-03-31")
        from reformflow.cli import main

        assert main(run_on) == 0
        assert main(("seal", "--db", sealed.url)) == 0

    before = len(run("feed", "--db", sealed.url).out.splitlines())
    monkeypatch.setattr(feed.time, "sleep", sleep)
    done = run("feed", "--db", sealed.url, "--follow")
    assert done.code == 130
    lines = [line for line in done.out.splitlines() if line.startswith('{"entry"')]
    assert len(lines) > before


@pytest.mark.parametrize(("form", "start"), [("xes", "<?xml"), ("ocel", '{"objects":[')])
def test_the_history_is_written_for_other_programs(
    filled: Any, run: Any, form: str, start: str
) -> None:
    file = filled.folder / "log"
    done = run("export", "--db", filled.url, str(file), "--format", form)
    assert (done.code, done.out) == (0, f"Wrote {file}.\n")
    assert file.read_text(encoding="utf-8").startswith(start)
    told = run("export", "--db", filled.url, str(file), "--format", form, "--json").document
    assert told["format_of_file"] == form
    bad = run("export", "--db", filled.url, str(file), "--format", form, "--workflow", "nothing")
    assert (bad.code, "unknown workflow 'nothing'" in bad.err) == (2, True)
    assert file.read_text(encoding="utf-8").startswith(start)  # what was there stays
    assert [path.name for path in file.parent.glob("log*")] == ["log"]
