"""The check that runs others under every option of every policy, and under every two of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import attrs

from reformflow.checks.policies.pairs import Combination, paired
from reformflow.checks.policies.trying import Check, Found, all_tried, tried
from reformflow.checks.subject import Subject
from reformflow.model import Finding

Key = tuple[str, str]
"""What a finding is about: its code and path."""


@attrs.frozen
class Options:
    """Runs checks under the options that are not in force, and tells what only then is found.

    Every finding bears the fewest options under which it was found. First each option is tried by
    itself, then combinations in which every two options stand together.
    """

    checks: tuple[Check, ...]

    def __call__(self, subject: Subject) -> Iterator[Finding]:
        """Yield what the checks find under other options, and not under those in force."""
        options = _others(subject)
        known = {_key(finding) for _, finding in tried(subject, (), self.checks)}
        alone = [((policy, option),) for policy in options for option in options[policy]]
        told: dict[Key, list[Combination]] = {}
        for combination, found in all_tried(subject, alone, self.checks, subject.executor):
            for _, finding in _fresh(found, known):
                told.setdefault(_key(finding), []).append(combination)
                yield attrs.evolve(finding, policies=combination)
        rows = list(paired(_that_differ(subject, options)))
        for combination, found in all_tried(subject, rows, self.checks, subject.executor):
            for index, finding in _fresh(found, known):
                reasons = told.setdefault(_key(finding), [])
                if any({*reason} <= {*combination} for reason in reasons):
                    continue
                fewest = self._fewest(subject, combination, index, finding)
                reasons.append(fewest)
                yield attrs.evolve(finding, policies=fewest)

    def _fewest(
        self, subject: Subject, combination: Combination, index: int, finding: Finding
    ) -> Combination:
        """Return the options of a combination that bring a finding about, none too many."""
        checks = self.checks[index : index + 1] if index >= 0 else ()
        needed = combination
        size = len(needed) // 2
        while size:
            start = 0
            while start < len(needed):
                fewer = (*needed[:start], *needed[start + size :])
                found = tried(subject, fewer, checks)
                if any(_key(other) == _key(finding) for _, other in found):
                    needed = fewer
                else:
                    start += size
            size //= 2
        return needed


# ---------------------------------------------------------------------------------------------


def _key(finding: Finding) -> Key:
    return finding.code, finding.path


def _fresh(found: Sequence[Found], known: set[Key]) -> Iterator[Found]:
    seen = set(known)
    for index, finding in found:
        if _key(finding) not in seen:
            seen.add(_key(finding))
            yield index, finding


def _others(subject: Subject) -> dict[str, list[str]]:
    """Return the options of each policy that are not in force."""
    return {
        policy.id: [option.name for option in policy.options if option.name != policy.choice]
        for policy in subject.bound.reform.policies
        if len(policy.options) > 1
    }


def _that_differ(subject: Subject, options: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Return the options under which the reform holds up, and is another than it is now."""
    found: dict[str, list[str]] = {}
    for policy, names in options.items():
        for name in names:
            other = subject.choosing({policy: name})
            if other is not None and not other.same(subject):
                found.setdefault(policy, []).append(name)
    return found
