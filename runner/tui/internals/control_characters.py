"""Control characters in text that is shown, such as a file's name or a program's output, never reach the terminal.

Textual writes them as they are, and an escape sequence among them would act on the learner's terminal.
"""

import re
from typing import Any

from textual.strip import Strip

_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_NO_TEXT = re.compile(r"[\ud800-\udfff]")
"""Bytes of a name that are not UTF-8, as Python has them."""

_rendered = Strip.render_style


def keep_out() -> None:
    """Have all apps of this process leave them out, from now on; they have no width, so nothing else moves."""
    Strip.render_style = staticmethod(_render_style)  # type: ignore[method-assign]


def _render_style(style: Any, text: str, color_system: Any) -> str:
    if not text.isprintable():
        text = _NO_TEXT.sub("?", _CONTROLS.sub("", text))
    return _rendered(style, text, color_system)
