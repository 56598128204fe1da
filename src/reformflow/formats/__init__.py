"""Definition files: reading them with every problem in its place, writing them, their digest."""

from reformflow.formats.canonical import canonical, fingerprint
from reformflow.formats.folder import folder_of, load, places, shipped, shipped_folder
from reformflow.formats.writing import dump, to_yaml

__all__ = [
    "canonical",
    "dump",
    "fingerprint",
    "folder_of",
    "load",
    "places",
    "shipped",
    "shipped_folder",
    "to_yaml",
]
