"""Loading a reform: all files of its folder, all of their problems at once."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Protocol

import attrs

from reformflow.binding import bind
from reformflow.errors import DefinitionError, Place, Problem, nearest
from reformflow.formats.forms import FAULTY, Faulty, IdForm, Reading, Spot
from reformflow.formats.locate import Source, place_of
from reformflow.formats.nodes import Leaf, ListNode, MapNode, Node
from reformflow.formats.positions import read_bytes, read_file
from reformflow.formats.reform import CLAUSES, HEAD, Head
from reformflow.formats.workflow import WORKFLOW
from reformflow.model import Clause, Reform, Workflow

REFORM_FILE = "reform.yaml"
CLAUSES_FILE = "clauses.yaml"
MAX_WORKFLOWS = 100
_ID = IdForm("a workflow's id")
_WORD = re.compile(r"\w+(?:[.\-]\w+)*")


def load(path: str | os.PathLike[str]) -> Reform:
    """Load the reform in the folder `path`, or the shipped reform whose id `path` is.

    A folder of that name comes first. DefinitionError holds the problems of all files, sorted
    by file and line.
    """
    folder = _folder(path)
    loading = _Loading(_OnDisk(folder))
    reform = loading.reform()
    loading.check(reform)
    if loading.problems or reform is None:
        problems = loading.sorted_problems()
        count = f"{len(problems)} problem{'s' if len(problems) != 1 else ''}"
        raise DefinitionError(f"{folder} has {count}", problems=problems)
    return reform


def folder_of(path: str | os.PathLike[str]) -> Path:
    """Return the folder of a reform, as `load` takes it; DefinitionError if there is none."""
    return _folder(path)


def places(path: str | os.PathLike[str]) -> Callable[[str], Place]:
    """Return what tells the place in the files of each part of the reform in a folder.

    A part is told by its path, such as `<workflow>.transitions.<id>.needs[0]`; one that is not
    written has the place of what is around it.
    """
    loading = _Loading(_OnDisk(_folder(path)))
    loading.reform()
    return lambda field: place_of(field, loading.sources)[0]


def read_texts(files: Mapping[str, bytes]) -> tuple[Reform | None, tuple[Problem, ...]]:
    """Read a reform from files in memory, by name, without checking its names and types."""
    loading = _Loading(_InMemory(files))
    return loading.reform(), loading.sorted_problems()


def shipped() -> tuple[str, ...]:
    """Return the ids of the reforms that come with the library, sorted."""
    return tuple(sorted(path.parent.name for path in _shelf().glob(f"*/{REFORM_FILE}")))


def shipped_folder(name: str) -> Path:
    """Return the folder of a shipped reform; DefinitionError if there is none of that name."""
    names = shipped()
    if name not in names:
        raise DefinitionError(f"no shipped reform {name!r}", hint=nearest(name, names))
    return _shelf() / name


# ---------------------------------------------------------------------------------------------


def _shelf() -> Path:
    """Where shipped reforms stand: inside an installed package, beside src/ in a checkout."""
    package = Path(__file__).resolve().parent.parent
    inside = package / "shipped"
    if not inside.is_dir() and package.parent.name == "src":
        return package.parent.parent / "workflows"
    return inside


def _folder(path: str | os.PathLike[str]) -> Path:
    text = os.fspath(path)
    if os.path.isdir(text):  # noqa: PTH112 - Path.is_dir raises for names that are too long
        return Path(text)
    if text in shipped():
        return shipped_folder(text)
    message = f"{text!a} is neither a folder nor a shipped reform"
    hint = nearest(text, shipped())
    if os.path.isfile(text):  # noqa: PTH113 - as above
        hint = f"a reform is a folder: give {os.path.dirname(text) or '.'!a}"  # noqa: PTH120 - as it was written
    raise DefinitionError(message, hint=hint)


def _order(problem: Problem) -> tuple[str, int, int, str]:
    place = problem.place
    return place.file, place.line, place.column, place.field


class _Files(Protocol):
    """Where the files of a reform are."""

    def has(self, file: str) -> bool:
        """Say whether there is such a file, readable or not."""

    def names(self) -> set[str]:
        """Return the names of all YAML files."""

    def read(self, file: str) -> tuple[Node | None, list[Problem]]:
        """Read one of them."""


@attrs.frozen
class _OnDisk:
    """The files of a folder."""

    folder: Path

    def has(self, file: str) -> bool:
        return os.path.lexists(self.folder / file)  # a broken link is there, but unreadable

    def names(self) -> set[str]:
        return {path.name for path in self.folder.glob("*.yaml")}

    def read(self, file: str) -> tuple[Node | None, list[Problem]]:
        return read_file(self.folder / file, name=file)


@attrs.frozen
class _InMemory:
    """Files that are in memory."""

    files: Mapping[str, bytes]

    def has(self, file: str) -> bool:
        return file in self.files

    def names(self) -> set[str]:
        return set(self.files)

    def read(self, file: str) -> tuple[Node | None, list[Problem]]:
        return read_bytes(self.files[file], name=file)


@attrs.define
class _Loading:
    """One folder being read: its problems, its trees, the ids whose parts have problems."""

    files: _Files
    problems: list[Problem] = attrs.field(factory=list)
    sources: dict[str, Source] = attrs.field(factory=dict)
    lost: set[str] = attrs.field(factory=set)

    def reform(self) -> Reform | None:
        """Read every file; None if what is left cannot even be checked further."""
        head = self._head()
        clauses = self._clauses()
        listed = list(self._listed())
        workflows = [self._workflow(item) for item in listed]
        self._unlisted({f"{name}.yaml" for name, _ in listed})
        if head is FAULTY or clauses is FAULTY or not workflows:
            return None
        whole = [workflow for workflow in workflows if workflow is not FAULTY]
        if len(whole) < len(workflows):
            return None
        return attrs.evolve(head.reform, clauses=clauses, workflows=tuple(whole))

    def check(self, reform: Reform | None) -> None:
        """Check names and types, and add what is wrong with them.

        Of a reform with other problems, only such faults count as do not follow from those:
        nothing inside or around a faulty part, nothing that mentions its id.
        """
        if reform is None:
            return
        try:
            bind(reform)
        except DefinitionError as error:
            before = tuple(self.problems)
            for problem in error.problems:
                place, node = place_of(problem.place.field, self.sources)
                if before and self._follows(problem, node, before):
                    continue
                self.problems.append(attrs.evolve(problem, place=place))

    def sorted_problems(self) -> tuple[Problem, ...]:
        """Return all problems by file, line and column."""
        return tuple(sorted(self.problems, key=_order))

    def _follows(self, problem: Problem, node: Node | None, before: tuple[Problem, ...]) -> bool:
        field = problem.place.field
        fields = [earlier.place.field for earlier in before]
        if any(_inside(field, other) or _inside(other, field) for other in fields):
            return True
        said = problem.message + (" " + node.text if isinstance(node, Leaf) else "")
        words = {word for found in _WORD.findall(f"{said} {field}") for word in _parts(found)}
        return not words.isdisjoint(self.lost)

    def _head(self) -> Head | Faulty:
        tree = self._tree(REFORM_FILE, "reform")
        if tree is None:
            return FAULTY
        with_path = self._spot(REFORM_FILE, "reform")
        head: Head | Faulty = HEAD.read(tree, with_path)
        self._keep(with_path.reading)
        return head

    def _clauses(self) -> tuple[Clause, ...] | Faulty:
        if not self.files.has(CLAUSES_FILE):
            return ()
        tree = self._tree(CLAUSES_FILE, "clauses")
        if tree is None:
            return FAULTY
        if isinstance(tree, MapNode) and (inner := tree.get("clauses")) is not None:
            self.sources["clauses"] = Source(CLAUSES_FILE, inner)
        spot = self._spot(CLAUSES_FILE, "")
        clauses: tuple[Clause, ...] | Faulty = CLAUSES.read(tree, spot)
        self._keep(spot.reading)
        return clauses

    def _listed(self) -> Iterator[tuple[str, Node]]:
        """Yield the workflows that reform.yaml names, also if other parts of it are faulty."""
        source = self.sources.get("reform")
        listed = (
            source.tree.get("workflows") if source and isinstance(source.tree, MapNode) else None
        )
        if listed is None:
            return
        items = listed.items if isinstance(listed, ListNode) else (listed,)
        seen: set[str] = set()
        spot = self._spot(REFORM_FILE, "reform.workflows")
        for index, node in enumerate(items[:MAX_WORKFLOWS]):
            ignored = self._spot(REFORM_FILE, "")
            if not isinstance(node, Leaf) or _ID.read(node, ignored) is FAULTY:
                continue
            if node.text in seen or node.text in {"reform", "clauses"}:
                hint = "list each workflow once; reform and clauses are other files' names"
                message = f"{node.text!r} cannot be listed here"
                spot.item(index).fault(node, "duplicate_workflow", message, hint)
                continue
            seen.add(node.text)
            yield node.text, node
        if len(items) > MAX_WORKFLOWS:
            spot.fault(items[MAX_WORKFLOWS], "too_many", f"more than {MAX_WORKFLOWS} workflows")
        self._keep(spot.reading)

    def _workflow(self, listed: tuple[str, Node]) -> Workflow | Faulty:
        name, node = listed
        file = f"{name}.yaml"
        if not self.files.has(file):
            place = Place(REFORM_FILE, node.line, node.column, "reform.workflows")
            hint = nearest(file, self.files.names() - {REFORM_FILE, CLAUSES_FILE})
            self.problems.append(Problem("missing_file", f"there is no file {file}", hint, place))
            return FAULTY
        tree = self._tree(file, name)
        if tree is None:
            return FAULTY
        spot = self._spot(file, name)
        workflow: Workflow | Faulty = WORKFLOW.read(tree, spot)
        if workflow is not FAULTY and workflow.id != name and isinstance(tree, MapNode):
            hint = f"write workflow: {name}, or rename the file"
            at = tree.get("workflow") or tree
            message = f"{file} defines the workflow {workflow.id!r}"
            workflow = spot.key("workflow").fault(at, "wrong_file", message, hint)
        self._keep(spot.reading)
        return workflow

    def _unlisted(self, listed: set[str]) -> None:
        """Note files that would otherwise be passed over without a word."""
        if self.problems:
            return  # what is not listed may be what is wrong with the list
        for file in sorted(self.files.names() - listed - {REFORM_FILE, CLAUSES_FILE}):
            hint = f"name it under `workflows` in {REFORM_FILE}, or take it out of the folder"
            message = f"{file} is not part of the reform"
            self.problems.append(Problem("unlisted_file", message, hint, Place(file)))

    def _tree(self, file: str, name: str) -> Node | None:
        tree, problems = self.files.read(file)
        self.problems.extend(problems)
        if tree is not None:
            self.sources[name] = Source(file, tree)
        return tree

    def _spot(self, file: str, path: str) -> Spot:
        return Spot(Reading(file), path)

    def _keep(self, reading: Reading) -> None:
        self.problems.extend(reading.problems)
        self.lost |= reading.lost


def _inside(field: str, other: str) -> bool:
    return field == other or field.startswith((f"{other}.", f"{other}["))


def _parts(word: str) -> set[str]:
    return {word, *word.split(".")}
