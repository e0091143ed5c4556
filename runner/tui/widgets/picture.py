"""Another person's screen, for viewing."""

from functools import lru_cache

from rich.style import Style
from rich.text import Text
from textual.widgets import Static

from runner.record.notice import DemoFrame

_WORDS = frozenset({"bold", "italic", "underline", "strike", "dim", "reverse"})


class Picture(Static):
    """Shows a picture of a screen, as styled text: nothing in it acts."""

    DEFAULT_CSS = """
    Picture { width: auto; height: auto; text-wrap: nowrap; }
    """

    def show(self, frame: DemoFrame) -> None:
        """Show this picture from now on."""
        lines = []
        for row in frame.rows[: frame.lines]:
            line = Text(no_wrap=True, end="")
            for run in row.runs:
                printable = "".join(one if one.isprintable() else " " for one in run.text)
                line.append(printable, _style(run.style))
            lines.append(line)
        self.update(Text("\n").join(lines))


@lru_cache(maxsize=1024)
def _style(words: str) -> Style:
    """The style named by the words of a run; unknown words are ignored."""
    style = Style()
    for word in words.split():
        name, _, colour = word.partition("=")
        if word in _WORDS:
            style += Style.parse(word)
        elif name in {"fg", "bg"} and (found := _colour(colour)):
            style += Style(color=found) if name == "fg" else Style(bgcolor=found)
    return style


def _colour(text: str) -> str:
    if text.isdecimal() and int(text) < 256:
        return f"color({int(text)})"
    digits = text.removeprefix("#")
    if len(digits) == 6 and text.startswith("#") and all(one in "0123456789abcdef" for one in digits):
        return text
    return ""
