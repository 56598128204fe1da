"""The order of variables in which decision diagrams stay small: what belongs together, together.

Around each track stand the facts that its transitions write; tracks that read each other are
neighbours. A bad order can cost a hundred times as much as a good one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from reformflow.checks.reach.formulas import variables_of
from reformflow.checks.reach.system import Command, Variable

_WRITTEN = 100
"""How much more it counts that a transition writes a fact than that it reads one."""


def neighbours_together(
    variables: Sequence[Variable], commands: Iterable[Command], centres: Collection[str]
) -> tuple[Variable, ...]:
    """Return the variables around the centres whose commands have most to do with them."""
    bonds: Counter[tuple[str, str]] = Counter()
    for command in commands:
        written = _written(command)
        for centre in variables_of(command.before) & set(centres):
            bonds.update({(name, centre): _WRITTEN for name in written})
            bonds.update((name, centre) for name in _read(command))
    groups: dict[str, list[Variable]] = {v.name: [v] for v in variables if v.name in centres}
    places = {name: place for place, name in enumerate(groups)}
    for variable in variables:
        if variable.name not in groups:
            nearest = max(groups, key=lambda name: (bonds[variable.name, name], -places[name]))
            groups[nearest].append(variable)
    return tuple(variable for group in _chained(groups, bonds) for variable in group)


# ---------------------------------------------------------------------------------------------


def _written(command: Command) -> set[str]:
    outcomes = {name for outcome in command.outcomes for name, _ in outcome.writes}
    return outcomes | {free.variable for free in command.frees}


def _read(command: Command) -> frozenset[str]:
    needs = (need.holds for need in command.needs)
    ends = (outcome.when for outcome in command.outcomes)
    return frozenset().union(*map(variables_of, (command.before, *needs, *ends)))


def _chained(
    groups: dict[str, list[Variable]], bonds: Counter[tuple[str, str]]
) -> list[list[Variable]]:
    """Return the groups in a row, each followed by the one it has most to do with."""

    def bond(one: str, other: str) -> int:
        mine = sum(bonds[variable.name, other] for variable in groups[one])
        return mine + sum(bonds[variable.name, one] for variable in groups[other])

    left = list(groups)
    row: list[str] = []
    while left:
        last = row[-1] if row else None
        chosen = left[0] if last is None else max(left, key=lambda name: bond(name, last))
        left.remove(chosen)
        row.append(chosen)
    return [groups[name] for name in row]
