"""What a decision looks at: a case, its kin, and the day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from reformflow.engine.program import Plan, Program
from reformflow.language.compile import Compiled
from reformflow.language.meaning import NOTHING, Columns, View, evaluate
from reformflow.model import Case, Cases, Expression, Value


class _Later(Mapping[str, Value]):
    """The columns of a parent, fetched only when an expression asks for one."""

    def __init__(self, cases: Cases, parent: str | None) -> None:
        self._cases = cases
        self._id = parent
        self._columns: Columns | None = None

    def _fetched(self) -> Columns:
        if self._columns is None:
            self._columns = NOTHING if self._id is None else self._cases.case(self._id).values
        return self._columns

    def __getitem__(self, key: str) -> Value:
        return self._fetched()[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._fetched())

    def __len__(self) -> int:
        return len(self._fetched())


class Scene:
    """A case with given column values, seen on one day, and its kin as they are now."""

    def __init__(
        self, program: Program, cases: Cases, case: Case, values: Columns, today: date
    ) -> None:
        """Look at `case` as if its columns held `values`."""
        self.plan: Plan = program.plan(case.workflow)
        self.case = case
        self.values = values
        self.today = today
        self._cases = cases
        self._parent = _Later(cases, case.parent)

    def children(self, relation: str) -> Sequence[Columns]:
        """Return the columns of the children of one relation."""
        workflow = self.plan.flow.relations[relation].workflow
        return [child.values for child in self._cases.children(self.case.id, workflow)]

    def true(self, test: Compiled) -> bool:
        """Say whether a compiled expression is true."""
        return test.true(self.values, self._parent, self.today, self.children)

    def false(self, test: Compiled) -> bool:
        """Say whether a compiled expression is false; unknown is neither."""
        return test.false(self.values, self._parent, self.today, self.children)

    def value(self, expression: Expression) -> Value:
        """Return the value of an expression."""
        view = View(self.values, self.today, self._parent, self.children)
        return evaluate(expression, view)
