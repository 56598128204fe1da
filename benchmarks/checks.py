"""What can be said before any case exists: reformflow's checks beside models written by hand.

*All states of the relay*: eight offices, with a track of four states and five facts each. The limit
is a decision diagram that was written for this relay alone, with the same library and a good order
of its variables. Plain search goes from state to state; it gets a few seconds, and its time for all
states is reckoned from how far it came.

*All states of a permit*: a small workflow, for which sets of bits do, beside plain search.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from time import thread_time

import click
from attrs import frozen

from contenders import states_diagram, states_ours, states_plain
from contenders.relay import WORKFLOW, relay
from measuring.report import Figure, against_limit, faster, judged, show
from measuring.rounds import Job, interleaved
from reformflow.binding import BoundReform, bind
from reformflow.formats import load

OURS = "reformflow"
LIMIT = "diagram by hand"
PLAIN = "plain search"
STATES = "all states of the relay"
SMALL = "all states of a permit"

#: The goals: at most so many times the limit, at least so many times as fast as plain search.
MOST = {STATES: 3}
LEAST = {STATES: 100, SMALL: 10}

PERMIT = "permit"
HARBOUR = Path(__file__).parent / "definitions" / "harbour"


@frozen
class Bench:
    """The measurements: what to search, how often, and how long plain search may take."""

    rounds: int
    patience: float
    relay: BoundReform = bind(relay())
    small: BoundReform = bind(load(HARBOUR))

    def figures(self) -> Iterator[Figure]:
        """Measure everything."""
        jobs = {
            OURS: partial(states_ours.search, self.relay, WORKFLOW),
            LIMIT: states_diagram.count,
        }
        yield from self._timed(STATES, jobs)
        yield from self._reckoned()
        system = states_ours.system_of(self.small, PERMIT)
        jobs = {
            OURS: partial(states_ours.search, self.small, PERMIT),
            PLAIN: partial(states_plain.search, system),
        }
        yield from self._timed(SMALL, jobs)

    def proven(self) -> str:
        """Let all of them prove that they find the same; say how much that is."""
        found = states_ours.search(self.relay, WORKFLOW)
        by_hand = states_diagram.count()
        few = states_plain.search(states_ours.system_of(bind(relay(4)), WORKFLOW)).states
        if found.states != by_hand or few != states_ours.search(bind(relay(4)), WORKFLOW).states:
            message = f"not the same states: {found.states}, {by_hand}, {few}"
            raise SystemExit(message)
        return f"The relay has {found.states:,} states; our diagram of them {found.nodes:,} nodes."

    def _timed(self, name: str, jobs: Mapping[str, Callable[[], object]]) -> Iterator[Figure]:
        turns = {
            who: Job(partial(_handed, run), _called, size=1, clock=thread_time)
            for who, run in jobs.items()
        }
        for who, seconds in interleaved(turns, rounds=self.rounds).items():
            yield Figure(who, name, seconds, "s")

    def _reckoned(self) -> Iterator[Figure]:
        """Let plain search go as far as it gets, and reckon what it would take to the end."""
        system = states_ours.system_of(self.relay, WORKFLOW)
        begun = thread_time()
        found = states_plain.search(system, seconds=self.patience).states
        rate = found / (thread_time() - begun)
        all_of_them = states_ours.search(self.relay, WORKFLOW).states
        yield Figure(PLAIN, STATES, all_of_them / rate, "s")
        yield Figure(PLAIN, "states of the relay found in a second", rate, "states")


def _handed(run: Callable[[], object], _: int) -> Callable[[], object]:
    return run


def _called(run: Callable[[], object]) -> object:
    return run()


@click.command(help=__doc__)
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
@click.option("--rounds", default=5, show_default=True, type=click.IntRange(1), help="Turns each.")
@click.option("--patience", default=5.0, show_default=True, help="Seconds of plain search.")
def main(*, as_json: bool, rounds: int, patience: float) -> None:
    """Measure and print."""
    bench = Bench(rounds, patience)
    proven = bench.proven()
    listed = judged(against_limit(bench.figures(), LIMIT), contender=OURS, most=MOST)
    listed += faster(listed, contender=OURS, peer=PLAIN, least=LEAST)
    notes = [
        proven,
        f"Medians of {rounds} turns; plain search once, for {patience:g} s, the rest reckoned.",
    ]
    show(listed, title="Checks", as_json=as_json, notes=notes)


if __name__ == "__main__":
    main()
