"""Keys one after another, however fast they are typed."""

import asyncio
import sys
from collections import deque
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from textual import events
from textual._xterm_parser import XTermParser
from textual.app import App
from textual.dom import DOMNode
from textual.driver import Driver
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message
from textual.message_pump import MessagePump

from runner.tui.internals.escape import EscapeParser
from runner.tui.internals.key_taker import KeyTaker
from runner.tui.internals.terminal_driver import TerminalDriver

if TYPE_CHECKING:
    from textual.worker import Worker

PATIENCE = 3.0
"""Seconds that a key may hold up those after it; whatever goes wrong, the keyboard does not stay dead."""


class KeyOrderApp(App[None]):
    """Hands on a key or a paste once the one before it has done what it does to the screen and the focus.

    A key goes to what has the focus and comes up from there to its binding, while Textual hands on those after it:
    typed fast, they would reach what was in front before. So an action that opens a screen pushes it before it
    returns, and leaves to a worker only what takes time.
    """

    def __init__(self) -> None:
        super().__init__()
        self._typed: deque[events.Key | events.Paste] = deque()
        self._settling = False
        self._handling = False

    def get_driver_class(self) -> type[Driver]:
        driver = super().get_driver_class()
        if driver is LinuxDriver:
            return TerminalDriver
        # Drivers take the parser from their module, and can be given none.
        module = sys.modules[driver.__module__]
        if hasattr(module, XTermParser.__name__):
            setattr(module, XTermParser.__name__, EscapeParser)
        return driver

    def take_input(self, message: Message) -> bool:
        """Give what the driver has read to the terminal, if it is for one and nothing is on its way before it."""
        return self.settled and self._type(message)

    @property
    def settled(self) -> bool:
        """Whether what comes now goes to what has the focus now: nothing is on its way before it."""
        return not (self._settling or self._handling or self.message_queue_size)

    @property
    def paste_taker(self) -> KeyTaker | None:
        """What takes a paste as it arrives, if that has the focus."""
        focused = self.focused if self.app_focus and self.screen_stack else None
        return focused if isinstance(focused, KeyTaker) else None

    def say_dropped(self, why: str) -> None:
        """Part of a paste was lost."""
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
        elif (target := await self._hand_on(event)) is not None:
            self._settling = True
            # Not the coroutine: where the key ends the app, its worker never begins, and it would not be awaited.
            _: Worker[None] = self.run_worker(partial(self._hand_on_the_rest, target), group="keys")

    async def _hand_on_the_rest(self, target: DOMNode | None) -> None:
        try:
            while True:
                if target is not None:
                    await self._settle(target)
                if not self._typed:
                    return
                target = await self._hand_on(self._typed.popleft())
        finally:
            self._settling = False

    async def _hand_on(self, event: events.Key | events.Paste) -> DOMNode | None:
        """Hand on one, and say whom it went to; None if that takes it as text, so that nothing comes of it."""
        if self._type(event):
            return None
        target = self.focused or self.screen
        await super().on_event(event)
        if isinstance(event, events.Paste) or target.check_consume_key(event.key, event.character):
            return None
        return target

    def _type(self, message: Message) -> bool:
        """Give a key or a paste to the terminal that has the focus; False if it is not for one.

        To ask every binding and to queue for the widget takes as long as all the rest of a key's way.
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
        """Wait for the key to come from `target` up to its binding, and for all that this brings to the front."""
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                await _handled_up_from(target)
                front = None
                # The binding's action may have told a widget, which tells those above it in turn.
                while front != (front := (self.screen, self.focused)):
                    await _handled_up_from(self.focused or self.screen)


async def _handled_up_from(node: DOMNode) -> None:
    """Wait until it, and then each one above it up to the app, has handled all that it was sent."""
    for pump in node.ancestors_with_self:
        await _handled(pump)


async def _handled(pump: MessagePump) -> None:
    """Wait until it has handled all that it was sent, as far as it still does."""
    while True:
        handled = asyncio.Event()
        if not pump.call_later(handled.set):
            return
        await handled.wait()
        if not pump.message_queue_size:
            return
