"""Changed editions of the small reform of errands, as its author would edit the files."""

from __future__ import annotations

import shutil
from pathlib import Path

from reformflow.formats import load
from reformflow.model import Reform
from support.repository import ROOT

Edits = list[tuple[str, str]]
"""What stands in a file, and what it becomes; everywhere in that file."""

SEATS: Edits = [("posts", "seats"), ("few_seats", "few_posts")]
"""The fact `posts` is called `seats`."""

HANDED: Edits = [("sent", "handed"), ("send", "hand_in")]
"""The state `sent` is called `handed`, and the transition `send` is called `hand_in`."""

RENAMES = {
    "errand.posts": "seats",
    "errand.send": "hand_in",
    "errand.progress.sent": "handed",
}
"""What SEATS and HANDED have renamed."""


def edition(folder: Path, *, visits: bool = False, **edits: Edits) -> Reform:
    """Return the reform of errands with some of its files changed; each edit has to hit.

    With `visits` it has one more workflow: `visit`, which is like `report`.
    """
    shutil.copytree(ROOT / "tests" / "store" / "reforms" / "errands", folder)
    if visits:
        text = (folder / "report.yaml").read_text(encoding="utf-8")
        text = text.replace("workflow: report", "workflow: visit")
        (folder / "visit.yaml").write_text(text, encoding="utf-8")
        edits["reform"] = [*edits.get("reform", []), ("report]", "report, visit]")]
    for name, changes in edits.items():
        path = folder / f"{name}.yaml"
        text = path.read_text(encoding="utf-8")
        for old, new in changes:
            assert old in text, f"{old!r} is not in {name}.yaml"
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8")
    return load(folder)


def fact(line: str) -> Edits:
    """Return the edit that adds a fact."""
    return [("facts:\n", f"facts:\n  {line}\n")]
