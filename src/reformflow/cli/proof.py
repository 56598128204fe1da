"""`reformflow proof`: that one entry is in the history, as one text that needs no database."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from reformflow.cli import options
from reformflow.cli.faults import FINE, reporting

_FILE: Final = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group("proof")
def command() -> None:
    """Prove that an entry is in the sealed history; check such a proof."""


@command.command("export", short_help="Write the proof of an entry.")
@options.database
@click.argument("case")
@click.argument("entry", type=click.IntRange(1))
@click.option(
    "--checkpoint",
    type=_FILE,
    metavar="FILE",
    help="Prove it under this checkpoint.  [default: a new one]",
)
@options.signing
@options.speaking
@reporting
def export(  # noqa: PLR0913 - one argument for each option
    *,
    url: str,
    case: str,
    entry: int,
    checkpoint: Path | None,
    key: str | None,
    lang: str,  # noqa: ARG001 - the proof is for programs
    as_json: bool,
) -> int:
    """Print the proof that entry number ENTRY of CASE is in the sealed history."""
    from reformflow.cli.books import open_book
    from reformflow.cli.documents import emit

    under = None if checkpoint is None else checkpoint.read_text(encoding="utf-8")
    with open_book(url) as book:
        proof = book.prove(case, entry, checkpoint=under, key=key)
    if as_json:
        emit("proof export", {"case": case, "entry": entry, "proof": proof})
    else:
        click.echo(proof, nl=False)
    return FINE


@command.command("growth", short_help="Write the proof that the history has only grown.")
@options.database
@click.option("--since", type=_FILE, required=True, metavar="FILE", help="The older checkpoint.")
@options.signing
@options.speaking
@reporting
def growth(
    *,
    url: str,
    since: Path,
    key: str | None,
    lang: str,  # noqa: ARG001 - the proof is for programs
    as_json: bool,
) -> int:
    """Print the proof that a new checkpoint's history begins with that of an older one."""
    from reformflow.cli.books import open_book
    from reformflow.cli.documents import emit

    with open_book(url) as book:
        proof = book.prove_growth(since.read_text(encoding="utf-8"), key=key)
    if as_json:
        emit("proof growth", {"proof": proof})
    else:
        click.echo(proof, nl=False)
    return FINE


@command.command("check", short_help="Check a proof; needs no database.")
@click.argument("file", type=_FILE)
@click.option("--since", type=_FILE, metavar="FILE", help="The older checkpoint, of a growth.")
@options.trusting
@options.speaking
@reporting
def check(*, file: Path, since: Path | None, key: str | None, lang: str, as_json: bool) -> int:
    """Check the proof in FILE, and show the entry that it proves.

    With --since it is the proof that a history has only grown since that checkpoint.
    """
    from reformflow.cli.documents import emit
    from reformflow.cli.texts import tell
    from reformflow.evidence import Checkpoint, PublicKey, check_growth, check_proof

    public = None if key is None else PublicKey.read(key)
    if since is not None:
        old = Checkpoint.read(since.read_text(encoding="utf-8"), public)
        new = check_growth(file.read_text(encoding="utf-8"), old, public)
        grown = {"origin": new.origin, "old": old.size, "size": new.size}
        if as_json:
            emit("proof check", {**grown, "signed": key is not None})
        else:
            click.echo(tell("grown", lang, **grown))
        return FINE
    proof = check_proof(file.read_text(encoding="utf-8"), public)
    found = Checkpoint.read(proof.note)
    told = {"origin": found.origin, "size": found.size, "position": proof.index + 1}
    if as_json:
        emit("proof check", {**told, "signed": key is not None, "entry": proof.entry})
    else:
        click.echo(tell("proven" if key else "proven_unsigned", lang, **told))
        click.echo(proof.text)
    return FINE
