"""A text area that shows JSON in colours."""

import re

from rich.style import Style
from rich.text import Text
from textual.widgets import TextArea

_TOKEN = re.compile(
    r'(?P<key>"(?:[^"\\]|\\.)*"(?=\s*:))|(?P<text>"(?:[^"\\]|\\.)*"?)|(?P<number>-?\d[\d.eE+-]*)'
    r"|(?P<word>\b(?:true|false|null)\b)"
)
_COLOURS = {"key": "primary", "text": "success", "number": "accent", "word": "accent"}


class JsonArea(TextArea):
    """Colours each line by itself, so no parser has to be installed, and half-written text looks right too."""

    def get_line(self, line_index: int) -> Text:
        line = super().get_line(line_index)
        colours = self.app.theme_variables
        for token in _TOKEN.finditer(line.plain):
            kind = token.lastgroup or ""
            line.stylize(Style(color=colours[_COLOURS[kind]], bold=kind == "word"), *token.span())
        return line
