"""JSON Schemas of the files of a definition, for editors: `python -m reformflow.formats.schema`.

They are generated from the forms that read the files. A schema knows keys, types and words;
names that must exist, dates that must exist and rules are only checked by loading.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from reformflow.formats.forms import Schema
from reformflow.formats.records import RecordForm
from reformflow.formats.reform import CLAUSES, HEAD
from reformflow.formats.workflow import WORKFLOW

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_FILES: dict[str, tuple[RecordForm, str]] = {
    "reform": (HEAD, "reform.yaml: the document, its roles and policies"),
    "clauses": (CLAUSES, "clauses.yaml: the provisions of the document"),
    "workflow": (WORKFLOW, "<workflow>.yaml: the definition of one kind of case"),
}


def schemas() -> dict[str, Schema]:
    """Return the JSON Schema (draft 2020-12) of each kind of file: reform, clauses, workflow."""
    return {name: _schema(form, title) for name, (form, title) in _FILES.items()}


def schema_text(schema: Schema) -> str:
    """Return a schema as the text of its file."""
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def write_schemas(folder: Path) -> list[Path]:
    """Write `<kind>.schema.json` for each kind of file, and return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, schema in schemas().items():
        path = folder / f"{name}.schema.json"
        path.write_text(schema_text(schema), encoding="utf-8", newline="\n")
        paths.append(path)
    return paths


def _schema(form: RecordForm, title: str) -> Schema:
    defs: Schema = {}
    root = form.inline_schema(defs)
    return {"$schema": _DIALECT, "title": title, **root, "$defs": dict(sorted(defs.items()))}


if __name__ == "__main__":
    target = Path(sys.argv[1] if len(sys.argv) > 1 else "schema")
    sys.stdout.write("".join(f"{path}\n" for path in write_schemas(target)))
