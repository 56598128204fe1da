"""How Sphinx builds these pages: `make docs`."""

from pygments.lexers.special import TextLexer
from sphinx.highlighting import lexers

project = "reformflow"
author = "the reformflow contributors"
copyright = author

extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
exclude_patterns = []

myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3

html_theme = "furo"
html_title = "reformflow"

# Code hosts colour tables of this kind; Pygments has no lexer for them.
lexers["csv"] = TextLexer()
