"""Properties: watched over what happens to cases, and proven of all of them."""

from reformflow.casework.properties.proving import Proven, prove_property
from reformflow.casework.properties.shortening import shortened
from reformflow.casework.properties.watching import Breach, Watched, Watcher, watched

__all__ = [
    "Breach",
    "Proven",
    "Watched",
    "Watcher",
    "prove_property",
    "shortened",
    "watched",
]
