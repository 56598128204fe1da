"""Binding date specifications: anchors, amounts, policies, and the expressions about them."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import TypeVar

from reformflow.binding.bound import BoundWhen, Column, Computed
from reformflow.binding.columns import OPENED_ON
from reformflow.binding.faults import Faults
from reformflow.binding.typist import Typist
from reformflow.language.folding import FALSE, TRUE
from reformflow.language.parse import ExpressionError
from reformflow.language.reading import columns_read, reads_only_itself
from reformflow.model import (
    PARENT,
    Boundary,
    Expression,
    FactType,
    PolicySetting,
    Roll,
    Scalar,
    Setting,
    Unit,
    When,
)

_Choice = TypeVar("_Choice", bound=StrEnum)


class DateBinder:
    """Binds dates and single expressions of one workflow, noting problems by path."""

    def __init__(self, typist: Typist, faults: Faults, effective_on: date | None) -> None:
        """Bind with the names that `typist` knows."""
        self._typist = typist
        self._faults = faults
        self._effective_on = effective_on

    def guard(self, path: str, expression: Expression) -> Expression:
        """Bind a rule's expression; a broken one is noted and read as never true."""
        try:
            return self._typist.guard(expression)
        except ExpressionError as error:
            self._faults.expression(path, error)
            return FALSE

    def assignment(
        self, path: str, expression: Expression, column: Column, *, by_itself: bool = False
    ) -> Expression:
        """Bind an expression whose value goes into `column`, also when nobody acts."""
        bind = self._typist.computation if by_itself else self._typist.assignment
        try:
            return bind(expression, column)
        except ExpressionError as error:
            self._faults.expression(path, error)
            return FALSE

    def enabled(self, path: str, expression: Expression | None) -> bool:
        """Work out an expression over policies only."""
        if expression is None:
            return True
        bound = self.guard(path, expression)
        if bound not in (TRUE, FALSE):
            message = "`enabled` reads policies only"
            self._faults.add(path, "enabled", message, "use a rule for what depends on a case")
        return bound != FALSE

    def setting(self, path: str, setting: Setting) -> Scalar | None:
        """Return the value of a setting, or None if its policy does not exist."""
        if not isinstance(setting, PolicySetting):
            return setting
        policies = self._typist.policies
        if self._faults.known(path, "policy", setting.policy, policies):
            return policies[setting.policy].value
        return None

    def option(self, path: str, setting: Setting, options: type[_Choice]) -> _Choice:
        """Return a setting that has to be one of the options; the first if it is not."""
        names = [str(option) for option in options]
        if isinstance(setting, PolicySetting):
            policy = self._typist.policies.get(setting.policy)
            for option in policy.options if policy else ():
                self._faults.known(path, "option", str(option.value), names)
        value = self.setting(path, setting)
        if value is None or not self._faults.known(path, "option", str(value), names):
            return next(iter(options))
        return options(str(value))

    def computed(self, column: str, path: str, dates: tuple[When, ...]) -> Computed | None:
        """Bind the specifications of a computed date column."""
        if not dates:
            self._faults.add(path, "missing", "a date is computed from something")
            return None
        for index, when in enumerate(dates[:-1]):
            if when.when is None:
                message = "only the last date may stand without a condition"
                hint = (
                    "give it a `when` (for example that its anchor `is not None`), or put it last"
                )
                self._faults.add(f"{path}[{index}]", "branch", message, hint)
        bound = [
            item
            for index, when in enumerate(dates)
            if (item := self._when(path if len(dates) == 1 else f"{path}[{index}]", when))
        ]
        sources = {item.anchor for item in bound if item.anchor is not None}
        for item in bound:
            if item.when is not None:
                sources |= {name.column for name in columns_read(item.when)}
        return Computed(column, frozenset(sources), dates=tuple(bound))

    def computed_value(self, column: Column, path: str, expression: Expression) -> Computed | None:
        """Bind the expression of a computed column that is no date specification."""
        bound = self.assignment(path, expression, column)
        self._itself(path, bound)
        sources = frozenset(name.column for name in columns_read(bound))
        return Computed(column.name, sources, expression=bound)

    def step(self, path: str, when: When) -> BoundWhen | None:
        """Bind the step of a duty or an extension, which has no anchor of its own."""
        amount = self._amount(path, when)
        if when.unit is Unit.ON or (when.unit is not Unit.NEXT and amount < 1):
            message = "a duty or an extension moves on by at least one day"
            self._faults.add(path, "step", message, "write {days: 30} or {next: [12-31]}")
            return None
        if when.when is not None:
            message = "a step is the same for every case, so it has no `when`"
            self._faults.add(f"{path}.when", "step", message, "take it out")
        return self._bound(path, when, amount=amount, anchor=None, day=None)

    def _itself(self, path: str, expression: Expression) -> None:
        if not reads_only_itself(expression):
            message = "a computed column reads facts and progress of its own case only"
            hint = "ask about today, the parent or children in a rule instead"
            self._faults.add(path, "computed", message, hint)

    def _when(self, path: str, when: When) -> BoundWhen | None:
        if when.unit is Unit.ON:
            day = self.setting(f"{path}.on", when.on) if when.on is not None else ""
            if day is not None and not isinstance(day, date):
                self._faults.add(f"{path}.on", "type", "this is not a date")
            if not isinstance(day, date):
                return None
            return self._bound(path, when, amount=0, anchor=None, day=day)
        if when.anchor == "effective":
            if self._effective_on is None:
                message = "the reform does not say when it takes effect"
                self._faults.add(f"{path}.after", "missing", message, "give effective_from")
                return None
            anchor, day = None, self._effective_on
        else:
            anchor, day = self._anchor(path, when.anchor), None
            if anchor is None:
                return None
        return self._bound(path, when, amount=self._amount(path, when), anchor=anchor, day=day)

    def _anchor(self, path: str, written: str) -> str | None:
        columns = self._typist.own.columns
        resolved = self._typist.own.resolve(written)
        candidates = [resolved, f"{written}.on"]
        if written == "opened":
            candidates = [OPENED_ON]
        for candidate in candidates:
            if candidate in columns and columns[candidate].type is FactType.DATE:
                self._typist.seen(self._typist.own.workflow, candidate)
                return candidate
        known = [
            name.removesuffix(".on")
            for name, column in columns.items()
            if column.type is FactType.DATE
        ]
        hint = self._no_anchor(written)
        if hint:
            message = f"no day can be counted from {written!r}"
            self._faults.add(f"{path}.after", "unknown_anchor", message, hint)
        else:
            self._faults.known(f"{path}.after", "anchor", written, [*known, "effective"])
        return None

    def _no_anchor(self, written: str) -> str:
        """Return a hint for a state, stage or other case that stands as an anchor, or nothing."""
        if "." in written and written.partition(".")[0] == PARENT:
            return "count from a date fact of this case; have it recorded or set there"
        names = self._typist.own
        states = [c.choices for name, c in names.columns.items() if name.endswith(".state")]
        places = {place for group in [*states, *names.stages.values()] for place in group}
        if written in places:
            return "it is a state or stage: count from <track>.since or a transition leading there"
        return ""

    def _amount(self, path: str, when: When) -> int:
        value = self.setting(f"{path}.{when.unit}", when.amount)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        if value is not None:
            self._faults.add(f"{path}.{when.unit}", "type", "an amount is a whole number")
        return 0

    def _bound(
        self, path: str, when: When, *, amount: int, anchor: str | None, day: date | None
    ) -> BoundWhen:
        if when.unit is Unit.NEXT and not when.days_of_year:
            self._faults.add(f"{path}.next", "missing", "name at least one day of the year")
        condition = None
        if when.when is not None:
            condition = self.guard(f"{path}.when", when.when)
            self._itself(f"{path}.when", condition)
        return BoundWhen(
            unit=when.unit,
            amount=amount,
            anchor=anchor,
            day=day,
            days_of_year=when.days_of_year,
            roll=self.option(f"{path}.roll", when.roll, Roll),
            boundary=self.option(f"{path}.boundary", when.boundary, Boundary),
            when=condition,
        )
