"""A text in the two languages the library speaks."""

from __future__ import annotations

import attrs


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
