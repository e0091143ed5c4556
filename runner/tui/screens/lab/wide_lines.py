"""Tables that are wider than the terminal beside the lesson."""

from typing import TYPE_CHECKING

from runner.language import tr

if TYPE_CHECKING:
    from runner.tui.screens.lab.session_panes import SessionPanes


class WideLines:
    """Says once how to read a table whose lines the terminal wraps; a single long line can be read as it is."""

    def __init__(self, panes: "SessionPanes") -> None:
        self._panes = panes
        self._told = False

    def seen(self, target: str, output: str) -> None:
        """Look at a command's output in a console."""
        terminal = self._panes.terminals.terminal(target)
        # A demo leaves everything as it is, and terminals below the lesson are as wide as the screen.
        classes = self._panes.screen.classes
        if terminal is None or self._told or self._panes.pace or {"-narrow", "-full"} & classes:
            return
        columns = terminal.size.width
        if columns and sum(len(line) > columns for line in output.splitlines()) > 1:
            self._told = True
            self._panes.say(
                tr("These lines are wider than the terminal."),
                way_on=tr("`f` gives it the whole screen, and takes it back."),
                timeout=10,
            )
