"""Detecting the removal of a widget while it works."""

from textual.app import App
from textual.dom import DOMNode
from textual.message_pump import MessagePump
from textual.worker import NoActiveWorker, get_current_worker

# Textual offers no other way to see it.
from textual._context import active_message_pump  # isort: skip


def at_work() -> MessagePump | None:
    """The widget, screen or app that is handling a message, or whose worker runs now."""
    pump = active_message_pump.get(None)
    if not isinstance(pump, App):
        return pump
    try:
        return get_current_worker().node
    except NoActiveWorker:
        return pump


def is_being_removed(node: MessagePump | None) -> bool:
    """True if the node is being removed from the screen, or has been: anything it mounts is dropped then."""
    if node is None or isinstance(node, App):
        return False
    if node._closing or not node.is_attached:
        return True
    # A screen leaves the stack before its widgets are pruned.
    return isinstance(node, DOMNode) and (node._pruning or node.screen not in node.app.screen_stack)
