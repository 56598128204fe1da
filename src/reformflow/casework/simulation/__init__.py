"""Simulating a roll-out: how many cases will keep their dates, and what holds them up."""

from reformflow.casework.simulation.model import Durations, Spread
from reformflow.casework.simulation.reading import read_durations
from reformflow.casework.simulation.results import Outcome, summed
from reformflow.casework.simulation.simulate import simulate

__all__ = ["Durations", "Outcome", "Spread", "read_durations", "simulate", "summed"]
