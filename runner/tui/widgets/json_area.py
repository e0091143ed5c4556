"""A text area that colours JSON."""

from rich.style import Style
from rich.text import Text
from textual.color import Color
from textual.widgets import TextArea

from runner.tui.widgets.json_colours import COLOURS, TOKEN


class JsonArea(TextArea):
    """Colours each line by itself, so unfinished text is coloured too."""

    def get_line(self, line_index: int) -> Text:
        line = super().get_line(line_index)
        colours = self.app.theme_variables
        for token in TOKEN.finditer(line.plain):
            kind = token.lastgroup or ""
            colour = Color.parse(colours[COLOURS[kind]]).rich_color
            line.stylize(Style(color=colour, bold=kind == "word"), *token.span())
        return line
