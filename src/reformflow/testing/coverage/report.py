"""Coverage told: as lines for a terminal, as JSON, as a page with the clauses coloured."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from typing import Any, Final

import attrs

from reformflow.binding import BoundReform
from reformflow.model import Text
from reformflow.testing.coverage.measure import Coverage

KINDS: Final = ("state", "transition", "rule", "date")
_MOST: Final = 30


def lines(coverage: Coverage) -> Iterator[str]:
    """Yield the table of one reform, then what was missed."""
    yield f"reform {coverage.reform}"
    for kind in KINDS:
        seen, there = coverage.share(kind)
        outcomes = "outcomes" if kind in {"rule", "date", "transition"} else "states"
        yield f"  {kind:<11} {seen:>5} of {there:<5} {outcomes:<9} {_percent(seen, there)}"
    seen, there = coverage.clause_share
    yield f"  {'clause':<11} {seen:>5} of {there:<5} {'enforced':<9} {_percent(seen, there)}"
    missed = [clause.id for clause in coverage.clauses if clause.enforced and not clause.covered]
    if missed:
        yield f"  clauses never tried: {', '.join(missed)}"
    parts = [part for part in coverage.parts if part.missed]
    for part in parts[:_MOST]:
        yield f"  {part.path}: never {', '.join(part.missed)}"
    if len(parts) > _MOST:
        yield f"  … and {len(parts) - _MOST} more"


def document(coverage: Coverage) -> dict[str, Any]:
    """Return the coverage of one reform as data for JSON."""
    return {
        "reform": coverage.reform,
        "digest": coverage.digest,
        "shares": {
            **{
                kind: dict(zip(("seen", "of"), coverage.share(kind), strict=True)) for kind in KINDS
            },
            "clause": dict(zip(("seen", "of"), coverage.clause_share, strict=True)),
        },
        "parts": [attrs.asdict(part) | {"missed": list(part.missed)} for part in coverage.parts],
        "clauses": [
            attrs.asdict(clause) | {"covered": clause.covered} for clause in coverage.clauses
        ],
    }


def page(found: Sequence[tuple[Coverage, BoundReform]]) -> str:
    """Return one page of HTML: for each reform its clauses, coloured, and its parts."""
    body = "".join(_section(coverage, bound) for coverage, bound in found)
    return f"<!doctype html>\n<html lang='en'><head>{_HEAD}</head><body>{body}</body></html>\n"


# ---------------------------------------------------------------------------------------------

_HEAD: Final = """<meta charset='utf-8'><meta name='viewport' content='width=device-width'>
<title>Coverage of reforms</title><style>
body{font:15px/1.5 system-ui,'Noto Sans SC',sans-serif;margin:2rem auto;
padding:0 1rem;max-width:70rem}
table{border-collapse:collapse;width:100%;margin:1rem 0}
td,th{border-bottom:1px solid #ddd;padding:.3rem .5rem;text-align:left;vertical-align:top}
.covered td:first-child{border-left:.5rem solid #2a9d4a}
.missed td:first-child{border-left:.5rem solid #d0342c}
.told td:first-child{border-left:.5rem solid #bbb}
code{font-size:85%;overflow-wrap:anywhere}small{color:#555}
</style>"""


def _section(coverage: Coverage, bound: BoundReform) -> str:
    title = bound.reform.document.title
    shares = [
        (name, f"{seen} of {there}", _percent(seen, there))
        for name, (seen, there) in _shares(coverage)
    ]
    missed = [
        (f"<code>{escape(part.path)}</code>", escape(", ".join(part.missed)))
        for part in coverage.parts
        if part.missed
    ]
    return "".join(
        [
            f"<h1>{_both(title) or escape(coverage.reform)}</h1>",
            _table(("what", "outcomes that came", ""), [("", row) for row in shares]),
            "<h2>Clauses</h2>",
            "<p>Green: a part that enforces it was tried. Red: none was. Grey: not enforced.</p>",
            _table(("clause", "says", "parts that enforce it"), _clauses(coverage, bound)),
            "<h2>What no test came to</h2>",
            _table(("part", "never"), [("", row) for row in missed])
            if missed
            else "<p>Nothing: every outcome came.</p>",
        ]
    )


_Rows = Iterable[tuple[str, tuple[str, ...]]]
"""The class of each row, and its cells."""


def _clauses(coverage: Coverage, bound: BoundReform) -> _Rows:
    written = {clause.id: clause for clause in bound.reform.clauses}
    for clause in coverage.clauses:
        colour = "covered" if clause.covered else "missed"
        marks = [("✓", clause.tried), ("✗", clause.untried)]
        paths = [f"{mark} <code>{escape(path)}</code>" for mark, some in marks for path in some]
        text = written[clause.id].says
        yield (
            colour if clause.enforced else "told",
            (
                f"<b>{escape(clause.id)}</b> {escape(written[clause.id].at)}",
                _both(text),
                "<br>".join(paths),
            ),
        )


def _both(text: Text) -> str:
    """Return a text in its languages, one below the other where they differ."""
    told = [escape(text.en)] if text.en else []
    if text.zh and text.zh != text.en:
        told.append(f"<small lang='zh'>{escape(text.zh)}</small>" if told else escape(text.zh))
    return "<br>".join(told)


def _table(header: Iterable[str], rows: _Rows) -> str:
    head = "".join(f"<th>{name}</th>" for name in header)
    body = "".join(
        f"<tr class='{kind}'>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"
        for kind, cells in rows
    )
    return f"<table><tr>{head}</tr>{body}</table>"


def _shares(coverage: Coverage) -> Iterator[tuple[str, tuple[int, int]]]:
    for kind in KINDS:
        yield kind, coverage.share(kind)
    yield "clause", coverage.clause_share


def _percent(seen: int, there: int) -> str:
    return f"{seen / there:>5.0%}" if there else "    –"
