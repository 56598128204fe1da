"""One by one: an SQLAlchemy model for the cases, a machine of `transitions`, a loop.

What a program does that has both libraries and nothing for many cases at once: load a case, fire,
save it with its entry. Where there is a choice it is the quicker one: one shared machine without
auto-transitions, one condition, rows loaded by primary key. It commits case by case, as whoever
fires one by one does, or some cases together, which risks to lose them together.
"""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, registry
from transitions import Machine

from contenders.harbour import DAY, DUE, RUN, Task
from measuring.databases import Database

# Rows are classes made at run time, and the stubs of `transitions` type a model as object.
Row = Any
Condition = Callable[[Row, Session], bool]


class OneByOne:
    """The models and the machine for one transition in one database."""

    def __init__(
        self, database: Database, task: Task, definition: str, *, together: int = 1
    ) -> None:
        """Map the tables and build the machine; loading, firing and saving is what is timed."""
        self._engine = database.engine()
        self._together = together
        self._task = task
        self._definition = definition
        self._case = _mapped(self._engine, f"{database.prefix}{task.workflow}")
        self._entry = _mapped(self._engine, f"{database.prefix}history")
        self._berth = _mapped(self._engine, f"{database.prefix}berth")
        self._changes = json.dumps(task.changes)
        machine = Machine(
            model=None,
            states=["draft", "applied", "planned", "open"],
            initial="draft",
            auto_transitions=False,
            send_event=True,
            model_attribute="progress_state",
        )
        machine.add_transition(
            task.transition,
            task.before,
            task.after,
            conditions=self._permit if task.workflow == "permit" else self._pier,
            after=self._keep,
        )
        self._trigger = machine.events[task.transition].trigger

    def fire(self, cases: int) -> int:
        """Fire the transition for the first so many cases; answer for how many it was possible."""
        fired = 0
        with Session(self._engine) as session:
            ids = session.scalars(sa.select(self._case.id).order_by(self._case.id).limit(cases))
            for number, id_ in enumerate(ids.all(), 1):
                case = session.get_one(self._case, id_)
                fired += self._trigger(case, session=session)
                session.flush()
                if number % self._together == 0:
                    session.commit()
            session.commit()
        self._engine.dispose()
        return fired

    def _permit(self, event: Row) -> bool:
        case = event.model
        return bool(
            case.progress_last <= DAY <= case.apply_due
            and case.length <= 24
            and case.beam <= 7
            and case.insured_until >= DAY
            and case.built_on <= DAY
            and (case.fee_paid or case.kind == "barge")
        )

    def _pier(self, event: Row) -> bool:
        case, session = event.model, event.kwargs["session"]
        mine = sa.select(self._berth).where(self._berth.parent == case.id)
        berths = session.scalars(mine).all()
        return bool(
            case.progress_last <= DAY
            and all(one.progress_state == "built" for one in berths if one.in_use)
            and sum(one.kind == "motor" for one in berths) <= 2
        )

    def _keep(self, event: Row) -> None:
        """Write the entry of a transition that has just fired, and what else it changes."""
        case, task = event.model, self._task
        case.progress_since = case.progress_last = DAY
        case.progress_due = DUE
        setattr(case, f"{task.transition}_on", DAY)
        setattr(case, task.due.replace(".", "_"), DUE)
        case.revision += 1
        case.definition = self._definition
        entry = self._entry()
        entry.case_id, entry.seq = case.id, case.revision
        entry.workflow, entry.kind, entry.name = task.workflow, "fired", task.transition
        entry.actor, entry.happened_on = task.actor.id, DAY
        entry.recorded_at = datetime.now(UTC).replace(tzinfo=None)
        entry.changes, entry.definition = self._changes, self._definition
        entry.request_key = RUN
        event.kwargs["session"].add(entry)


# ---------------------------------------------------------------------------------------------


def _mapped(engine: sa.Engine, table: str) -> Row:
    """Return a model of a table that is there."""
    model, found = type(table, (), {}), sa.Table(table, sa.MetaData(), autoload_with=engine)
    hidden = [column.name for column in found.c if column.computed is not None]
    registry().map_imperatively(model, found, exclude_properties=hidden)
    return model
