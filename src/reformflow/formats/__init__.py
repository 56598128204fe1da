"""Definition files: reading them with every problem in its place, writing them, their digest."""

from reformflow.formats.folder import load, shipped, shipped_folder

__all__ = ["load", "shipped", "shipped_folder"]
