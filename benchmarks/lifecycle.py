"""The lifecycle machine of Hypothesis: engine steps in a second, beside one that does nothing.

The limit is what Hypothesis takes for itself: a machine of as many rules, each of which draws a
byte and does nothing; a rule is a step. *One step a rule* is ours with a single step drawn in each
rule, as such machines are usually written. Courses are left out: they take no time of Hypothesis.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path
from time import thread_time

import click
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from measuring.report import Figure, against_limit, show
from measuring.rounds import Job, interleaved
from reformflow.formats import load
from reformflow.testing import lifecycle, run_lifecycle
from reformflow.testing.lifecycles.bursts import STEPS, Burst, bursts

OURS = "reformflow"
LIMIT = "Hypothesis, doing nothing"
SINGLE = "one step a rule"
LEAST = 3_000
"""The goal: so many steps in a second."""

RUNS = 30
RULES = 10
WORKFLOWS = Path(__file__).parents[1] / "workflows"
SUBJECTS = (
    ("putuo-2021-9", "department"),
    ("uk-service-standard", "digital_service"),
    ("cisa-directives", "web_email"),
)


TAKEN: Counter[str] = Counter()
"""How many steps were taken since it was cleared."""

Machine = type[RuleBasedStateMachine]


def _idle(name: str) -> Callable[..., None]:
    def nothing(self: RuleBasedStateMachine, drawn: int) -> None:  # noqa: ARG001 - only drawn
        TAKEN["steps"] += 1

    nothing.__name__ = name
    ruled: Callable[..., None] = rule(drawn=st.integers(0, 255))(nothing)
    return ruled


class Idle(RuleBasedStateMachine):
    """A machine of eight rules that do nothing but count."""

    for _name in "abcdefgh":
        locals()[_name] = _idle(_name)


@cache
def machine(reform: str, workflow: str, *, single: bool) -> Machine:
    """Return a machine that counts its steps, with all that it has to know worked out."""
    made = lifecycle(load(WORKFLOWS / reform), workflow)
    made.plot.courses  # noqa: B018 - found once, outside what is timed
    made.plot.requests  # noqa: B018 - the same

    class Counted(made):  # type: ignore[misc, valid-type]
        def close(self) -> None:
            TAKEN["steps"] += len(self.steps)
            super().close()

    class Single(Counted):
        @rule(burst=bursts(1))
        def act(self, burst: Burst) -> None:
            self._ask_each(burst)

        fire = record = sign = open = keep_dates = move_dates = correct = None

    return Single if single else Counted


def run(subject: Machine, rules: int) -> int:
    """Run a machine by lot, the same each time; return how many steps it took."""
    TAKEN.clear()
    chosen = settings(
        deadline=None,
        database=None,
        derandomize=True,
        max_examples=RUNS,
        phases=[Phase.generate],
        stateful_step_count=rules,
    )
    runner: Callable[..., None] = run_state_machine_as_test if subject is Idle else run_lifecycle
    runner(subject, settings=chosen)
    return TAKEN["steps"]


def figures(rounds: int) -> Iterator[Figure]:
    """Measure every workflow in turns with the limit."""
    for reform, workflow in SUBJECTS:
        subjects = {
            OURS: (machine(reform, workflow, single=False), RULES),
            SINGLE: (machine(reform, workflow, single=True), RULES * STEPS),
            LIMIT: (Idle, RULES * STEPS),
        }
        jobs = {
            who: Job(lambda _: None, partial(_again, *what), size=run(*what), clock=thread_time)
            for who, what in subjects.items()
        }
        taken = interleaved(jobs, rounds=rounds)
        for who, seconds in taken.items():
            yield Figure(who, f"a step of {workflow}", seconds * 1e6, "µs")
        rate = 1 / taken[OURS]
        goal = f"≥ {LEAST:,}"
        yield Figure(OURS, f"{workflow}: steps in a second", rate, "", goal=goal, met=rate >= LEAST)


def _again(subject: Machine, rules: int, _: object) -> int:
    return run(subject, rules)


@click.command(help=__doc__)
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
@click.option("--rounds", default=5, show_default=True, type=click.IntRange(1), help="Turns each.")
def main(*, as_json: bool, rounds: int) -> None:
    """Measure and print."""
    listed = against_limit(figures(rounds), LIMIT)
    notes = [f"Medians of {rounds} turns of {RUNS} runs by lot."]
    show(listed, title="The lifecycle machine", as_json=as_json, notes=notes)


if __name__ == "__main__":
    main()
