"""Charts show shares with their spread, in Chinese too."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reformflow.errors import RequestError
from reformflow.pictures.charts import Bar, Chart, write_chart

CHART = Chart("按期比例", "期限", (Bar("审定", 0.4, 0.3, 0.6), Bar("进驻", 0.9, 0.8, 1.0)))


def test_the_specification_holds_every_bar(tmp_path: Path) -> None:
    file = tmp_path / "chart.json"
    write_chart(CHART, file)
    made = json.loads(file.read_text("utf-8"))
    assert [row["label"] for row in made["data"]["values"]] == ["审定", "进驻"]


def test_pictures_are_drawn(tmp_path: Path) -> None:
    pytest.importorskip("vl_convert")
    write_chart(CHART, tmp_path / "chart.svg")
    assert "审定" in (tmp_path / "chart.svg").read_text("utf-8")
    write_chart(CHART, tmp_path / "chart.png")
    assert (tmp_path / "chart.png").read_bytes().startswith(b"\x89PNG")


def test_another_ending_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match=r"\.gif"):
        write_chart(CHART, tmp_path / "chart.gif")
