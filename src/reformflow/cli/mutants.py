"""`reformflow mutants`: what a set of properties would notice, and what it would not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reformflow.cli import options
from reformflow.cli.faults import FINDINGS, FINE, reporting

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reformflow.model import Reform
    from reformflow.testing.mutants import Fate


@click.command("mutants")
@options.reform_path
@click.option("--properties", metavar="PATH", help="A file or folder of them, else the reform's.")
@click.option("--about", metavar="TEXT", help="Only mutants whose names hold this.")
@click.option("--most", type=click.IntRange(1), help="At most so many, spread over all.")
@click.option("--walks", default=20, show_default=True, type=click.IntRange(1), help="For each.")
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1), help="Processes.")
@click.option("--state", metavar="FILE", help="Keep what is done, and go on from there.")
@options.speaking
@reporting
def command(  # noqa: PLR0913 - one argument for each option
    *,
    path: str,
    properties: str | None,
    about: str | None,
    most: int | None,
    walks: int,
    workers: int,
    state: str | None,
    lang: str,
    as_json: bool,
) -> int:
    """Change a reform in one thing after the other, and see which changes its properties notice.

    The ledgers in its folder `examples` notice a change if a line is answered otherwise. What
    neither notices lives on: either the change makes no difference, or nothing is said yet about
    what it changes.
    """
    from functools import partial

    from reformflow.binding import bind
    from reformflow.cli.display import progress
    from reformflow.cli.documents import emit
    from reformflow.cli.prove import properties_of
    from reformflow.cli.texts import tell
    from reformflow.cli.workers import workers as processes
    from reformflow.errors import RequestError
    from reformflow.formats import folder_of, load, places
    from reformflow.testing.examples import examples
    from reformflow.testing.mutants import hunt
    from reformflow.testing.properties import PropertyBroken

    reform = load(path)
    asked = [placed.property for placed in properties_of(path, properties, bind(reform))]
    kept = Path(state) if state is not None else None
    done = {} if kept is None else _read(kept)
    chosen = _chosen(reform, about, most)
    left = [name for name in chosen if name not in done]
    known = examples(folder_of(path), reform)
    begun = partial(hunt, reform, asked, examples=known, chosen=left, walks=walks)
    with processes(workers) as executor, progress(len(left), tell("hunting", lang)) as advance:
        try:
            for fate in advance(_kept(begun(executor=executor), kept)):
                done[fate.name] = fate
        except PropertyBroken as error:
            hint = "mend one of the two first; `reformflow prove` or pytest show how it is broken"
            raise RequestError(f"already of the reform as it is, {error.breach}", hint) from None
    place = places(path)
    fates = [done[name] for name in chosen]
    alive = [fate for fate in fates if fate.lives]
    counts = _counts(fates)
    if as_json:
        living = [
            {"mutant": f.name, "file": place(f.path).file, "line": place(f.path).line}
            for f in alive
        ]
        emit("mutants", {"reform": reform.id, **counts, "alive": living})
    else:
        for fate in alive:
            click.echo(f"{place(fate.path)}: {fate.name}")
        click.echo(tell("hunted", lang, **counts, alive=len(alive)))
    return FINDINGS if alive else FINE


# ---------------------------------------------------------------------------------------------


def _chosen(reform: Reform, about: str | None, most: int | None) -> list[str]:
    """Return the names of the mutants that were asked for, in the order of the files."""
    from reformflow.testing.mutants import mutants

    names = [
        one.name
        for one in mutants(reform)
        if (about is None or about in one.name) and not one.cites
    ]
    if most is None or len(names) <= most:
        return names
    return [names[number * len(names) // most] for number in range(most)]


def _counts(fates: Sequence[Fate]) -> dict[str, int]:
    """Return how many mutants there were, how many were noticed, and by what."""
    from reformflow.testing.mutants.hunting import EXAMPLES, INVALID

    killers = [fate.killed_by for fate in fates if not fate.lives]
    invalid, examples = killers.count(INVALID), killers.count(EXAMPLES)
    return {
        "mutants": len(fates),
        "killed": len(killers),
        "by_properties": len(killers) - invalid - examples,
        "by_examples": examples,
        "invalid": invalid,
    }


def _read(file: Path) -> dict[str, Fate]:
    from reformflow.testing.mutants import Fate

    if not file.exists():
        return {}
    lines = file.read_text("utf-8").splitlines()
    fates = [Fate(**json.loads(line)) for line in lines if line.endswith("}")]
    return {fate.name: fate for fate in fates}


def _kept(fates: Iterator[Fate], file: Path | None) -> Iterator[Fate]:
    """Yield fates, each once it is written down."""
    import attrs

    for fate in fates:
        if file is not None:
            with file.open("a", encoding="utf-8") as stream:
                stream.write(json.dumps(attrs.asdict(fate), ensure_ascii=False) + "\n")
        yield fate
