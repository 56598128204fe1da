"""What can be read off the Putuo reform without acting on a case: its card, and its board.

The card lists document, roles, policies, states, and for every clause how it stands and what cites
it; the board says which deadlines stand over a department, until when, and who answers. Both are
compared with text files beside the clause tests, which are changed only on purpose.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import attrs

from reformflow.binding import bind
from reformflow.model import PolicySetting, Reform
from reformflow.words.citations import citations
from support.putuo import Town
from support.putuo_path import STEPS, day
from support.repository import ROOT

CARD = ROOT / "tests" / "clauses" / "putuo_card.txt"
BOARD = ROOT / "tests" / "clauses" / "putuo_board.txt"


def card(reform: Reform) -> Iterator[str]:
    """Yield the lines of a reform's card."""
    document, start = reform.document, reform.effective_from
    effective = f"policy.{start.policy}" if isinstance(start, PolicySetting) else start
    yield f"document {document.number} adopted {document.adopted_on} issued {document.issued_on}"
    yield f"effective {effective} zone {reform.time_zone} calendar {reform.calendar.name}"
    for role in reform.roles:
        yield f"role {role.id} {role.scope} {'、'.join(role.aliases)}".strip()
    for policy in reform.policies:
        options = " ".join(f"{option.name}={option.value}" for option in policy.options)
        yield f"policy {policy.id} {policy.interprets} {policy.default} of {options}"
    for flow in reform.workflows:
        for track in flow.tracks:
            for state in track.states:
                marks = [state.stage or "", "final" if state.final else ""]
                marks.append("initial" if state.id == track.initial else "")
                yield " ".join(filter(None, ["state", flow.id, track.id, state.id, *marks]))
    for id, places in citations(bind(reform)).items():  # noqa: A001
        clause = next(clause for clause in reform.clauses if clause.id == id)
        enforcing = " ".join(f"{place}" for place in places if place.enforces)
        mentions = " ".join(f"({place})" for place in places if not place.enforces)
        yield f"clause {id} {clause.standing} {clause.modality}: {enforcing} {mentions}".strip()


@attrs.frozen
class CardTrial:
    """The card of a reform is as it was written down."""

    name: str = "the card"

    def run(self, town: Town) -> None:
        """Compare the card with the file."""
        assert list(card(town.reform)) == _read(CARD)


@attrs.frozen
class StandingTrial:
    """The deadlines that stand just before an act of the way are as they were written down."""

    step: str
    expected: str

    @property
    def name(self) -> str:
        """What it is called in a report."""
        return f"the board before {self.step}"

    def run(self, town: Town) -> None:
        """Compare the board with the line of the file."""
        assert board(town, self.step) == self.expected, self.name


def board(town: Town, step: str) -> str:
    """Write the deadlines that stand before an act: their day, and who answers."""
    case = STEPS[step].case
    moment = town.before(step)
    if not moment.exists(case):
        return ""
    found = town.engine().standing(moment, case, day(STEPS[step].on))
    return "; ".join(f"{item.transition} {item.due} {item.answerable}" for item in found)


def standing_trials() -> tuple[StandingTrial, ...]:
    """Read the trials of the board."""
    return tuple(
        StandingTrial(step, expected)
        for step, _, expected in (line.partition(": ") for line in _read(BOARD))
    )


def _read(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()
