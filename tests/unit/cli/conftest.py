"""A small reform with a roster, a ledger and a database, and the command run in this process."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
import pytest

from reformflow.cli import main
from support.repository import ROOT

ROSTER = {
    "actors.csv": "actor,role,unit\nwang,office,\nzhao,office,\nli,bureau,u1\n",
    "case.csv": (
        "id,unit,subject,on,actor,kind\n"
        "c1,u1,First,2021-02-21,wang,whole\n"
        "c2,u1,第二,2021-02-22,wang,part\n"
    ),
}
LEDGER = """key,on,case,action,name,actor,facts,reason,note
k1,2021-02-22,c1,record,,li,before=5; after=4,,
k2,2021-03-01,c1,fire,start,li,started_on=2021-03-01,,
k3,2021-03-02,c2,fire,start,li,started_on=2021-03-02,,
k4,2021-03-03,c2,fire,finish,wang,,,nothing is recorded yet
k5,2021-04-05,c1,fire,finish,wang,,the paper was late,
k5,2021-04-05,c1,fire,finish,wang,,the paper was late,the same line twice
k6,2021-04-06,c3,open,case,li,unit=u1; kind=part,,not hers to open
k7,2021-04-06,c3,record,,li,before=1,,
"""


@attrs.frozen
class Done:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        return json.loads(self.out)


@attrs.define
class Place:
    """A folder with everything that `run` needs."""

    folder: Path

    @property
    def reform(self) -> str:
        return str(self.folder / "sample")

    @property
    def url(self) -> str:
        return f"sqlite:///{self.folder / 'new' / 'place.db'}"

    def arguments(self) -> list[str]:
        roster, ledger = self.folder / "roster", self.folder / "ledger.csv"
        return [
            "run",
            self.reform,
            "--roster",
            str(roster),
            "--ledger",
            str(ledger),
            "--db",
            self.url,
        ]


Run = Callable[..., Done]


@pytest.fixture
def place(tmp_path: Path) -> Place:
    shutil.copytree(ROOT / "tests" / "definitions" / "bad" / "base", tmp_path / "sample")
    (tmp_path / "roster").mkdir()
    for name, text in ROSTER.items():
        (tmp_path / "roster" / name).write_text(text, encoding="utf-8")
    (tmp_path / "ledger.csv").write_text(LEDGER, encoding="utf-8")
    return Place(tmp_path)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command line as a user would, in English unless told otherwise."""
    for variable in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("LANG", "en_GB.UTF-8")

    def command(*arguments: str) -> Done:
        code = main(list(arguments))
        captured = capsys.readouterr()
        return Done(code, captured.out, captured.err)

    return command


@pytest.fixture
def filled(place: Place, run: Run) -> Place:
    """The place, after its ledger was applied."""
    assert run(*place.arguments()).code == 0
    return place
