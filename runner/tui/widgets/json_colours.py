"""Colouring JSON line by line: without a parser to install, and right for unfinished text too."""

import re

from textual.content import Content, Span

TOKEN = re.compile(
    r'(?P<key>"(?:[^"\\]|\\.)*"(?=\s*:))|(?P<text>"(?:[^"\\]|\\.)*"?)|(?P<number>-?\d[\d.eE+-]*)'
    r"|(?P<word>\b(?:true|false|null)\b)"
)
COLOURS = {"key": "primary", "text": "success", "number": "accent", "word": "accent"}
"""The theme's colour for each kind of token."""


def coloured(text: str) -> Content:
    """A line with its colours."""
    return Content(
        text, [Span(*token.span(), _style(token.lastgroup or "")) for token in TOKEN.finditer(text)]
    )


def _style(kind: str) -> str:
    return f"${COLOURS[kind]}{' bold' if kind == 'word' else ''}"
