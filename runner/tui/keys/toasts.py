"""Messages that name keys, which must be the keys that act where the learner is."""

import re
from collections.abc import Callable
from typing import Any

from textual.app import App
from textual.notifications import Notification, SeverityLevel

from runner.errors import printable
from runner.language import tr
from runner.tui.internals import notifications

_KEY = re.compile(r"`([^`]+)`")


def keyed(text: str, leave: str) -> str:
    """`text` with its keys, given in backticks, as they are pressed: after `leave`, if that has to come first."""
    return _KEY.sub(tr("{leave}, then \\1", leave=leave) if leave else r"\1", text)


class Toasts:
    """Shows messages; one whose keys would be typed into a terminal is written anew when that gets the keys."""

    def __init__(self, app: App[Any], leave: Callable[[], str]) -> None:
        """`leave` gives the key that takes the keys from a terminal; "" where none has them."""
        self._app = app
        self._leave = leave
        self._shown: list[tuple[Notification, str, str]] = []

    def show(
        self, text: str, *, way_on: str, title: str, severity: SeverityLevel, timeout: float | None
    ) -> None:
        """Show `text` and how to go on, whose keys stand in backticks, for `timeout` seconds."""
        limit = self._app.NOTIFICATION_TIMEOUT if timeout is None else timeout
        message = printable(f"{text} {keyed(way_on, self._leave())}".strip())
        toast = Notification(message, title, severity, limit, markup=False)
        self._shown = [shown for shown in self._shown if not shown[0].has_expired]
        if way_on:
            self._shown.append((toast, text, way_on))
        # In this moment: the next may be that of another focus.
        notifications.show(self._app, toast)

    def follow_focus(self) -> None:
        """Write anew what is shown: the keys may go to somebody else by now."""
        shown, self._shown = self._shown, []
        for toast, text, way_on in shown:
            if notifications.is_shown(self._app, toast):
                notifications.withdraw(self._app, toast)
                self.show(
                    text,
                    way_on=way_on,
                    title=toast.title,
                    severity=toast.severity,
                    timeout=max(0.5, toast.time_left),
                )
