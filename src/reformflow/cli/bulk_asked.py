"""What is asked of many cases on the command line: the options, and the act that they stand for."""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any, Final, TypeVar

import attrs
import click

from reformflow.cli import options
from reformflow.cli.faults import bad_input

if TYPE_CHECKING:
    from reformflow.binding import BoundReform, BoundWorkflow
    from reformflow.casework import Book, Plan
    from reformflow.model import Extend, Fire, Record

_Command = TypeVar("_Command", bound=Callable[..., Any])


@attrs.frozen
class Asked:
    """One act over many cases as it was typed."""

    transition: str
    workflow: str | None
    actor: str
    on: date
    roster: str | None
    where: str
    facts: str
    record: tuple[str, ...]
    extend: date | None
    reason: str | None

    def planned(self, book: Book) -> Plan:
        """Return the plan of it; UsageError for what cannot be read."""
        from reformflow.cli.books import bound_of
        from reformflow.cli.who import actor_of

        bound = bound_of(book)
        flow = bound.workflows[self._workflow(bound)]
        return book.plan(
            self._act(flow),
            workflow=flow.id,
            actor=actor_of(self.actor, self.roster, bound),
            on=self.on,
            where=self.where,
            reason=self.reason,
        )

    def _workflow(self, bound: BoundReform) -> str:
        """Return the workflow that is meant: the one named, or the only one it can be."""
        from reformflow.errors import nearest

        if self.workflow is not None:
            if self.workflow not in bound.workflows:
                hint = nearest(self.workflow, bound.workflows)
                bad_input(f"unknown workflow {self.workflow!r}", hint)
            return self.workflow
        flows = bound.workflows.values()
        if self.transition:
            meant = [flow.id for flow in flows if self.transition in flow.transitions]
            if not meant:
                known = [name for flow in flows for name in flow.transitions]
                hint = nearest(self.transition, known)
                bad_input(f"unknown transition {self.transition!r}", hint)
        else:
            meant = [flow.id for flow in flows]
        if len(meant) > 1:
            bad_input(f"--workflow is missing: it may be {', '.join(meant)}", "name one")
        return meant[0]

    def _act(self, flow: BoundWorkflow) -> Fire | Record | Extend:
        from reformflow.model import Extend, Fire, Record
        from reformflow.sheets.actions import read_act
        from reformflow.sheets.assignments import read_assignments
        from reformflow.sheets.cells import CellError

        action, texts = self._action()
        try:
            act, problems = read_act(flow, action, self.transition, read_assignments(texts))
        except CellError as error:
            bad_input(error.message, error.hint)
        if isinstance(act, Fire | Record | Extend):
            return act
        return bad_input(problems[0][1].message, problems[0][1].hint)

    def _action(self) -> tuple[str, str]:
        """Return what is done and its facts, as a ledger has them."""
        if self.record:
            if self.transition or self.extend or self.facts:
                message = "--record stands alone, without TRANSITION, --extend and --facts"
                bad_input(message, "--facts are recorded together with a transition")
            return "record", "; ".join(self.record)
        if not self.transition:
            bad_input("nothing is asked", "give a TRANSITION, or facts with --record")
        if self.extend is None:
            return "fire", self.facts
        if self.facts:
            bad_input("--extend takes no --facts", "record them by a run of their own")
        return "extend", f"until={self.extend}"


_TRANSITION: Final = click.argument("transition", default="")
_OPTIONS: Final = (
    click.option(
        "--workflow", metavar="ID", help="Whose cases; needed if several come into question."
    ),
    options.acting,
    options.the_day,
    options.of_roster,
    click.option(
        "--where", default="", metavar="EXPR", help='Only cases for which it is true: "area <= 4".'
    ),
    click.option("--facts", default="", help='Facts of the act: "a=1; b=2021-02-08".'),
    click.option(
        "--record", multiple=True, metavar="FACT=VALUE", help="Record facts; may be repeated."
    ),
    click.option(
        "--extend", type=options.Day(), metavar="UNTIL", help="Extend the transition's date."
    ),
    click.option("--reason", help="The stated reason."),
)


def asking(command: _Command) -> Callable[..., Any]:
    """Add the options of an act over many cases; the command gets them as `asked`."""
    names = [field.name for field in attrs.fields(Asked)]

    @functools.wraps(command)
    def collected(**given: Any) -> Any:  # noqa: ANN401 - whatever the command takes and returns
        asked = Asked(**{name: given.pop(name) for name in names})
        return command(asked=asked, **given)

    wrapped: Callable[..., Any] = collected
    for option in reversed((_TRANSITION, *_OPTIONS)):
        wrapped = option(wrapped)
    return wrapped
