"""Drawing by lot: days, people, values and requests for the cases of any reform."""

from reformflow.testing.drawing.days import Days
from reformflow.testing.drawing.lots import Lot
from reformflow.testing.drawing.people import UNITS, people
from reformflow.testing.drawing.requests import KINDS, Requests
from reformflow.testing.drawing.values import Values

__all__ = ["KINDS", "UNITS", "Days", "Lot", "Requests", "Values", "people"]
