"""An app for live terminals."""

from textual import events
from textual.app import App
from textual.driver import Driver
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

from runner.tui.driver import LoopDriver
from runner.tui.widgets.terminal import Terminal


class LiveApp(App[None]):
    """Hands keys and pastes to the terminal that has the focus without a detour, in the order they came.

    To ask every binding and to queue for the app and then the widget takes as long as all the rest of a key's way.
    """

    _handling = False

    def get_driver_class(self) -> type[Driver]:
        chosen = super().get_driver_class()
        return LoopDriver if chosen is LinuxDriver else chosen

    def take_input(self, message: Message) -> bool:
        """Give what the driver has read to the terminal, if it is for one and nothing is on its way before it."""
        return not self._handling and not self.message_queue_size and self._give(message)

    async def on_event(self, event: events.Event) -> None:
        self._handling = True
        try:
            if not self._give(event):
                await super().on_event(event)
        finally:
            self._handling = False

    def _give(self, message: Message) -> bool:
        match message:
            case events.Key() if (terminal := self._terminal) and terminal.takes(message.key):
                terminal.on_key(message)
            case events.Paste() if terminal := self._terminal:
                terminal.on_paste(message)
            case _:
                return False
        return True

    @property
    def _terminal(self) -> Terminal | None:
        """The terminal that has the focus, as long as the app itself has it."""
        focused = self.focused if self.app_focus and self.screen_stack else None
        return focused if isinstance(focused, Terminal) else None
