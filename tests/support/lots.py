"""Requests drawn by lot for stores: the library's own, with texts that databases tell apart."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from reformflow.binding import BoundReform
from reformflow.engine import Docket
from reformflow.model import Request
from reformflow.testing.drawing import UNITS, Lot, Requests

__all__ = ["UNITS", "Lots"]

TEXTS = ("", "吉", "𠮷", "e\u0301", "ＡＢ", "AB", "a b ", "零\u200b宽", "x" * 40, "nul\0")


class Lots(Requests):
    """Draws requests about cases of `reform` from a seed, on one day after the other."""

    def __init__(self, reform: BoundReform, seed: int, prefix: str, start: date) -> None:
        super().__init__(reform, Lot.seeded(seed), start, prefix=prefix, texts=TEXTS)
        self.random = Random(seed)

    def request(self, cases: Docket, kind: str | None = None) -> Request:
        self.today += timedelta(days=self.lot.pick((0, 0, 1, 1, 3, 10)))
        return super().request(cases, kind)
