"""Textual's notifications, for a screen that has a place of its own for what is said."""

from typing import Any

from textual.app import App
from textual.notifications import Notification


def taken(app: App[Any]) -> list[Notification]:
    """The notifications that were still to be shown, taken from the app."""
    left = list(app._notifications)
    if left:
        app.clear_notifications()
    return left
