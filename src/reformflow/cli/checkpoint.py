"""`reformflow checkpoint`: what the history has come to, in a small file that is kept elsewhere."""

from __future__ import annotations

import os
from pathlib import Path

import click

from reformflow.cli import options
from reformflow.cli.faults import FINE, bad_input, reporting


@click.group("checkpoint")
def command() -> None:
    """Write down what the sealed history has come to, and make the keys to sign that."""


@command.command("export", short_help="Write a checkpoint.")
@options.database
@options.signing
@click.option("--origin", default="", metavar="NAME", help="The name of this history.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE")
@options.speaking
@reporting
def export(
    *, url: str, key: str | None, origin: str, out: Path | None, lang: str, as_json: bool
) -> int:
    """Print a checkpoint, or write it into FILE: a signed note if there is a key.

    Keep it where nobody who can write to the database can change it.
    """
    from reformflow.cli.books import open_book
    from reformflow.cli.documents import emit
    from reformflow.cli.texts import tell
    from reformflow.evidence import Checkpoint

    with open_book(url) as book:
        note = book.checkpoint(key, origin=origin)
    read = Checkpoint.read(note)
    if out is not None:
        out.write_text(note, encoding="utf-8", newline="\n")
    if as_json:
        told = {"origin": read.origin, "size": read.size, "algorithm": read.algorithm}
        emit("checkpoint export", {**told, "root": read.root.hex(), "note": note})
    elif out is not None:
        click.echo(tell("exported", lang, size=read.size, file=out))
    else:
        click.echo(note, nl=False)
    return FINE


@command.command("keygen", short_help="Make a key.")
@click.argument("name")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    metavar="FILE",
    help="Where the private key is written; nobody else may read it.",
)
@options.speaking
@reporting
def keygen(*, name: str, out: Path, lang: str, as_json: bool) -> int:
    """Make an Ed25519 key called NAME: the private one into FILE, the public one on the screen.

    A name is unique if it begins with a domain of yours, such as example.org/reforms.
    """
    from reformflow.cli.documents import emit
    from reformflow.cli.texts import tell
    from reformflow.evidence import PrivateKey

    key = PrivateKey.new(name)
    public = str(key.public)
    try:
        with os.fdopen(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(f"{key.secret()}\n")
    except FileExistsError:
        bad_input(f"{out} is there already", "a key is never overwritten: name another file")
    if as_json:
        emit("checkpoint keygen", {"name": name, "public": public, "file": str(out)})
    else:
        click.echo(tell("key_made", lang, file=out))
        click.echo(public)
    return FINE
