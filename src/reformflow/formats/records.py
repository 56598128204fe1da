"""Forms made of other forms: lists, mappings of named things, and records with fixed keys.

A record is described once, as a list of fields; reading, writing and the schema all follow it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import attrs

from reformflow.errors import nearest
from reformflow.formats.forms import FAULTY, Faulty, Form, IdForm, Plain, Schema, Spot, TextForm
from reformflow.formats.nodes import Leaf, ListNode, MapNode, Node, Tag

Parts = dict[str, Any]
"""The values of a record by attribute name; what is not written is not there."""


@attrs.frozen
class ListForm:
    """A list; a single item may stand without its brackets. Its value is a tuple."""

    item: Form
    single: bool = True

    def read(self, node: Node, spot: Spot) -> tuple[Any, ...] | Faulty:
        """Read the items, or the single one."""
        if not isinstance(node, ListNode):
            if self.single:
                value = self.item.read(node, spot)
                return FAULTY if value is FAULTY else (value,)
            return spot.wrong(node, "a list")
        values = [self.item.read(item, spot.item(index)) for index, item in enumerate(node.items)]
        return FAULTY if FAULTY in values else tuple(values)

    def write(self, value: tuple[Any, ...]) -> Plain:
        """Write one plain item alone, anything else as a list."""
        items = [self.item.write(item) for item in value]
        if self.single and len(items) == 1 and not isinstance(items[0], list):
            return items[0]
        return items

    def schema(self, defs: Schema) -> Schema:
        """Describe both ways of writing."""
        item = self.item.schema(defs)
        many = {"type": "array", "items": item}
        return {"anyOf": [item, many]} if self.single else many


@attrs.frozen
class PairsForm:
    """A mapping whose value is a tuple of (key, value); `keys` limits the keys, if given."""

    value: Form
    key: Form = attrs.field(factory=IdForm)
    keys: tuple[str, ...] = ()

    def read(self, node: Node, spot: Spot) -> tuple[tuple[str, Any], ...] | Faulty:
        """Read each entry, in the order in which they stand."""
        if not isinstance(node, MapNode):
            return spot.wrong(node, "a mapping")
        pairs = []
        for leaf, item in node.entries:
            here = spot.key(leaf.text)
            if self.keys and leaf.text not in self.keys:
                hint = nearest(leaf.text, self.keys)
                here.fault(leaf, "unknown_key", f"unknown key {leaf.text!a}", hint)
                continue
            key = self.key.read(leaf, here)
            pairs.append((key, self.value.read(item, here)))
        return FAULTY if any(FAULTY in pair for pair in pairs) else tuple(pairs)

    def write(self, value: tuple[tuple[str, Any], ...]) -> Plain:
        """Write a mapping."""
        return {key: self.value.write(item) for key, item in value}

    def schema(self, defs: Schema) -> Schema:
        """Describe a mapping with these keys, or with any."""
        value = self.value.schema(defs)
        if self.keys:
            keys = dict.fromkeys(self.keys, value)
            return {"type": "object", "properties": keys, "additionalProperties": False}
        return {"type": "object", "additionalProperties": value}


@attrs.frozen
class Field:
    """One key of a record: the attribute it fills, its form, and whether it has to be there."""

    key: str
    form: Form
    name: str = attrs.field(
        default=attrs.Factory(lambda self: self.key, takes_self=True), kw_only=True
    )
    required: bool = attrs.field(default=False, kw_only=True)


Build = Callable[[Parts, MapNode, Spot], Any]
"""From the parts of a record to its value, or FAULTY."""

Split = Callable[[Any], Parts]
"""From a value to the parts that are written."""


def _unknown_hint(leaf: Leaf, value: Node, known: Iterable[str]) -> str:
    """Say what an author may have meant by a key that a record does not have."""
    hint = nearest(leaf.text, known)
    if "：" in leaf.text:
        return "after a key stands an ordinary colon and a space, not ："
    if isinstance(value, Leaf) and value.tag is Tag.NULL:
        return f"several names stand in [ ]; {hint}"
    return hint


@attrs.frozen
class RecordForm:
    """A mapping with fixed keys; `what` is its name in messages and schemas.

    `build` and `split` are for records that are not one to one with their attributes; `example`
    is shown to an author who writes something else than a mapping.
    """

    what: str
    kind: type
    fields: tuple[Field, ...]
    build: Build | None = None
    split: Split | None = None
    example: str = ""
    _by_key: Mapping[str, Field] = attrs.field(
        init=False,
        default=attrs.Factory(
            lambda self: {field.key: field for field in self.fields}, takes_self=True
        ),
    )

    def read(self, node: Node, spot: Spot, given: Parts | None = None) -> Any:  # noqa: ANN401
        """Read the mapping; `given` are parts that stand elsewhere, such as the id."""
        what = self.what
        if not isinstance(node, MapNode):
            hint = f"write {self.example}" if self.example else ""
            return spot.wrong(node, f"a mapping for the {what}", hint)
        parts = dict(given or {})
        for leaf, value in node.entries:
            here = spot.key(leaf.text)
            field = self._by_key.get(leaf.text)
            if field is None:
                message = f"unknown key {leaf.text!a} in the {what}"
                here.fault(leaf, "unknown_key", message, _unknown_hint(leaf, value, self._by_key))
                continue
            part = field.form.read(value, here)
            if part is not FAULTY or field.required:
                parts[field.name] = part
        return self._built(parts, node, spot)

    def _built(self, parts: Parts, node: MapNode, spot: Spot) -> Any:  # noqa: ANN401
        missing = [f.key for f in self.fields if f.required and f.name not in parts]
        for key in missing:
            message = f"the {self.what} has no {key!r}"
            spot.key(key).fault(node, "missing_key", message, f"add {key}:")
        if missing or FAULTY in parts.values():
            return FAULTY
        return self.build(parts, node, spot) if self.build else self.kind(**parts)

    def write(self, value: Any) -> dict[str, Plain]:  # noqa: ANN401 - an instance of kind
        """Write what differs from the defaults."""
        parts = self.split(value) if self.split else self._changed(value)
        return {
            field.key: field.form.write(parts[field.name])
            for field in self.fields
            if field.name in parts
        }

    def _changed(self, value: Any) -> Parts:  # noqa: ANN401 - an instance of kind
        return changed(value, always={field.name for field in self.fields if field.required})

    def schema(self, defs: Schema) -> Schema:
        """Describe the mapping as a named part."""
        name = self.what
        if name not in defs:
            defs[name] = {}  # taken, so that a record may contain itself
            defs[name] = self.inline_schema(defs)
        return {"$ref": f"#/$defs/{name}"}

    def inline_schema(self, defs: Schema) -> Schema:
        """Describe the mapping where it stands."""
        required = [field.key for field in self.fields if field.required]
        properties = {field.key: field.form.schema(defs) for field in self.fields}
        shape: Schema = {"type": "object", "properties": properties, "additionalProperties": False}
        return {**shape, "required": required} if required else shape


def changed(value: Any, *, always: set[str]) -> Parts:  # noqa: ANN401 - any attrs value
    """Return the attributes of `value` that differ from their defaults, and those in `always`."""
    parts = {}
    for attribute in attrs.fields(type(value)):
        if not attribute.init:
            continue
        item = getattr(value, attribute.name)
        if attribute.name in always or item != attribute.default:
            parts[attribute.name] = item
    return parts


@attrs.frozen
class NamedForm:
    """A mapping from ids to records; its value is a tuple of the records, each with its id.

    An entry without value is a record with nothing but defaults. `short` reads and writes a
    record that stands as one leaf: it names the attribute that the leaf fills.
    """

    record: RecordForm
    id: Form = attrs.field(factory=IdForm)
    short: Field | None = None

    def read(self, node: Node, spot: Spot) -> tuple[Any, ...] | Faulty:
        """Read every entry; those with problems are left out and their ids kept as lost."""
        if not isinstance(node, MapNode):
            return spot.wrong(node, "a mapping")
        values = []
        for leaf, item in node.entries:
            here = spot.key(leaf.text)
            before = len(here.reading.problems)
            name = self.id.read(leaf, here)
            value = self._entry(leaf, item, here)
            if len(here.reading.problems) > before:
                here.reading.lost.add(leaf.text)
            if name is not FAULTY and value is not FAULTY:
                values.append(value)
        return tuple(values)

    def _entry(self, leaf: Leaf, item: Node, spot: Spot) -> Any:  # noqa: ANN401 - a record
        given = {"id": leaf.text}
        if isinstance(item, Leaf) and item.tag is Tag.NULL:
            item = MapNode((), leaf.line, leaf.column)
        if self.short is None or isinstance(item, MapNode):
            return self.record.read(item, spot, given)
        part = self.short.form.read(item, spot)
        return FAULTY if part is FAULTY else self.record.kind(**given, **{self.short.name: part})

    def write(self, value: tuple[Any, ...]) -> Plain:
        """Write a mapping of the records by id."""
        return {item.id: self._written(item) for item in value}

    def _written(self, item: Any) -> Plain:  # noqa: ANN401 - a record
        written = self.record.write(item)
        if self.short is not None and list(written) == [self.short.key]:
            return written[self.short.key]
        return written

    def schema(self, defs: Schema) -> Schema:
        """Describe a mapping with any ids."""
        ways = [self.record.schema(defs)]
        if not any(field.required for field in self.record.fields):
            ways.append({"type": "null"})
        if self.short is not None:
            ways.append(self.short.form.schema(defs))
        return {
            "type": "object",
            "propertyNames": self.id.schema(defs),
            "additionalProperties": {"anyOf": ways} if len(ways) > 1 else ways[0],
        }


@attrs.frozen
class EitherForm:
    """One leaf for the usual case, or a record: `done` or `{state: done, when: …}`."""

    short: Field
    record: RecordForm

    def read(self, node: Node, spot: Spot) -> Any:  # noqa: ANN401 - a record
        """Read a leaf or a mapping."""
        if not isinstance(node, Leaf):
            return self.record.read(node, spot)
        part = self.short.form.read(node, spot)
        return FAULTY if part is FAULTY else self.record.kind(**{self.short.name: part})

    def write(self, value: Any) -> Plain:  # noqa: ANN401 - a record
        """Write the leaf if nothing else is to be said."""
        written = self.record.write(value)
        return written[self.short.key] if list(written) == [self.short.key] else written

    def schema(self, defs: Schema) -> Schema:
        """Describe both ways of writing."""
        return {"anyOf": [self.short.form.schema(defs), self.record.schema(defs)]}


NAME = TextForm("a name", max_length=200)
NAMES = ListForm(NAME)
