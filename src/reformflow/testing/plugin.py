"""The pytest plugin: properties and examples as tests, and the coverage of reforms over a run.

`pytest workflows/permits` tries every property in the folder `properties` over histories, and
every ledger in `examples`, line by line;
`--reform-coverage PATH` tells what a run has tried of a reform.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from reformflow.testing.coverage import Coverage
    from reformflow.testing.properties import Trial

_FOLDER = "properties"
_EXAMPLES = "examples"
_LEDGER = "ledger.csv"
_SENT = "reformflow_tried"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options."""
    group = parser.getgroup("reformflow", "reformflow: policies as state machines")
    group.addoption(
        "--reform-coverage",
        action="append",
        default=[],
        metavar="PATH",
        help="tell what the run has tried of the reform in a folder, or of a shipped one by its id",
    )
    group.addoption("--reform-coverage-json", metavar="FILE", help="write it as JSON")
    group.addoption("--reform-coverage-html", metavar="FILE", help="write it as a page")
    group.addoption(
        "--reform-coverage-fail-under",
        type=float,
        metavar="PERCENT",
        help="fail if less of the enforced clauses is covered",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Begin to listen, if coverage is asked for."""
    paths = config.getoption("--reform-coverage")
    if paths:
        config.pluginmanager.register(Listener(config, paths), "reformflow-coverage")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Take a reform's property files, and the ledgers of its examples, for files of tests."""
    beside = file_path.parent.parent / "reform.yaml"
    inside = file_path.suffix == ".yaml" and file_path.parent.name == _FOLDER
    if inside and beside.is_file():
        return PropertyFile.from_parent(parent, path=file_path)
    if file_path.name == _LEDGER and _reform_of(file_path) is not None:
        return ExampleFile.from_parent(parent, path=file_path)
    return None


def _reform_of(ledger: Path) -> Path | None:
    """Return the folder of the reform that a ledger is an example of."""
    for folder in ledger.parents:
        if folder.name == _EXAMPLES:
            return folder.parent if (folder.parent / "reform.yaml").is_file() else None
    return None


class PropertyFile(pytest.File):
    """A file of properties; each is a test."""

    def collect(self) -> Iterable[pytest.Item]:
        """Yield a test for each property; InputError for a file that cannot be read."""
        from reformflow.binding import bind
        from reformflow.formats import load
        from reformflow.formats.properties import load_properties

        self.bound = bind(load(self.path.parent.parent))
        self.read = load_properties(self.path, self.bound)
        for placed in self.read:
            item: PropertyItem = PropertyItem.from_parent(self, name=placed.property.id)
            item.placed = placed
            yield item

    @cached_property
    def trial(self) -> Trial:
        """The histories over which the properties are tried."""
        from reformflow.testing.properties import Trial

        workflows = dict.fromkeys(placed.property.workflow for placed in self.read)
        return Trial.of(self.bound, workflows=workflows)

    @cached_property
    def all_hold(self) -> bool:
        """Whether all properties of the file hold: then none has to be tried by itself."""
        return self.trial.first(placed.property for placed in self.read) is None


class PropertyItem(pytest.Item):
    """One property, tried over histories."""

    placed: Any
    parent: PropertyFile

    def runtest(self) -> None:
        """Try it; PropertyBroken with the ledger if it does not hold."""
        if not self.parent.all_hold:
            self.parent.trial.check(self.placed.property)

    def repr_failure(
        self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None  # noqa: ANN401
    ) -> Any:  # fmt: skip  # noqa: ANN401
        """Show the ledger that breaks the property, without a traceback."""
        from reformflow.testing.properties import PropertyBroken

        if isinstance(excinfo.value, PropertyBroken):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Say where the property stands."""
        return self.path, self.placed.place.line - 1, self.name


class ExampleFile(pytest.File):
    """A ledger among the examples of a reform; one test."""

    def collect(self) -> Iterable[pytest.Item]:
        """Yield the test."""
        yield ExampleItem.from_parent(self, name="as_expected")


class ExampleItem(pytest.Item):
    """Whether every line of a ledger comes out as its note says."""

    def runtest(self) -> None:
        """Replay it; InputError if it cannot be read."""
        from reformflow.formats import load
        from reformflow.testing.examples import Example

        reform = load(_reform_of(self.path) or self.path.parent)
        wrong = list(Example.read(self.path, reform).unexpected(reform))
        if wrong:
            raise AssertionError("\n".join(wrong))

    def repr_failure(
        self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None  # noqa: ANN401
    ) -> Any:  # fmt: skip  # noqa: ANN401
        """Show the lines that came out otherwise, without a traceback."""
        if isinstance(excinfo.value, AssertionError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Say which ledger it is."""
        return self.path, 0, self.name


class Listener:
    """Hears every decision of a run, on all processes that share its tests."""

    def __init__(self, config: pytest.Config, paths: list[str]) -> None:
        """Listen for the reforms at these paths."""
        from reformflow.binding import bind
        from reformflow.formats import fingerprint, load
        from reformflow.testing.coverage import Recorder, listening

        self._config = config
        self._bound = {}
        for path in paths:
            reform = load(path)
            self._bound[fingerprint(reform)] = bind(reform)
        self._recorder = Recorder(frozenset(self._bound))
        self._listening = listening(self._recorder)
        self._listening.__enter__()

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Stop listening; hand over what was heard, or judge it."""
        self._listening.__exit__(None, None, None)
        sent = getattr(self._config, "workeroutput", None)
        if sent is not None:
            sent[_SENT] = {
                digest: [[*key, count] for key, count in counts.items()]
                for digest, counts in self._recorder.tried.items()
            }
            return
        limit = self._config.getoption("--reform-coverage-fail-under")
        for coverage in self._found():
            seen, there = coverage.clause_share
            if (
                limit is not None
                and there
                and 100 * seen / there < limit
                and not session.testsfailed
            ):
                session.exitstatus = pytest.ExitCode.TESTS_FAILED

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any, error: object) -> None:  # noqa: ANN401, ARG002
        """Take over what another process has heard."""
        sent = getattr(node, "workeroutput", {}).get(_SENT, {})
        self._recorder.add(
            {
                digest: [((path, outcome), count) for path, outcome, count in counts]
                for digest, counts in sent.items()
            }
        )

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print the tables, and write the files that were asked for."""
        from reformflow.testing.coverage import report

        found = self._found()
        terminalreporter.section("coverage of reforms")
        for coverage in found:
            for line in report.lines(coverage):
                terminalreporter.write_line(line)
        target = self._config.getoption("--reform-coverage-json")
        if target:
            import json

            made = [report.document(coverage) for coverage in found]
            Path(target).write_text(json.dumps(made, ensure_ascii=False, indent=2), "utf-8")
        target = self._config.getoption("--reform-coverage-html")
        if target:
            pairs = [(coverage, self._bound[coverage.digest]) for coverage in found]
            Path(target).write_text(report.page(pairs), "utf-8")

    def _found(self) -> list[Coverage]:
        from reformflow.testing.coverage import measure

        return [
            measure(bound, self._recorder.tried.get(digest, {}), digest=digest)
            for digest, bound in self._bound.items()
        ]
