"""Where things lie in this checkout, for tests that read the library's own files."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "reformflow"
WORKFLOWS = ROOT / "workflows"
DOCS = ROOT / "docs"


def modules() -> list[Path]:
    """Return every Python file of the library, sorted."""
    return sorted(SOURCE.rglob("*.py"))


def module_name(path: Path) -> str:
    """Return the dotted name under which the file `path` of the library is imported."""
    parts = path.relative_to(SOURCE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def documents() -> list[Path]:
    """Return the Markdown files that users read: the two front pages and everything in docs/."""
    front = [ROOT / "README.md", ROOT / "README.zh-CN.md"]
    return [path for path in front if path.exists()] + sorted(DOCS.rglob("*.md"))
