"""Writing a reform as the files of its folder, without loss."""

from __future__ import annotations

import os
import re
from datetime import date
from pathlib import Path

import yaml
import yamlcore

from reformflow.errors import DefinitionError
from reformflow.formats.folder import CLAUSES_FILE, REFORM_FILE, read_texts
from reformflow.formats.forms import Plain, looks_like_day
from reformflow.formats.positions import HIDDEN
from reformflow.formats.reform import CLAUSES, HEAD, Head
from reformflow.formats.workflow import WORKFLOW
from reformflow.model import Reform

_NO_FOLDING = 2**30
_NEEDS_ESCAPES = re.compile(r"[\n\r\t]")
_CORE_TEXT = "tag:yaml.org,2002:str"


def to_yaml(reform: Reform) -> dict[str, str]:
    """Write a reform as the texts of its files, by file name.

    The texts are read back before they are returned; DefinitionError if that would not give
    the same value, as with an id that no file can hold.
    """
    head = Head(reform, tuple(workflow.id for workflow in reform.workflows))
    files = {REFORM_FILE: HEAD.write(head), CLAUSES_FILE: CLAUSES.write(reform.clauses)}
    files |= {f"{workflow.id}.yaml": WORKFLOW.write(workflow) for workflow in reform.workflows}
    try:
        texts = {name: _text(data) for name, data in files.items()}
    except UnicodeEncodeError as error:
        message = f"reform {reform.id!a} cannot be written as files"
        raise DefinitionError(message, str(error)) from None
    again, problems = read_texts({name: text.encode() for name, text in texts.items()})
    if problems or again != reform:
        message = f"reform {reform.id!a} cannot be written as files"
        hint = "" if problems else "part of it has no written form"
        raise DefinitionError(message, hint, problems)
    return texts


def dump(reform: Reform, folder: str | os.PathLike[str]) -> None:
    """Write a reform into `folder`, which is made if it is not there.

    Files of the same names are replaced. DefinitionError if the reform has no written form;
    OSError if the folder cannot be written.
    """
    texts = to_yaml(reform)
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (target / name).write_text(text, encoding="utf-8", newline="\n")


# ---------------------------------------------------------------------------------------------


class _Dumper(yamlcore.CCoreDumper):  # type: ignore[misc] # yamlcore publishes no types
    """Writes texts so that they read back as texts, and days as unquoted scalars."""


def _text_node(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    style = None
    if HIDDEN.search(text) or _NEEDS_ESCAPES.search(text):
        style = '"'
    elif looks_like_day(text):
        style = "'"
    node: yaml.ScalarNode = dumper.represent_scalar(_CORE_TEXT, text, style=style)
    return node


def _day_node(dumper: _Dumper, day: date) -> yaml.ScalarNode:
    node: yaml.ScalarNode = dumper.represent_scalar(_CORE_TEXT, day.isoformat())
    return node


_Dumper.add_representer(str, _text_node)
_Dumper.add_representer(date, _day_node)


def _text(data: Plain) -> str:
    text: str = yaml.dump(
        data, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=_NO_FOLDING
    )
    # The emitter leaves some characters bare that readers refuse; they only stand in quotes.
    return HIDDEN.sub(lambda found: f"\\u{ord(found[0]):04X}", text)
