"""All trials of the Putuo reform in one list, and the hunt for a mutant that none of them notices.

    python -m support.putuo_suite          # from tests/: every mutant; prints those that live on
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path
from typing import Protocol

import attrs

from reformflow.errors import DefinitionError
from support.mutants import Mutant, mutants
from support.putuo import Check, Clauses, Town, shipped
from support.putuo_card import CardTrial, standing_trials
from support.putuo_ledger import LedgerTrial
from support.putuo_tables import act_lines, fact_lines
from support.repository import ROOT

CLAUSE_TESTS = ROOT / "tests" / "clauses"
INVALID = "does not load"


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
        Listed(line, frozenset({line.act, line.workflow, *line.records, *line.may}))
        for line in act_lines()
    ]
    listed += [Listed(line, frozenset({line.fact, line.workflow})) for line in fact_lines()]
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


def shipped_mutants() -> list[Mutant]:
    """Return every mutant of the shipped reform."""
    return list(mutants(shipped()))


# ---------------------------------------------------------------------------------------------


def _about(check: Check) -> frozenset[str]:
    _, act = check.steps()
    named = (*check.given, *check.then)
    given = {key.replace(":", ".").partition(".")[2] for key in named}
    return frozenset({act.name or "record", *given, *(policy for policy, _ in check.choices)})


def _hunt(numbers: Iterable[int]) -> list[tuple[str, str | None]]:
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


def main(report: Path | None = None) -> None:
    """Hunt every mutant with two processes, and write what became of them."""
    total = len(shipped_mutants())
    parts = [range(start, total, 100) for start in range(100)]
    found: list[tuple[str, str | None]] = []
    with ProcessPoolExecutor(2) as pool:
        for part in pool.map(_hunt, parts):
            found += part
            alive = [mutant for mutant, name in part if name is None]
            print(f"{len(found)} of {total}", *alive, sep="\n  ", file=sys.stderr)  # noqa: T201
    counts: dict[str, int] = {}
    for _, name in found:
        counts[_kind(name)] = counts.get(_kind(name), 0) + 1
    print(counts)  # noqa: T201
    for mutant, name in sorted(found, key=lambda item: item[0]):
        if name is None:
            print(mutant)  # noqa: T201
    if report is not None:
        lines = (f"{mutant}\t{name}\n" for mutant, name in found)
        report.write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
