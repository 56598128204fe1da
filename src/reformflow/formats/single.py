"""Files of one form that stand beside a definition: what a log means, how long acts take."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import attrs

from reformflow.errors import InputError, nearest
from reformflow.formats.forms import FAULTY, Form, Reading, Spot
from reformflow.formats.nodes import MapNode, Node
from reformflow.formats.positions import read_file


@attrs.frozen
class Names:
    """Checks the names in a file against those that a reform has."""

    tree: Node
    reading: Reading

    def known(self, keys: tuple[str, ...], kind: str, name: str, known: Iterable[str]) -> bool:
        """Note a name that is not known, which stands under `keys`; say whether it is."""
        names = list(known)
        if name in names:
            return True
        self.fault(keys, f"unknown_{kind}", f"unknown {kind} {name!r}", nearest(name, names))
        return False

    def fault(self, keys: tuple[str, ...], code: str, message: str, hint: str = "") -> None:
        """Note a problem of the value under `keys`, or of the nearest around it."""
        node, spot = self.tree, Spot(self.reading, ".".join(keys))
        for key in keys:
            inner = node.get(key) if isinstance(node, MapNode) else None
            if inner is None:
                break
            node = inner
        spot.fault(node, code, message, hint)


def read_single(path: Path, form: Form, check: Callable[[Any, Names], None]) -> Any:  # noqa: ANN401
    """Read a file by its form, and check the names in it.

    InputError with every problem, by line and field, if there is any.
    """
    tree, problems = read_file(path, name=str(path))
    if tree is not None and not problems:
        reading = Reading(str(path))
        found = form.read(tree, Spot(reading, ""))
        if found is not FAULTY:
            check(found, Names(tree, reading))
        problems = reading.problems
        if not problems:
            return found
    count = f"{len(problems)} problem{'s' if len(problems) != 1 else ''}"
    raise InputError(f"{path} has {count}", problems=tuple(problems))
