"""Charts: shares as bars with their spread, as a Vega-Lite specification or a picture of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import attrs

from reformflow.errors import MissingExtra, RequestError

_SUFFIXES: Final = (".svg", ".png", ".json")
_FONT: Final = "Noto Sans SC, Noto Sans CJK SC, sans-serif"


@attrs.frozen
class Bar:
    """One bar: its label, a share between 0 and 1, and what most runs span."""

    label: str
    share: float
    least: float
    most: float


@attrs.frozen
class Chart:
    """Bars over one another, the first on top; `value` and `names` say what the axes show."""

    value: str
    names: str
    bars: tuple[Bar, ...]


def specification(chart: Chart) -> dict[str, Any]:
    """Return the chart as Vega-Lite 5 (https://vega.github.io/vega-lite/)."""
    label = {"field": "label", "type": "nominal", "sort": None, "title": chart.names}
    share = {
        "field": "share",
        "type": "quantitative",
        "title": chart.value,
        "scale": {"domain": [0, 1]},
        "axis": {"format": "%"},
    }
    span = {
        "mark": {"type": "rule", "strokeWidth": 2},
        "encoding": {"y": label, "x": {**share, "field": "least"}, "x2": {"field": "most"}},
    }
    bars = {"mark": {"type": "bar", "color": "#4c78a8"}, "encoding": {"y": label, "x": share}}
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": 420,
        "data": {"values": [attrs.asdict(bar) for bar in chart.bars]},
        "layer": [bars, span],
        "config": {"axis": {"labelLimit": 320}, "font": _FONT},
    }


def write_chart(chart: Chart, path: Path) -> None:
    """Write a chart: .json as it is, .svg and .png with the extra `charts`.

    RequestError for another ending, MissingExtra without the extra, OSError if it cannot be
    written.
    """
    suffix = path.suffix.lower()
    if suffix not in _SUFFIXES:
        message = f"a chart is not written as {suffix or 'such a file'}"
        raise RequestError(message, f"name a file that ends with one of {', '.join(_SUFFIXES)}")
    made = specification(chart)
    if suffix == ".json":
        path.write_text(json.dumps(made, ensure_ascii=False, indent=2), "utf-8")
        return
    try:
        import pylopdf_fonts_zh_cn as fonts
        import vl_convert
    except ImportError:
        raise MissingExtra.of("charts", purpose="drawing a chart") from None
    vl_convert.register_font_directory(str(fonts.sans_path().parent))
    if suffix == ".svg":
        path.write_text(vl_convert.vegalite_to_svg(made, vl_version="5.20"), "utf-8")
    else:
        path.write_bytes(vl_convert.vegalite_to_png(made, vl_version="5.20", scale=2))
