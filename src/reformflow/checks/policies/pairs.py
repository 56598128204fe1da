"""Combinations of options in which every two of them stand together.

Such combinations are what combinatorial testing calls a pairwise covering array (D. R. Kuhn,
R. N. Kacker, Y. Lei, Practical Combinatorial Testing, NIST SP 800-142, 2010). Here no combination
has more than half of the policies at another option than the one in force: an option that
switches a part of the reform off would hide what others do to it.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, product

Option = tuple[str, str]
"""A policy and one of its options."""

Combination = tuple[Option, ...]

_SEED = 2021


def paired(options: Mapping[str, Sequence[str]]) -> Iterator[Combination]:
    """Yield combinations of at least two options, each two of which stand together in one."""
    chance = random.Random(_SEED)  # noqa: S311 - the same combinations every time
    left = {
        frozenset({(one, a), (other, b)})
        for one, other in combinations(options, 2)
        for a, b in product(options[one], options[other])
    }
    most = max(2, (len(options) + 1) // 2)
    while left:
        chosen = dict(min(left, key=sorted))
        policies = [policy for policy in options if policy not in chosen]
        chance.shuffle(policies)
        for policy in policies:
            if len(chosen) >= most:
                break
            gains = {option: _gain(chosen, (policy, option), left) for option in options[policy]}
            best = max(options[policy], key=lambda option: gains[option])
            if gains[best]:
                chosen[policy] = best
        left -= {frozenset(pair) for pair in combinations(chosen.items(), 2)}
        yield tuple(sorted(chosen.items()))


# ---------------------------------------------------------------------------------------------


def _gain(chosen: Mapping[str, str], option: Option, left: set[frozenset[Option]]) -> int:
    return sum(frozenset({one, option}) in left for one in chosen.items())
