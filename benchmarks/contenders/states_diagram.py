"""The relay's states as an expert would count them with dd: a model written for it alone."""

from functools import reduce
from operator import and_
from typing import Any

from dd import cudd

from contenders.relay import OFFICES, sorts

KINDS = ("begun", "done", "urgent", "mixed", "hard", "alike", "agreed")
Set = Any


def count() -> int:
    """Return the number of reachable states."""
    manager = cudd.BDD()
    manager.configure(reordering=False)
    # The bits of an office stand together, and offices that face each other. What an office has
    # not found yet is false.
    facing = [number for near in range(OFFICES // 2) for number in (near, near + OFFICES // 2)]
    names = [f"{kind}_{number}" for number in facing for kind in KINDS]
    manager.declare(*names)
    bit = {name: manager.var(name) for name in names}
    moves = [move for number in range(OFFICES) for move in _moves(number, bit)]
    reached = reduce(and_, (~one for one in bit.values()))
    while True:
        known = reached
        for when, written, after in moves:
            reached |= cudd.and_exists(reached, when, written) & after
        if reached == known:
            return int(reached.count(nvars=len(names)))


# ---------------------------------------------------------------------------------------------


def _moves(number: int, bit: dict[str, Set]) -> list[tuple[Set, list[str], Set]]:
    """Return the office's moves: when it may be made, the bits it writes, and their values.

    An office is waiting when not begun, opened when begun and not done, checked when done and not
    begun, settled when both.
    """
    before, after = (number - 1) % OFFICES, (number + 1) % OFFICES
    far = (number + OFFICES // 2) % OFFICES

    def own(kind: str, office: int = number) -> Set:
        return bit[f"{kind}_{office}"]

    def begun(office: int) -> Set:
        return own("begun", office) | own("done", office)

    def equal(one: Set, other: Set) -> Set:
        return one.equiv(other)

    def written(*kinds: str) -> list[str]:
        return [f"{kind}_{number}" for kind in kinds]

    follows = begun(before) if number else bit["begun_0"] | ~bit["begun_0"]
    in_turn = (own("done", before) if number else begun(far)) & begun(far)
    alike = equal(own("urgent"), own("urgent", before)) & begun(before)
    in_turn &= alike | own("urgent", far)
    neighbours = own("done", before) & own("done", after)
    neighbours &= ~own("hard", before) | own("alike", after)
    complete_far = own("done", far) & ~own("hard", far)
    neighbours &= own("done", far) & ~own("begun", far) | own("agreed", far) | complete_far
    waiting = ~own("begun") & ~own("done")
    opened, checked = own("begun") & ~own("done"), ~own("begun") & own("done")
    found = ~own("mixed") & ~own("hard") | ~own("mixed") & own("hard")
    found |= own("mixed") & ~own("hard") if "mixed" in sorts(number) else found
    agreed = own("alike") | own("urgent")
    same = equal(own("urgent"), own("urgent", far))
    checking = written("begun", "done", "mixed", "hard", "alike")
    return [
        (waiting & follows, written("begun", "urgent"), own("begun")),
        (opened & in_turn & same, checking, checked & found & own("alike")),
        (opened & in_turn & ~same, checking, checked & found & ~own("alike")),
        (checked & neighbours & agreed, written("begun", "agreed"), own("begun") & own("agreed")),
        (checked & neighbours & ~agreed, written("begun"), own("begun")),
    ]
