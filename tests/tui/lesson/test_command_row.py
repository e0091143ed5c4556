"""A command of the lesson."""

from pathlib import Path

from textual.app import App

from runner.lab.model.span import Span
from runner.lab.model.transcript import Command, Status
from runner.lab.model.workshop import HOST, ConsoleBlock
from runner.tui.widgets.lesson.command_row import CommandRow
from tests.tui.lesson.test_hanging import lines

SPAN = Span(Path("lab.md"), 1, 1)
SCRIPT = """cat <<END
    for (1 .. 9) {
        print 10, 20;

        last;
    }
    END"""


class Page(App[None]):
    def compose(self):
        command = Command(SCRIPT, (), Status(), SPAN)
        yield CommandRow(ConsoleBlock(HOST, (command,), 9.0, SPAN), command)


async def test_its_lines_keep_their_indentation_also_where_they_are_wrapped():
    app = Page()
    async with app.run_test(size=(20, 12)):
        assert lines(app) == [
            "▷ $ cat <<END",
            "      for (1 .. 9) {",
            "          print 10,",
            "          20;",
            "          last;",
            "      }",
            "      END",
        ]
        assert app.query_one(CommandRow).size.height == 8
