"""`sismic`: one statechart, an interpreter for each case.

- The statechart is written in its YAML form and imported once; interpreters share it.
- Guards and actions are strings, as its documentation has them. Dates cannot be written in a guard,
  so they come with the initial context.
- Its evaluator compiles every string anew for each interpreter, which triples the time of a case
  that fires each transition once. ``evaluator_klass`` is the documented place to change that: ours
  shares the compiled code, in the library's favour.
- ``ignore_contract=True`` is the documented switch that leaves contract checks out: none are used.
- ``queue(…)`` with ``execute_once()`` runs one step; ``execute()`` would always look once more.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from types import CodeType
from typing import Any, ClassVar

from sismic.code import PythonEvaluator
from sismic.interpreter import Interpreter
from sismic.io import import_from_yaml
from sismic.model import Statechart

from contenders import Calls, Contender
from contenders.lifecycle import INITIAL, STEPS, Facts, Step

DUES = {f"due_{step.trigger}": step.due for step in STEPS}


class SharedCode(PythonEvaluator):
    """The stock evaluator with one store of compiled guards and actions for all interpreters."""

    guards: ClassVar[dict[str, CodeType]] = {}
    actions: ClassVar[dict[str, CodeType]] = {}

    def __init__(
        self, interpreter: Interpreter, *, initial_context: Mapping[str, Any] | None
    ) -> None:
        """Set up as the stock evaluator does, then use the shared stores."""
        super().__init__(interpreter, initial_context=initial_context)
        self._evaluable_code = self.guards
        self._executable_code = self.actions


def state_text(step: Step) -> str:
    """Write the state that ``step`` leaves, with its guard and its action."""
    guard = (
        f"event.on <= due_{step.trigger}"
        f" and facts.get('{step.first}') and facts.get('{step.second}')"
    )
    action = (
        "since = event.on\n"
        f"history.append(('{step.trigger}', '{step.source}', '{step.target}', event.on))"
    )
    lines = "\n".join(f"            {line}" for line in action.splitlines())
    return (
        f"    - name: {step.source}\n"
        "      transitions:\n"
        f"        - target: {step.target}\n"
        f"          event: {step.trigger}\n"
        f'          guard: "{guard}"\n'
        f"          action: |\n{lines}\n"
    )


def statechart() -> Statechart:
    """Build the statechart that all interpreters share."""
    return import_from_yaml(
        "statechart:\n"
        "  name: lifecycle\n"
        "  root state:\n"
        "    name: root\n"
        f"    initial: {INITIAL}\n"
        "    states:\n"
        + "".join(state_text(step) for step in STEPS)
        + f"    - name: {STEPS[-1].target}\n"
    )


def walk(cases: Sequence[Interpreter], calls: Calls) -> None:
    """Make every call on every case."""
    for case in cases:
        for trigger, on in calls:
            case.queue(trigger, on=on).execute_once()


def refuse(cases: Sequence[Interpreter], trigger: str, on: date) -> None:
    """Make one call, that is refused, on every case: the event is consumed without effect."""
    for case in cases:
        case.queue(trigger, on=on).execute_once()


def contender() -> Contender[Interpreter]:
    """Return `sismic`, one interpreter per case."""
    chart = statechart()

    def open_case(facts: Facts) -> Interpreter:
        context: dict[str, Any] = {**DUES, "facts": dict(facts), "history": [], "since": None}
        case = Interpreter(
            chart, evaluator_klass=SharedCode, initial_context=context, ignore_contract=True
        )
        case.execute_once()
        return case

    return Contender(
        name="sismic",
        open=open_case,
        walk=walk,
        live=1_000,
        state=lambda case: str(case.configuration[-1]),
        history=lambda case: list(case.context["history"]),
        refuse=refuse,
    )
