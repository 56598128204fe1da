"""`reformflow draw`: a workflow as a picture."""

from __future__ import annotations

import click

from reformflow.cli import options
from reformflow.cli.faults import FINE, bad_input, reporting


@click.command("draw")
@options.reform_path
@click.argument("workflow")
@click.option(
    "--format",
    "form",
    type=click.Choice(["mermaid", "dot"]),
    default="mermaid",
    show_default=True,
    help="The language of the picture.",
)
@options.speaking
@reporting
def command(*, path: str, workflow: str, form: str, lang: str, as_json: bool) -> int:
    """Print the text of a picture of WORKFLOW: its states, stages, steps, and who takes them."""
    from reformflow.binding import bind
    from reformflow.cli.documents import emit
    from reformflow.errors import nearest
    from reformflow.formats import load
    from reformflow.pictures import dot, graph_of, mermaid

    bound = bind(load(path))
    if workflow not in bound.workflows:
        bad_input(f"unknown workflow {workflow!r}", nearest(workflow, bound.workflows))
    graph = graph_of(bound, workflow, lang=lang)
    text = mermaid(graph) if form == "mermaid" else dot(graph)
    if as_json:
        body = {"reform": bound.reform.id, "workflow": workflow, "format_of_text": form}
        emit("draw", {**body, "text": text})
    else:
        click.echo(text, nl=False)
    return FINE
