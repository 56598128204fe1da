"""The list of commands, each loaded only when it is asked for."""

from __future__ import annotations

from importlib import import_module
from typing import Final

import click

# In the order in which a newcomer meets them.
COMMANDS: Final = {
    "check": "Load a reform and report every problem.",
    "run": "Open the cases of a roster, apply a ledger, show the board.",
    "status": "Show the board: where every case stands.",
    "overdue": "Show what is late, the longest first.",
    "explain": "Say what firing a transition would do, without doing it.",
    "unlock": "Say what a transition lacks, and the earliest day for it.",
    "history": "Show the history of a case.",
    "tick": "Carry out what time has brought.",
    "bulk": "Plan one act over many cases, carry it out, go on with it.",
    "install": "Make the tables of a reform, and open no case.",
    "upgrade": "Bring the tables of a database to a changed definition.",
    "migrate": "Move cases to a changed definition.",
    "replay": "Say which past decisions a changed definition would refuse.",
    "seal": "Seal what is new in the history.",
    "checkpoint": "Write down what the sealed history has come to; make keys.",
    "verify": "Check that what is stored hangs together, and is what was sealed.",
    "proof": "Prove that an entry is in the sealed history.",
    "feed": "Print sealed entries for other systems.",
    "export": "Write the history for programs of process mining.",
    "prove": "Prove properties of every case, or find acts that break them.",
    "paths": "Find few courses that show everything of a reform, as a ledger.",
    "mutants": "Change a reform in one thing at a time: what do its properties notice.",
    "audit": "Judge what others did, line by line, from their ledger or log.",
    "simulate": "Let a roll-out run many times: which dates will be kept.",
    "draw": "Draw a workflow as Mermaid or DOT.",
    "diff": "Say what changes in meaning from one version to the next.",
    "schedule": "Show by when the stages of a reform have to begin.",
    "clauses": "Show which clause is enforced where.",
}


class LazyGroup(click.Group):
    """A group whose commands are modules of this package."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the names of all commands."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Load a command, None if there is no such."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"reformflow.cli.{cmd_name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; a wrong name gets the nearest right one as a hint."""
        name = args[0] if args else ""
        if name and not name.startswith("-") and name not in COMMANDS:
            import difflib  # only where a name is wrong

            close = difflib.get_close_matches(name, COMMANDS, n=1)
            hint = f"did you mean {close[0]!r}?" if close else f"known: {', '.join(COMMANDS)}"
            ctx.fail(f"no such command {name!r} ({hint})")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """List the commands without loading them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))
