"""Rewrite what the pages show of the library's answers: `python tests/support/refresh.py`.

Below every command of a `console` block comes what it prints now, and in the reference of the
Python interface the signatures as they are now. Read the difference before you keep it: a page
that has changed tells that users will see a change. Where a page shows `...` between other lines,
it stays as it is.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from support import pages, signatures
from support.repository import DOCS, documents

CONSOLE = re.compile(r"^```console\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE)
SECTION = re.compile(
    r"(?P<head>^### `(?P<name>[\w.]+)`\n\n```text\n)(?P<shown>.*?)(?=^```)",
    re.DOTALL | re.MULTILINE,
)
DIGEST = re.compile(r"sha256:[0-9a-f]{64}")


def refresh_commands(path: Path) -> None:
    """Rewrite what is shown below the commands of a page."""
    printed: list[str] = []
    home = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(pages.EXAMPLES, folder, dirs_exist_ok=True)
        os.chdir(folder)
        try:
            for example in pages.parsed(path).examples():
                text = str(example.parsed)
                if example.region.evaluator is pages.run_commands:
                    printed.append("".join(_printed(text)))
                else:
                    example.evaluate()
        finally:
            os.chdir(home)
    fresh = iter(printed)
    text = path.read_text("utf-8")
    path.write_text(CONSOLE.sub(lambda _: f"```console\n{next(fresh)}```", text), "utf-8")


def refresh_signatures(path: Path) -> None:
    """Rewrite the signatures that a page shows; names that it leaves out stay out."""

    def fresh(hit: re.Match[str]) -> str:
        shown = {line.partition("(")[0] for line in hit["shown"].splitlines()}
        real = signatures.lines(hit["name"])
        whole = hit["name"].count(".") == 1
        kept = [line for line in real if whole or line.partition("(")[0] in shown]
        return hit["head"] + "".join(f"{line}\n" for line in kept)

    path.write_text(SECTION.sub(fresh, path.read_text("utf-8")), "utf-8")


# ---------------------------------------------------------------------------------------------


def _printed(text: str) -> Iterator[str]:
    status = 0
    for command, shown in pages.transcript(text):
        if command == "echo $?":
            output = f"{status}\n"
        else:
            output, status = pages.run(command)
        output = "\n".join(line.rstrip() for line in output.strip("\n").splitlines())
        if re.search(r"^\.\.\.$", shown, re.MULTILINE) and shown.strip() != "...":
            output = shown.strip("\n")
        yield f"$ {command}\n{DIGEST.sub('sha256:...', output)}\n"


if __name__ == "__main__":
    for page in documents():
        if CONSOLE.search(page.read_text("utf-8")):
            refresh_commands(page)
    refresh_signatures(DOCS / "reference" / "python-api.md")
