"""Options and arguments that commands share."""

from __future__ import annotations

import locale
import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

_Command = TypeVar("_Command", bound=Callable[..., Any])
_VARIABLES: Final = ("LC_ALL", "LC_MESSAGES", "LANG")


if TYPE_CHECKING:
    _Days = click.ParamType[date]
    _Texts = click.ParamType[tuple[str, str]]
else:
    _Days = _Texts = click.ParamType  # older releases of click have no type argument


class Day(_Days):
    """A day, written 2021-02-08."""

    name = "date"

    def convert(
        self, value: str | date, param: click.Parameter | None, ctx: click.Context | None
    ) -> date:
        """Return the day; UsageError for anything else."""
        if isinstance(value, date):
            return value
        try:
            day = date.fromisoformat(value)
        except ValueError:
            day = None
        if day is None or day.isoformat() != value:
            self.fail(f"{value!r} is not a day (write it as 2021-02-08)", param, ctx)
        return day


def locale_language() -> str:
    """Return `zh` where the environment or the system asks for Chinese, else `en`."""
    for variable in _VARIABLES:
        value = os.environ.get(variable)
        if value:
            return "zh" if value.lower().startswith(("zh", "chinese")) else "en"
    try:
        name = locale.getlocale()[0] or ""
    except ValueError:
        name = ""
    return "zh" if name.lower().startswith(("zh", "chinese")) else "en"


def speaking(command: _Command) -> _Command:
    """Add --lang and --json."""
    lang = click.option(
        "--lang",
        type=click.Choice(["en", "zh"]),
        default=locale_language,
        show_default="the locale's",
        help="Language of labels and sentences.",
    )
    as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
    return lang(as_json(command))


class Rename(_Texts):
    """What was renamed, written `workflow.old=new` or `workflow.track.old=new`."""

    name = "rename"

    def convert(
        self,
        value: str | tuple[str, str],
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> tuple[str, str]:
        """Return the old name with its place, and the new one; UsageError for anything else."""
        if isinstance(value, tuple):
            return value
        old, equals, new = value.partition("=")
        if not (equals and old and new):
            self.fail(f"{value!r} is no rename (write it as workflow.old=new)", param, ctx)
        return old, new


def _read_file(_ctx: click.Context, _param: click.Parameter, value: Path | None) -> str | None:
    return None if value is None else value.read_text(encoding="utf-8")


def _read_key(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    """Return the text of a key that was written out, or of the file that holds it."""
    if value is None or ("+" in value and not Path(value).is_file()):
        return value
    try:
        return Path(value).read_text(encoding="utf-8")
    except (OSError, UnicodeError):
        message = f"there is no key in {value!r}"
        raise click.BadParameter(message, ctx=ctx, param=param) from None


reform_path = click.argument("path", metavar="PATH")
database = click.option(
    "--db", "url", required=True, metavar="URL", help="Database, such as sqlite:///reform.db."
)
run_id = click.option(
    "--run", "id_", metavar="ID", help="What the run is called.  [default: made up]"
)
chunk = click.option(
    "--chunk",
    type=click.IntRange(1),
    default=10_000,
    show_default=True,
    metavar="N",
    help="Cases that are stored together.",
)
on_day = click.option("--on", type=Day(), metavar="DATE", help="The day.  [default: today]")
the_day = click.option(
    "--on", type=Day(), required=True, metavar="DATE", help="The day of the act."
)
one_unit = click.option("--unit", metavar="UNIT", help="Only cases of this unit.")
acting = click.option(
    "--actor",
    required=True,
    metavar="WHO",
    help="An id from --roster, a role's id, or ID:ROLE,ROLE@UNIT.",
)
of_roster = click.option(
    "--roster",
    type=click.Path(file_okay=False, path_type=str),
    metavar="DIR",
    help="Look the actor up in this folder's actors table.",
)
strictly = click.option("--strict", is_flag=True, help="Leave with 1 if a case was refused.")
renames = click.option(
    "--rename",
    "renames",
    type=Rename(),
    multiple=True,
    metavar="OLD=NEW",
    help="A fact, transition, track, duty (workflow.old=new) or state (workflow.track.old=new).",
)
signing = click.option(
    "--key",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    callback=_read_file,
    metavar="FILE",
    help="Sign with the private key in this file (see checkpoint keygen).",
)
trusting = click.option(
    "--key",
    callback=_read_key,
    metavar="KEY",
    help="Demand the signature of this public key, written out or in a file.",
)
