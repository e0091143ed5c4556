"""Converts Textual's export to a picture for a repository: equal for equal screens, nothing from the network."""

import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from html import escape, unescape

_FONTS = "ui-monospace, 'Cascadia Mono', 'DejaVu Sans Mono', Menlo, Consolas, monospace"
_FONT_FACE = re.compile(r"\s*@font-face \{.*?\n    \}", re.DOTALL)
_TEXT = re.compile(
    r'<text class="(?P<look>[\w-]+)" x="(?P<x>[\d.]+)" y="(?P<y>[\d.]+)" textLength="(?P<length>[\d.]+)" '
    r"(?P<clip>[^>]*)>(?P<text>[^<]*)</text>"
)
_BARS = {"│": (0.45, 0.12), "▌": (0.0, 0.5)}
"""Characters that are vertical bars: their position in the cell, and their width."""
_LINE, _BASELINE = 24.65, 18.5
"""The height of a line, and the position of the text in it, as in Rich."""
_NAMESPACE = "{http://www.w3.org/2000/svg}"


def portable(svg: str, name: str) -> str:
    """The picture with its reader's fonts, and ids that depend only on `name`."""
    svg = _FONT_FACE.sub("", svg).replace("Fira Code, monospace", _FONTS)
    svg = re.sub(r"terminal-\d+", name, svg)
    svg = _TEXT.sub(_drawn, svg).replace("<rect", "\n<rect").replace("<text", "\n<text")
    return "\n".join(line.strip() for line in svg.splitlines() if line.strip()) + "\n"


def _drawn(found: re.Match[str]) -> str:
    """A text without the spaces around it, which not every viewer keeps; a bar as a shape.

    The lines of a terminal touch each other, those of a picture do not, and a bar of letters would be a dashed one.
    """
    text = unescape(found["text"]).replace("\xa0", " ")
    inner = text.strip()
    cell = float(found["length"]) / len(text)
    left = float(found["x"]) + (len(text) - len(text.lstrip())) * cell
    if inner in _BARS:
        begin, width = _BARS[inner]
        area = f'x="{left + begin * cell:.4g}" y="{float(found["y"]) - _BASELINE:.4g}" width="{width * cell:.3g}"'
        return f'<rect class="{found["look"]}" {area} height="{_LINE}"/>'
    place = f'x="{left:.4g}" y="{found["y"]}" textLength="{len(inner) * cell:.4g}"'
    shown = escape(inner, quote=False).replace(" ", "&#160;")
    return f'<text class="{found["look"]}" {place} {found["clip"]}>{shown}</text>'


@dataclass(frozen=True, slots=True, order=True)
class Piece:
    """A word or a coloured area of a picture: its position and style. An area's `text` is its width."""

    y: int
    x: int
    text: str
    look: str


def meaning(svg: str) -> list[Piece]:
    """The content of a picture in reading order, however its rows are split into elements."""
    root = ET.fromstring(svg)  # noqa: S314 (our own file)
    looks = dict(re.findall(r"\.([\w-]+)\s*\{\s*(.*?)\s*\}", root.findtext(f"{_NAMESPACE}style", "")))
    words: list[Piece] = []
    areas: list[Piece] = []
    for element in root.iter():
        x, y = (float(element.get(side, "0")) for side in "xy")
        look = element.get("fill") or looks.get(element.get("class", ""), "")
        if element.tag == f"{_NAMESPACE}text":
            words += _words(x, y, element, look)
        elif element.tag == f"{_NAMESPACE}rect" and look:
            _add_area(areas, round(x), round(y), round(x + float(element.get("width", "0"))), look)
    return sorted(areas + words)


def _words(x: float, y: float, element: ET.Element, look: str) -> list[Piece]:
    text = (element.text or "").replace("\xa0", " ")
    cell = float(element.get("textLength", "0")) / max(1, len(text))
    found = re.finditer(r"\S+", text)
    return [Piece(round(y), round(x + word.start() * cell), word.group(), look) for word in found]


def _add_area(areas: list[Piece], left: int, y: int, right: int, look: str) -> None:
    """Add an area, or widen the one at its left if both have the same style."""
    if areas:
        last = areas[-1]
        if (last.y, last.look) == (y, look) and abs(last.x + int(last.text) - left) <= 1:
            areas[-1] = Piece(y, last.x, str(right - last.x), look)
            return
    areas.append(Piece(y, left, str(right - left), look))
