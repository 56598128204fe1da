"""Columns as terms of z3: a value, and whether one is recorded at all.

Texts and choices are numbered, dates are their ordinals. Each column of a case becomes a term
once; with it go the constraints that say what it may hold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from string import ascii_lowercase
from typing import Any, Final, TypeAlias

import attrs
import z3

from reformflow.binding import BoundWhen
from reformflow.calendars import Calendar
from reformflow.checks.solver.world import Domain, Law, Table
from reformflow.language.parse import MAX_INT
from reformflow.model import Expression, FactType, Scalar, Value

Term: TypeAlias = Any
"""A term of z3, which publishes no types."""

Key = tuple[str, str]
"""A column: the name of its frame, and its own."""

FIRST_DAY: Final = date.min.toordinal()
LAST_DAY: Final = date.max.toordinal()


@attrs.frozen
class Rails:
    """What is true, false or unknown: a term for being true, and one for being false."""

    true: Term
    false: Term

    @property
    def known(self) -> Term:
        """The term for not being unknown."""
        return z3.Or(self.true, self.false)


@attrs.frozen
class Quantity:
    """A number, a day or a numbered text: whether it is known, and which it is."""

    known: Term
    value: Term


Meaning = Rails | Quantity


class Texts:
    """Numbers for texts and choices: the same number for the same text."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def number(self, text: str) -> int:
        """Return the number of a text."""
        return self._numbers.setdefault(text, len(self._numbers))

    def longer_than(self, longest: int) -> list[int]:
        """Return the numbers of the texts met so far that have more characters."""
        return [number for text, number in self._numbers.items() if len(text) > longest]

    def text(self, number: int) -> str:
        """Return the text of a number; for one that stands for none so far a text of its own."""
        for text, known in self._numbers.items():
            if known == number:
                return text
        letters = ""
        while number >= 0:
            number, letter = divmod(number, len(ascii_lowercase))
            letters = ascii_lowercase[letter] + letters
            number -= 1
        while letters in self._numbers:
            letters += "'"
        return letters


@attrs.frozen
class Count:
    """A day that is counted from an anchor by a calendar; `side` tells the bounds it is in."""

    day: Term
    anchor: Quantity
    side: Term
    when: BoundWhen
    calendar: Calendar


@attrs.frozen
class Followed:
    """What a column is that follows from others, with the counts in it that are only bounded."""

    meaning: Meaning
    counts: tuple[Count, ...] = ()


@attrs.frozen
class Entry:
    """The term of one column, what holds of it, and the columns that it follows from.

    `lessons` grows: it holds what was learnt about its counts.
    """

    domain: Domain
    term: Meaning
    known: Term
    value: Term
    side: Term
    touched: frozenset[Key]
    counts: tuple[Count, ...] = ()
    lessons: list[Term] = attrs.field(factory=list)


class Terms:
    """The terms of all columns of a world.

    `noted` holds what is so about other things than columns, under keys of the same form; `sums`
    the sum of an element over the children of a kind, by the kind's name.
    """

    def __init__(self, context: z3.Context) -> None:
        self.context = context
        self.texts = Texts()
        self.entries: dict[Key, Entry] = {}
        self.noted: dict[Key, list[Term]] = {}
        self.sums: dict[tuple[str, Expression], Term] = {}
        self.yes = self.truth(value=True)
        self.no = self.truth(value=False)
        self._open: list[set[Key]] = []

    @contextmanager
    def touching(self) -> Iterator[set[Key]]:
        """Gather the columns that are asked for inside."""
        touched: set[Key] = set()
        self._open.append(touched)
        try:
            yield touched
        finally:
            self._open.pop()

    def touch(self, keys: Iterable[Key]) -> None:
        """Note that columns were asked for."""
        if self._open:
            self._open[-1].update(keys)

    def truth(self, *, value: bool) -> Term:
        """Return a constant that is true or false."""
        return z3.BoolVal(value, self.context)

    def number(self, value: int) -> Term:
        """Return a constant number."""
        return z3.IntVal(value, self.context)

    def flag(self, name: str) -> Term:
        """Return a variable that is true or false."""
        return z3.Bool(name, self.context)

    def integer(self, name: str) -> Term:
        """Return a variable that is a whole number."""
        return z3.Int(name, self.context)

    def every(self, terms: Iterable[Term]) -> Term:
        """Return whether all terms are true, also if there are none."""
        return z3.And([self.yes, *terms])

    def some(self, terms: Iterable[Term]) -> Term:
        """Return whether any of the terms is true."""
        return z3.Or([self.no, *terms])

    def constant(self, value: Scalar) -> Meaning:
        """Return the meaning of a constant."""
        if isinstance(value, bool):
            return Rails(self.yes, self.no) if value else Rails(self.no, self.yes)
        return Quantity(self.yes, self.number(self.code(value)))

    def code(self, value: Scalar) -> int:
        """Return the number that stands for a value."""
        if isinstance(value, date):
            return value.toordinal()
        return self.texts.number(value) if isinstance(value, str) else int(value)

    def decode(self, kind: FactType, number: int) -> Value:
        """Return the value of a type that a number stands for."""
        match kind:
            case FactType.DATE:
                return date.fromordinal(number)
            case FactType.TEXT | FactType.CHOICE:
                return self.texts.text(number)
            case FactType.INT:
                return number
            case FactType.BOOL:
                return bool(number)


FollowLaw = Callable[["Frame", Law], Followed]
"""Works out what a column is that follows from others."""


class Frame:
    """The terms of the columns of one case."""

    def __init__(self, terms: Terms, name: str, table: Table, follow: FollowLaw) -> None:
        self.name = name
        self._terms = terms
        self._table = table
        self._follow = follow
        self.exists = terms.flag(f"{name}?") if table.optional else terms.yes

    def column(self, name: str) -> Meaning:
        """Return the term of a column."""
        key = (self.name, name)
        entry = self._terms.entries.get(key)
        if entry is None:
            entry = self._terms.entries[key] = self._entry(key)
        self._terms.touch(entry.touched)
        return entry.term

    def _entry(self, key: Key) -> Entry:
        terms, domain = self._terms, self._table.columns[key[1]]
        known = terms.flag(f"{key[0]}.{key[1]}?")
        if domain.type is FactType.BOOL:
            value = terms.flag(f"{key[0]}.{key[1]}")
            term: Meaning = Rails(z3.And(known, value), z3.And(known, z3.Not(value)))
        else:
            value = terms.integer(f"{key[0]}.{key[1]}")
            term = Quantity(known, value)
        sides = [*self._presence(known, domain), *_within(terms, value, domain)]
        law = self._table.laws.get(key[1])
        counts: tuple[Count, ...] = ()
        with terms.touching() as touched:
            if law is not None:
                followed = self._follow(self, law)
                counts = followed.counts
                sides += (count.side for count in counts)
                sides += self._lawful(followed.meaning, known, value, at_least=law.at_least)
        side = terms.every(sides)
        return Entry(domain, term, known, value, side, frozenset({*touched, key}), counts)

    def _presence(self, known: Term, domain: Domain) -> Iterator[Term]:
        if not domain.recorded:
            yield z3.Not(known)
        elif not domain.missing:
            yield known == self.exists
        elif self._table.optional:
            yield z3.Implies(known, self.exists)

    def _lawful(
        self, meaning: Meaning, known: Term, value: Term, *, at_least: bool
    ) -> Iterator[Term]:
        # Nothing is computed for a case that does not exist.
        yield known == z3.And(self.exists, meaning.known)
        if isinstance(meaning, Rails):
            yield z3.Implies(known, value == meaning.true)
        elif at_least:
            yield z3.Implies(known, value >= meaning.value)
        else:
            yield z3.Implies(known, value == meaning.value)


# ---------------------------------------------------------------------------------------------


def _within(terms: Terms, value: Term, domain: Domain) -> Iterator[Term]:
    if not domain.recorded:
        return  # no value is asked for: bounds that none fits would exclude the case
    if domain.values is not None:
        if domain.type is FactType.BOOL:
            yield terms.some(value == terms.truth(value=bool(one)) for one in domain.values)
        else:
            yield terms.some(value == terms.code(one) for one in domain.values)
        return
    match domain.type:
        case FactType.INT:
            yield value >= (-MAX_INT if domain.least is None else domain.least)
            yield value <= (MAX_INT if domain.most is None else domain.most)
        case FactType.DATE:
            yield value >= FIRST_DAY
            yield value <= LAST_DAY
        case FactType.TEXT | FactType.CHOICE:
            yield value >= 0
        case FactType.BOOL:
            pass
