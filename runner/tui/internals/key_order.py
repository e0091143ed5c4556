"""Keys in the order in which they are typed, however fast."""

import asyncio
import sys
import time
from collections import deque
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from textual import events
from textual._xterm_parser import XTermParser
from textual.app import App
from textual.dom import DOMNode
from textual.driver import Driver
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message
from textual.message_pump import MessagePump
from textual.screen import ModalScreen, Screen

from runner.tui.gated import Gated
from runner.tui.internals.control_characters import keep_out
from runner.tui.internals.escape import EscapeParser
from runner.tui.internals.key_taker import KeyTaker
from runner.tui.internals.terminal_driver import TerminalDriver

if TYPE_CHECKING:
    from textual.worker import Worker

PATIENCE = 3.0
"""Seconds that a key may hold up those after it; whatever goes wrong, the keyboard does not stay dead."""

SPENT = 0.5
"""Seconds for which the key that has closed a dialog does nothing below: it may be pressed twice, or held."""


class _Pressed(NamedTuple):
    """A key that was passed on to the widget or screen `target`."""

    key: str
    target: DOMNode
    screen: Screen[object]


class KeyOrderApp(App[None]):
    """Passes on a key or a paste once the earlier one has had its effect on the screen and the focus.

    A key goes to the focused widget and bubbles up from there to its binding, while Textual passes on those after it:
    typed fast, they would reach the earlier screen. So an action that opens a screen pushes it before it returns, and
    leaves only slow work to a worker.

    A key that was pressed for something else, as a screen came up or went, is dropped.
    """

    def __init__(self) -> None:
        keep_out()
        super().__init__()
        self._typed: deque[events.Key | events.Paste] = deque()
        self._settling = False
        self._handling = False
        self._spent: tuple[str, float] | None = None
        """The key that has closed the last dialog, and the time when it did: it means something else below."""

    def get_driver_class(self) -> type[Driver]:
        driver = super().get_driver_class()
        if driver is LinuxDriver:
            return TerminalDriver
        # Drivers take the parser from their module, and offer no other way to set it.
        module = sys.modules[driver.__module__]
        if hasattr(module, XTermParser.__name__):
            setattr(module, XTermParser.__name__, EscapeParser)
        return driver

    def take_input(self, message: Message) -> bool:
        """Give the driver's input straight to a focused terminal, if nothing is queued before it.

        True if it took it.
        """
        return self.settled and self._type(message)

    @property
    def settled(self) -> bool:
        """True if new input goes to the currently focused widget: nothing is queued before it."""
        return not (self._settling or self._handling or self.message_queue_size)

    @property
    def paste_taker(self) -> KeyTaker | None:
        """The focused widget, if it takes pastes in parts."""
        focused = self.focused if self.app_focus and self.screen_stack else None
        return focused if isinstance(focused, KeyTaker) else None

    def say_dropped(self, why: str) -> None:
        """Report that a part of a paste was lost."""
        self.notify(why, severity="warning", timeout=10, markup=False)

    async def on_event(self, event: events.Event) -> None:
        self._handling = True
        try:
            await self._on_event(event)
        finally:
            self._handling = False

    async def _on_event(self, event: events.Event) -> None:
        if not isinstance(event, events.Key | events.Paste) or event.is_forwarded:
            await super().on_event(event)
        elif self._settling:
            self._typed.append(event)
        elif (pressed := await self._hand_on(event)) is not None:
            self._settling = True
            # Not the coroutine: where the key ends the app, its worker never begins, and it would not be awaited.
            _: Worker[None] = self.run_worker(partial(self._hand_on_the_rest, pressed), group="keys")

    async def _hand_on_the_rest(self, pressed: _Pressed | None) -> None:
        try:
            while True:
                if pressed is not None:
                    await self._settle(pressed.target)
                    if isinstance(pressed.screen, ModalScreen) and pressed.screen not in self.screen_stack:
                        self._spent = pressed.key, time.monotonic()
                if not self._typed:
                    return
                pressed = await self._hand_on(self._typed.popleft())
        finally:
            self._settling = False

    async def _hand_on(self, event: events.Key | events.Paste) -> _Pressed | None:
        """Pass on one event; None if it has no effect beyond its target: that takes it as text, or it is dropped."""
        if self._type(event):
            return None
        target = self.focused or self.screen
        if isinstance(event, events.Paste):
            await super().on_event(event)
            return None
        screen = self.screen
        # Text too: it tells of somebody who goes on typing.
        if isinstance(screen, Gated) and not screen.lets_in(event.key, event.time):
            return None
        acts = isinstance(target, KeyTaker) and not target.takes(event.key)
        if not acts and target.check_consume_key(event.key, event.character):
            await super().on_event(event)
            return None
        if self._is_spent(event):
            return None
        pressed = _Pressed(event.key, target, self.screen)
        await super().on_event(event)
        return pressed

    def _is_spent(self, key: events.Key) -> bool:
        """True if a key has just closed a dialog; the first other one that acts ends this."""
        if self._spent is not None and self._spent[0] != key.key:
            self._spent = None
        # In a dialog below, Escape means the same.
        if self._spent is None or (key.key == "escape" and isinstance(self.screen, ModalScreen)):
            return False
        return key.time - self._spent[1] < SPENT

    def _type(self, message: Message) -> bool:
        """Give a key or a paste to the focused terminal; False if no terminal takes it.

        Asking every binding and queuing for the widget takes as long as the whole rest of a key's way.
        """
        focused = self.focused if self.app_focus and self.screen_stack else None
        if not isinstance(focused, KeyTaker):
            return False
        match message:
            case events.Key() if focused.takes(message.key):
                focused.on_key(message)
            case events.Paste():
                focused.on_paste(message)
            case _:
                return False
        return True

    async def _settle(self, target: DOMNode) -> None:
        """Wait for the key to bubble from `target` up to its binding, and for changes of screen or focus after it."""
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                await _handled_up_from(target)
                front = None
                # The binding's action may have sent a message to a widget, which sends one to its parents in turn.
                while front != (front := (self.screen, self.focused)):
                    await _handled_up_from(self.focused or self.screen)


async def _handled_up_from(node: DOMNode) -> None:
    """Wait until the node, and then each of its ancestors up to the app, has handled its queued messages."""
    for pump in node.ancestors_with_self:
        await _handled(pump)


async def _handled(pump: MessagePump) -> None:
    """Wait until the queued messages are handled, unless the pump is closing."""
    while True:
        handled = asyncio.Event()
        if not pump.call_later(handled.set):
            return
        await handled.wait()
        if not pump.message_queue_size:
            return
