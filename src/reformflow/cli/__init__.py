"""The command line: `reformflow check`, `run`, `status` and the others.

Exit codes: 0 fine, 1 findings, or refusals under --strict, 2 bad input, 3 trouble with the
database or another file that cannot be written, 130 interrupted.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from reformflow.cli.group import LazyGroup
from reformflow.cli.streams import BROKEN_PIPE, prepare_streams, silence_stdout

INTERRUPTED = 130


root = click.version_option(package_name="reformflow")(
    LazyGroup(
        "reformflow",
        help="""Policy documents as executable state machines.

        PATH is a folder with reform.yaml, or the id of a shipped reform.""",
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    )
)
"""The command with all its subcommands."""


def main(args: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code; errors of users never show a traceback."""
    prepare_streams()
    try:
        code = root(args, prog_name="reformflow", standalone_mode=False)
        sys.stdout.flush()
    except click.exceptions.Exit as leaving:
        return leaving.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted: what was acknowledged is stored, the rest is not", err=True)
        return INTERRUPTED
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except BrokenPipeError:
        silence_stdout()
        return BROKEN_PIPE
    return code if isinstance(code, int) else 0
