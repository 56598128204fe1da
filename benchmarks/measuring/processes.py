"""Fresh processes, as those of an installed package."""

import os


def installed(compiled: str) -> dict[str, str]:
    """Return the environment of a process that keeps its compiled modules in a folder.

    The second process with it finds them there, as that of an installed package does.
    """
    return {**os.environ, "PYTHONPYCACHEPREFIX": compiled, "PYTHONDONTWRITEBYTECODE": ""}
