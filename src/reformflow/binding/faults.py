"""The problems found while a reform is bound, each with its path."""

from __future__ import annotations

from collections.abc import Iterable

from reformflow.errors import Place, Problem, nearest
from reformflow.language.parse import ExpressionError
from reformflow.model import Reform


class Faults:
    """Collects problems; checks references to what a whole reform shares."""

    def __init__(self, reform: Reform) -> None:
        """Start with none, for `reform`."""
        self.problems: list[Problem] = []
        self._clauses = frozenset(clause.id for clause in reform.clauses)
        self._roles = [role.id for role in reform.roles]

    def add(self, path: str, code: str, message: str, hint: str = "") -> None:
        """Note one problem of the part at `path`."""
        self.problems.append(Problem(code, message, hint, Place(field=path)))

    def expression(self, path: str, error: ExpressionError) -> None:
        """Note that the expression at `path` does not hold up."""
        self.add(path, error.code, error.message, error.hint)

    def known(self, path: str, kind: str, name: str, known: Iterable[str]) -> bool:
        """Note a problem unless `name` is known; say whether it is."""
        names = list(known)
        if name in names:
            return True
        code = f"unknown_{kind.rsplit(maxsplit=1)[-1]}"
        hint = nearest(name, names)
        if kind == "rule" and not name.isidentifier():
            hint = "put the expression under `rules`, and name its id here"
        self.add(path, code, f"unknown {kind} {name!r}", hint)
        return False

    def clauses(self, path: str, cited: tuple[str, ...]) -> None:
        """Note every cited clause that does not exist."""
        for index, clause in enumerate(cited):
            if clause not in self._clauses:
                self.known(f"{path}.clauses[{index}]", "clause", clause, self._clauses)

    def roles(self, path: str, roles: tuple[str, ...]) -> None:
        """Note every role that does not exist."""
        for index, role in enumerate(roles):
            self.known(f"{path}[{index}]", "role", role, self._roles)
