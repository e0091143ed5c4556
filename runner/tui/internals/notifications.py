"""Textual's notifications, for a screen with its own place for messages."""

from typing import Any

from textual.app import App
from textual.notifications import Notification


def taken(app: App[Any]) -> list[Notification]:
    """Take the pending notifications from the app."""
    left = list(app._notifications)
    if left:
        app.clear_notifications()
    return left
