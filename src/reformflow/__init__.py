"""Policy as executable, provable state machines.

`load` reads a reform from a folder of definitions, `connect` keeps its cases in a database,
`Casework` does the same inside a host's own transaction, and `Engine` decides in memory.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reformflow.names import when_used

if TYPE_CHECKING:
    from reformflow.casework import Book, Casework, connect
    from reformflow.engine import Docket, Engine
    from reformflow.errors import DefinitionError, ReformflowError
    from reformflow.formats import load
    from reformflow.model import Actor, Decision, Fire, Open, Record, Reform, Request

_HOMES = {
    "Actor": "model",
    "Book": "casework",
    "Casework": "casework",
    "Decision": "model",
    "DefinitionError": "errors",
    "Docket": "engine",
    "Engine": "engine",
    "Fire": "model",
    "Open": "model",
    "Record": "model",
    "Reform": "model",
    "ReformflowError": "errors",
    "Request": "model",
    "connect": "casework",
    "load": "formats",
}
"""Where each public name lives; importing the package itself loads none of them."""

__all__ = [
    "Actor",
    "Book",
    "Casework",
    "Decision",
    "DefinitionError",
    "Docket",
    "Engine",
    "Fire",
    "Open",
    "Record",
    "Reform",
    "ReformflowError",
    "Request",
    "connect",
    "load",
]

if not TYPE_CHECKING:
    __getattr__, __dir__ = when_used(__name__, _HOMES)
