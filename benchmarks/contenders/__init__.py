"""The libraries that ``engine.py`` compares, one module each.

Every module has ``contender()``, which builds the library's machine once and returns how to drive
it. Adding a library is one file here and its name in ``MODULES``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from attrs import frozen

if TYPE_CHECKING:
    from contenders.lifecycle import Entry, Facts, Listener

C = TypeVar("C")
Calls = Sequence[tuple[str, date]]
Walk = Callable[[Sequence[C], Calls], None]


@frozen
class Contender(Generic[C]):
    """How one library is driven; the loops live in its module so that no wrapper is timed.

    ``walk`` makes every call on every case; ``refuse`` makes one call, that is refused, on every
    case and leaves all as they were. It is ``None`` where a library knows no guards, so that a
    refusal never reaches it. ``observed`` builds ``walk`` anew with a host's callback attached to
    every transition. ``reasons`` names the failed parts of a guard, read from the very answer that
    ``refuse`` gets. ``begin`` is called before a batch of cases is opened, for machines that
    remember their cases. ``live`` is how many cases the memory figures hold at once: fewer where
    ten thousand would fill a small machine.
    """

    name: str
    open: Callable[[Facts], C]
    walk: Walk[C]
    state: Callable[[C], str]
    history: Callable[[C], Sequence[Entry]]
    refuse: Callable[[Sequence[C], str, date], None] | None = None
    observed: Callable[[Listener], Walk[C]] | None = None
    reasons: Callable[[C, str, date], Sequence[str]] | None = None
    begin: Callable[[], None] | None = None
    live: int = 10_000
    live_only: bool = False


LIMIT = "dict dispatch"
OURS = "reformflow"
STOCK = "transitions"

#: Name of the contender: module here, and the distribution that must be installed for it.
MODULES: dict[str, tuple[str, str | None]] = {
    LIMIT: ("plain", None),
    OURS: ("ours", "reformflow"),
    "automaton": ("automaton", "automaton"),
    "Automat": ("automat", "Automat"),
    "django-fsm-2": ("django_fsm", "django-fsm-2"),
    STOCK: ("transitions", "transitions"),
    "transitions, bound": ("transitions_bound", "transitions"),
    "sismic": ("sismic", "sismic"),
    "python-statemachine": ("python_statemachine", "python-statemachine"),
    "SpiffWorkflow": ("spiffworkflow", "SpiffWorkflow"),
}


class Absent(Exception):
    """A contender cannot be measured here; the text says what to do about it."""


INSTALL = "pip install 'reformflow[bench]', in a checkout: make bench"


def load(name: str) -> Contender[Any]:
    """Import and build the contender ``name``; raise ``Absent`` without its library."""
    module, library = MODULES[name]
    if find_spec(f"contenders.{module}") is None:
        raise Absent(f"there is no contenders/{module}.py to drive it")
    try:
        built: Contender[Any] = import_module(f"contenders.{module}").contender()
    except ModuleNotFoundError as error:
        # Only a missing third-party package is a reason to go on without this contender.
        if library is None or (error.name or "").split(".")[0] in {"contenders", "lifecycle"}:
            raise
        raise Absent(f"{library} is not installed: {INSTALL}") from error
    return built
