"""Forms of leaves that mean more than they hold: texts for people, rules, settings, day of year."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import attrs

from reformflow.errors import nearest
from reformflow.formats.forms import (
    FAULTY,
    ID_PATTERN,
    Faulty,
    Form,
    IdForm,
    Plain,
    Schema,
    Spot,
    TextForm,
)
from reformflow.formats.nodes import Leaf, MapNode, Node, Tag, shortened
from reformflow.language import ExpressionError, parse, unparse
from reformflow.model import LANGUAGES, Expression, Literal, PolicySetting, Text

_TEXT = TextForm()
_ID = IdForm()
_POLICY = "policy."
_DAY_OF_YEAR = re.compile(r"([0-9]{2})-([0-9]{2})")
_LEAP_YEAR = 2000


@attrs.frozen
class WordsForm:
    """A text for people: `{en: …, zh: …}`, or one plain text for both languages."""

    def read(self, node: Node, spot: Spot) -> Text | Faulty:
        """Read a leaf or a mapping of languages."""
        if not isinstance(node, MapNode):
            text = _TEXT.read(node, spot)
            return FAULTY if text is FAULTY else Text(text, text)
        parts: dict[str, str] = {}
        for key, value in node.entries:
            text = FAULTY
            if key.text in LANGUAGES:
                text = _TEXT.read(value, spot.key(key.text))
            else:
                comma = (
                    isinstance(value, Leaf) and value.tag is Tag.NULL and value.line == node.line
                )
                hint = "a text with a comma must stand in quotes between { and }"
                message = f"there is no language {shortened(key.text)}"
                spot.fault(
                    key, "unknown_key", message, hint if comma else nearest(key.text, LANGUAGES)
                )
            if text is FAULTY:
                return FAULTY
            parts[key.text] = text
        if not any(parts.values()):
            return spot.fault(node, "missing_value", "the text is missing", "give en, zh or both")
        return Text(**parts)

    def write(self, value: Text) -> Plain:
        """Write one text if both languages say the same, else those that say something."""
        if value.en == value.zh:
            return value.en
        return {lang: text for lang, text in (("en", value.en), ("zh", value.zh)) if text}

    def schema(self, defs: Schema) -> Schema:
        """Describe both ways of writing."""
        text = _TEXT.schema(defs)
        languages = dict.fromkeys(LANGUAGES, text)
        both = {
            "type": "object",
            "properties": languages,
            "additionalProperties": False,
            "minProperties": 1,
        }
        defs["text"] = {"anyOf": [text, both], "description": self.__doc__}
        return {"$ref": "#/$defs/text"}


@attrs.frozen
class RuleForm:
    """An expression of the rule language."""

    def read(self, node: Node, spot: Spot) -> Expression | Faulty:
        """Parse the text; `true`, `false` and whole numbers without quotes are constants."""
        if not isinstance(node, Leaf) or node.tag is Tag.NULL:
            return spot.wrong(node, "a rule, as a text")
        if node.tag is Tag.BOOL:
            return Literal(node.text.lower() == "true")
        try:
            return parse(node.text)
        except ExpressionError as error:
            return spot.fault(node, error.code, error.message, error.hint, inner=error.column)

    def write(self, value: Expression) -> Plain:
        """Write constants as YAML does, all else in the language's one spelling."""
        if isinstance(value, Literal) and isinstance(value.value, bool):
            return value.value
        return unparse(value)

    def schema(self, defs: Schema) -> Schema:
        """Describe a text; a schema cannot look into it."""
        defs["expression"] = {
            "type": ["string", "boolean", "integer"],
            "description": "An expression over facts, states and policies.",
        }
        return {"$ref": "#/$defs/expression"}


@attrs.frozen
class SettingForm:
    """A constant, or `policy.<id>` for what that policy supplies."""

    constant: Form

    def read(self, node: Node, spot: Spot) -> Any:  # noqa: ANN401 - the constant's type
        """Read a policy's name, or the constant."""
        if isinstance(node, Leaf) and node.text.startswith(_POLICY):
            name = _ID.read(attrs.evolve(node, text=node.text.removeprefix(_POLICY)), spot)
            return FAULTY if name is FAULTY else PolicySetting(name)
        return self.constant.read(node, spot)

    def write(self, value: Any) -> Plain:  # noqa: ANN401 - see read
        """Write `policy.<id>` or the constant."""
        if isinstance(value, PolicySetting):
            return _POLICY + value.policy
        return self.constant.write(value)

    def schema(self, defs: Schema) -> Schema:
        """Describe both."""
        policy = {"type": "string", "pattern": rf"^policy\.{ID_PATTERN}$"}
        return {"anyOf": [self.constant.schema(defs), policy]}


@attrs.frozen
class DayOfYearForm:
    """A month and a day, `06-30`; 29 February is allowed."""

    def read(self, node: Node, spot: Spot) -> tuple[int, int] | Faulty:
        """Read `MM-DD` into (month, day)."""
        found = _DAY_OF_YEAR.fullmatch(node.text) if isinstance(node, Leaf) else None
        if not found:
            return spot.wrong(node, "a month and a day", "write 06-30")
        month, day = int(found[1]), int(found[2])
        try:
            date(_LEAP_YEAR, month, day)
        except ValueError:
            return spot.fault(node, "no_such_date", f"no year has the day {found[0]}")
        return month, day

    def write(self, value: tuple[int, int]) -> Plain:
        """Write `MM-DD`."""
        return f"{value[0]:02}-{value[1]:02}"

    def schema(self, defs: Schema) -> Schema:  # noqa: ARG002 - nothing named inside
        """Describe the pattern."""
        return {"type": "string", "pattern": "^[0-9]{2}-[0-9]{2}$"}
