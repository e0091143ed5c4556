"""Notifications that can be replaced while they are shown."""

from typing import Any

from textual.app import App
from textual.notifications import Notification


def show(app: App[Any], notification: Notification) -> None:
    """Show it now; the app's own way waits until after the next change of focus."""
    app._notifications.add(notification)
    app._refresh_notifications()


def is_shown(app: App[Any], notification: Notification) -> bool:
    """Whether it can still be read."""
    return notification in app._notifications


def withdraw(app: App[Any], notification: Notification) -> None:
    """Forget it; it leaves the screen with the next that is shown."""
    app._unnotify(notification, refresh=False)
