"""Names of a package that are loaded when they are first used.

Whoever embeds a package pays, in memory and in time, for what is imported. So what few need is
imported by those few.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from importlib import import_module


def when_used(
    package: str, homes: Mapping[str, str]
) -> tuple[Callable[[str], object], Callable[[], list[str]]]:
    """Return the `__getattr__` and `__dir__` of a package, which lists its `__all__`.

    `homes` says in which of its modules a name lives. A module that is named there is itself found,
    too, as if the package had imported it. Type checkers must not see either function: they would
    take any name for one of the package.
    """
    modules = {home.partition(".")[0] for home in homes.values()}

    def load(name: str) -> object:
        if name in modules and name not in homes:
            return import_module(f"{package}.{name}")
        if name not in homes:
            message = f"module {package!r} has no attribute {name!r}"
            raise AttributeError(message)
        value = getattr(import_module(f"{package}.{homes[name]}"), name)
        setattr(sys.modules[package], name, value)
        return value

    def names() -> list[str]:
        return sorted(sys.modules[package].__all__)

    return load, names
