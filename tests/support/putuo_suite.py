"""All trials of the Putuo reform in one list, and the hunt for a mutant that none of them notices.

python -m support.putuo_suite          # from tests/: every mutant; says which live on
"""

from __future__ import annotations

import importlib.util
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path
from typing import Protocol

import attrs

from reformflow.errors import DefinitionError
from reformflow.testing.mutants.making import Mutant, mutants
from support.putuo import Check, Clauses, Town, shipped
from support.putuo_card import CardTrial, standing_trials
from support.putuo_ledger import LedgerTrial
from support.putuo_tables import act_lines, fact_lines
from support.repository import ROOT

CLAUSE_TESTS = ROOT / "tests" / "clauses"
SURVIVORS = CLAUSE_TESTS / "survivors.md"
INVALID = "does not load"

Found = tuple[str, str | None]
"""The name of a mutant, and of the trial that noticed it."""


class Trial(Protocol):
    """Something that a value of the reform must stand up to."""

    @property
    def name(self) -> str:
        """What it is called in a report."""

    def run(self, town: Town) -> None:
        """Run it; AssertionError if the reform does not stand up to it."""


@attrs.frozen
class Listed:
    """A trial, the ids it is about, and those that the trials beside it are about."""

    trial: Trial
    about: frozenset[str]
    beside: frozenset[str] = frozenset()

    def place(self, mutant: Mutant) -> tuple[int, bool, int]:
        """Return where to try it: likely ones first, slow ones (other policy options) later."""
        near = 3 * len(self.about & mutant.about) + len(self.beside & mutant.about)
        choices = bool(getattr(self.trial, "choices", ()))
        match self.trial:
            case LedgerTrial():
                return (4, True, 0)
            case CardTrial():
                return (1, False, 0)
            case _ if near:
                return (2 if choices else 0, choices, -near)
            case _:
                return (3, choices, 0)


def clause_classes() -> Iterator[type[Clauses]]:
    """Yield the classes of the clause tests."""
    for path in sorted(CLAUSE_TESTS.glob("test_putuo_*.py")):
        spec = importlib.util.spec_from_file_location(f"clauses_{path.stem}", path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        for item in vars(module).values():
            if isinstance(item, type) and issubclass(item, Clauses) and item is not Clauses:
                yield item


@cache
def suite() -> tuple[Listed, ...]:
    """Return every trial, the quick ones first."""
    listed = [
        Listed(line, frozenset({line.act, *line.records, *line.may}), frozenset({line.workflow}))
        for line in act_lines()
    ]
    listed += [
        Listed(line, frozenset({line.fact}), frozenset({line.workflow})) for line in fact_lines()
    ]
    for group in clause_classes():
        beside = frozenset(policy for check in group.checks for policy, _ in check.choices)
        listed += [Listed(check, _about(check), beside) for check in group.checks]
    listed += [Listed(trial, frozenset({"department", "due"})) for trial in standing_trials()]
    return (*listed, Listed(CardTrial(), frozenset()), Listed(LedgerTrial(), frozenset()))


def killer(mutant: Mutant) -> str | None:
    """Return the name of a trial that notices a mutant, None if there is none."""
    town = Town(mutant.reform)
    try:
        town.engine()
    except DefinitionError:
        return INVALID
    for listed in sorted(suite(), key=lambda item: item.place(mutant)):
        try:
            listed.trial.run(town)
        except Exception:  # noqa: BLE001 - a trial may fail in any way
            return listed.trial.name
    return None


def explained() -> frozenset[str]:
    """Return the mutants that are known to make no difference, and written down with the reason."""
    lines = SURVIVORS.read_text(encoding="utf-8").splitlines()
    return frozenset(line.split("`")[1] for line in lines if line.startswith("- `"))


def summary(found: Sequence[Found], known: frozenset[str]) -> Iterator[str]:
    """Yield what became of a hunt: how many were noticed by what, which ones live on, the sum."""
    counts = Counter(_kind(name) for _, name in found)
    yield from (f"{kind}: {number}" for kind, number in counts.most_common())
    alive = sorted(mutant for mutant, name in found if name is None)
    missed = [mutant for mutant in alive if mutant not in known]
    yield from (f"a test is missing: {mutant}" for mutant in missed)
    killed = len(found) - len(alive)
    yield (
        f"tried {len(found)}, killed {killed}, survived {len(alive)}: "
        f"{len(alive) - len(missed)} with a reason, {len(missed)} without"
    )


def shipped_mutants() -> list[Mutant]:
    """Return every mutant of the shipped reform."""
    return list(mutants(shipped()))


# ---------------------------------------------------------------------------------------------


def _about(check: Check) -> frozenset[str]:
    _, act = check.steps()
    named = (*check.given, *check.then)
    given = {key.replace(":", ".").partition(".")[2] for key in named}
    return frozenset({act.name or "record", *given, *(policy for policy, _ in check.choices)})


def _hunt(numbers: Iterable[int]) -> list[Found]:
    every = shipped_mutants()
    return [(every[number].name, killer(every[number])) for number in numbers]


def _kind(name: str | None) -> str:
    match name:
        case None:
            return "lives on"
        case "does not load" | "the card" | "the example ledger":
            return name
        case _ if name.startswith("the board"):
            return "the board"
        case _ if name.startswith("table of"):
            return "tables"
        case _:
            return "clause tests"


def main(report: Path | None = None) -> int:
    """Hunt every mutant with two processes, and say what became of them; 1 if a test is missing."""
    total = len(shipped_mutants())
    parts = [range(start, total, 100) for start in range(100)]
    found: list[Found] = []
    with ProcessPoolExecutor(2) as pool:
        for part in pool.map(_hunt, parts):
            found += part
            alive = [mutant for mutant, name in part if name is None]
            print(f"{len(found)} of {total}", *alive, sep="\n  ", file=sys.stderr)  # noqa: T201
    print(*summary(found, explained()), sep="\n")  # noqa: T201
    if report is not None:
        lines = (f"{mutant}\t{name}\n" for mutant, name in found)
        report.write_text("".join(lines), encoding="utf-8")
    return int(any(name is None and mutant not in explained() for mutant, name in found))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else None))
