"""A text in the two languages the library speaks."""

from __future__ import annotations

from typing import Final

import attrs

LANGUAGES: Final = ("en", "zh")
"""The languages of labels and sentences."""

_SURROGATES = range(0xD800, 0xE000)
_FIRST_PRINTED = 0x20


@attrs.frozen
class Text:
    """One text in English and Chinese; either may be empty, never both when it is shown."""

    en: str = ""
    zh: str = ""

    def read(self, lang: str) -> str:
        """Return the text in `lang` (`en` or `zh`), or in the other language if it has none."""
        return (self.zh or self.en) if lang == "zh" else (self.en or self.zh)

    def __bool__(self) -> bool:
        """Say whether there is any text at all."""
        return bool(self.en or self.zh)


def storage_problem(text: object) -> str:
    """Say what keeps a text from being stored code point for code point; "" if nothing does."""
    if not isinstance(text, str):
        return "it is no text"
    if "\0" in text:
        return "it holds a NUL character"
    if not text.isascii() and any(ord(char) in _SURROGATES for char in text):
        return "it holds half of a surrogate pair"
    return ""


def has_controls(text: str) -> bool:
    """Say whether a text holds control characters, line ends and tabs among them."""
    return any(ord(char) < _FIRST_PRINTED for char in text)
