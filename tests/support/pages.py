"""A page of the documentation as a program: what its marked blocks do when the tests run it.

- ```` ```python ```` runs; lines with `>>>` are compared with what is shown below them.
- ```` ```yaml ```` and ```` ```csv ```` whose first line is a comment with a relative path
  (`# stalls/permit.yaml`) are written to that path; in a csv file without the comment.
- ```` ```diff ```` whose first line names a file (`--- stalls/permit.yaml`) changes it: what
  stands there once with the lines marked `-` then has those marked `+`; `@@` parts the changes.
- ```` ```console ```` with lines `$ reformflow …` or `$ pytest …` runs these commands, and what is
  shown below a command is compared with what it prints, with `...` for any text. A status other
  than 0 has to be shown, by `$ echo $?`. A `sh` block only shows commands, and none of ours.
- ```` ```mermaid ```` is compared with the variable `picture` of the page.

The blocks of a page run in order, share their names and one folder, which starts out with a copy
of `docs/examples`. A block that names one of those files has to show it as it is.
"""

from __future__ import annotations

import doctest
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from click.testing import CliRunner
from sybil import Example, Sybil
from sybil.document import Document
from sybil.parsers.myst import CodeBlockParser, PythonCodeBlockParser

from support.repository import DOCS

EXAMPLES = DOCS / "examples"

_PATH = re.compile(r"# (?P<path>[\w./-]+\.(?:yaml|csv))")
_WIDTH = "100"


class PageError(AssertionError):
    """A block of a page that does not do what the page shows."""


def parsed(path: Path) -> Document:
    """Return the Markdown file `path` with the blocks that run."""
    parsers = [
        PythonCodeBlockParser(doctest_optionflags=doctest.ELLIPSIS),
        CodeBlockParser("yaml", write_file),
        CodeBlockParser("csv", write_file),
        CodeBlockParser("diff", change_file),
        CodeBlockParser("console", run_commands),
        CodeBlockParser("sh", refuse_ours),
        CodeBlockParser("mermaid", compare_picture),
    ]
    return Sybil(parsers=parsers, path=str(path.parent)).parse(path)


def python_of(path: Path) -> str:
    """Return all Python of a page, as one program."""
    hits = re.findall(r"^```python\n(.*?)^```", path.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    return "\n".join(hits)


def write_file(example: Example) -> None:
    """Write a block to the path that its first line names; a block without one is only shown."""
    text = str(example.parsed)
    first, _, rest = text.partition("\n")
    hit = _PATH.fullmatch(first.strip())
    if hit is None:
        return
    path = _inside(hit["path"])
    shipped = EXAMPLES / path
    if shipped.exists() and shipped.read_text("utf-8") not in (text, rest):
        raise PageError(f"{path} is shown otherwise than docs/examples/{path}")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(rest if path.suffix == ".csv" else text, encoding="utf-8")


def change_file(example: Example) -> None:
    """Change a file of the page as a block with `-` and `+` lines shows it."""
    first, _, rest = str(example.parsed).partition("\n")
    path = _inside(first.removeprefix("--- ").strip())
    text = path.read_text("utf-8")
    for change in re.split(r"^@@.*\n", rest, flags=re.MULTILINE):
        lines = change.splitlines(keepends=True)
        old = "".join(line[1:] for line in lines if line[0] in " -")
        new = "".join(line[1:] for line in lines if line[0] in " +")
        if text.count(old) != 1:
            raise PageError(f"these lines stand in {path} {text.count(old)} times:\n{old}")
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")


def run_commands(example: Example) -> None:
    """Run the commands of a block and compare what they print with what is shown."""
    text = str(example.parsed)
    if not text.startswith("$ "):
        raise PageError(f"a console block begins with `$ `, not with {text[:20]!r}")
    status = 0
    for command, shown in transcript(text):
        if command == "echo $?":
            printed, status = f"{status}\n", 0
        elif status:
            raise PageError(f"a command before {command!r} ended with status {status}:\n{printed}")
        else:
            printed, status = run(command)
        compare(command, shown, printed)
    if status:
        raise PageError(f"{command!r} ended with status {status}:\n{printed}")


def refuse_ours(example: Example) -> None:
    """Raise PageError for a command of ours in a block that does not run."""
    if re.search(r"^(\$ )?reformflow\b", str(example.parsed), re.MULTILINE):
        raise PageError("a reformflow command in a `sh` block is not run: make it `console`")


def transcript(text: str) -> Iterator[tuple[str, str]]:
    """Yield each command of a block with the text shown below it."""
    joined = text.replace("\\\n", " ")
    for part in re.split(r"^\$ ", joined, flags=re.MULTILINE)[1:]:
        command, _, shown = part.partition("\n")
        yield " ".join(command.split()) if "'" not in command else command.strip(), shown


def run(command: str) -> tuple[str, int]:
    """Run a `reformflow` or `pytest` command line; return what it printed and its status."""
    from reformflow.cli import main

    program, *arguments = shlex.split(command)
    quiet = {"LC_ALL": "C.UTF-8", "LANG": "C.UTF-8", "COLUMNS": _WIDTH, "NO_COLOR": "1"}
    if program == "pytest":
        alone = (sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments)
        ours = {name: value for name, value in os.environ.items() if "PYTEST" not in name}
        done = subprocess.run(alone, env=ours | quiet, capture_output=True, text=True, check=False)
        return done.stdout + done.stderr, done.returncode
    if program != "reformflow":
        raise PageError(f"only reformflow and pytest run on a page, not {command!r}")
    with CliRunner(env=quiet).isolation() as (_, _, both):
        status = main(arguments)
    return both.getvalue().decode("utf-8"), status


def compare(what: str, shown: str, printed: str) -> None:
    """Raise PageError unless `printed` is as shown; `...` stands for any text."""
    want, got = (_trimmed(text) for text in (shown, printed))
    if not doctest.OutputChecker().check_output(want, got, doctest.ELLIPSIS):
        raise PageError(f"{what}\nshown:\n{want}\nprinted:\n{got}")


def compare_picture(example: Example) -> None:
    """Compare a picture with the one that the page has drawn."""
    compare("the picture", str(example.parsed), str(example.namespace["picture"]))


# ---------------------------------------------------------------------------------------------


def _inside(name: str) -> Path:
    path = Path(name)
    if path.is_absolute() or ".." in path.parts:
        raise PageError(f"{path} is not inside the folder of the page")
    return path


def _trimmed(text: str) -> str:
    lines = [line.rstrip() for line in text.splitlines()]
    while lines and not lines[-1]:
        lines.pop()
    while lines and not lines[0]:
        lines.pop(0)
    return "\n".join(lines) + "\n"
