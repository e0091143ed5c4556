"""A learner at the app: what they press, and what they see."""

import math
import time
from collections.abc import Callable
from contextlib import suppress

from textual import events
from textual.css.query import NoMatches
from textual.pilot import Pilot, WaitForScreenTimeout
from textual.screen import Screen

from runner.learner.progress.journal import Journal
from runner.tui.app import WorkshopApp
from runner.tui.gate import PAUSE
from runner.tui.lab.warning import Warnings
from runner.tui.screens.lab.screen import LabScreen
from runner.tui.screens.lab.session_panes import SessionPanes
from runner.tui.screens.picker import PickerScreen
from runner.tui.widgets.terminal.tabs import Terminals
from runner.tui.widgets.terminal.terminal import Terminal
from tests.fakes import FakeEngine


def _key(character: str) -> str:
    names = {" ": "space", "-": "minus", ".": "full_stop", "/": "slash", "?": "question_mark"}
    return names.get(character, character)


class Learner:
    """A pilot with words for what a learner does and sees."""

    def __init__(self, app: WorkshopApp, pilot: Pilot, engine: FakeEngine, journal: Journal) -> None:
        self.app = app
        self.pilot = pilot
        self.engine = engine
        self.journal = journal

    @property
    def screen(self) -> Screen:
        return self.app.screen

    def lab(self, name: str = "one"):
        """The learner's state in a lab."""
        return self.journal.lab("tiny", name)

    @property
    def text(self) -> str:
        """All that the visible screen shows."""
        strips = self.screen._compositor.render_strips()
        return "\n".join(strip.text for strip in strips)

    def terminal(self, target: str = "host") -> Terminal | None:
        """A terminal of the lab that is open."""
        # There is none while another screen is in front.
        return next((one.terminal(target) for one in self.screen.query(Terminals)), None)

    @property
    def told(self) -> list[str]:
        """The current messages of the app and its labs, the newest of a lab first."""
        said = [note.message for note in self.app._notifications]
        for panes in (panes for screen in self.app.screen_stack for panes in screen.query(SessionPanes)):
            said += [one.said(panes._leave_key()) for one in panes.announcements.shown]
        return said

    async def is_told(self, text: str) -> None:
        """Wait for a message that says `text`."""
        await self.until(lambda: any(text in said for said in self.told))

    async def press(self, *keys: str) -> None:
        # The pilot waits for every widget to answer, and one that leaves the screen meanwhile never does.
        with suppress(WaitForScreenTimeout):
            await self.pilot.press(*keys)

    async def type(self, text: str) -> None:
        """Type into whatever has the focus."""
        await self.press(*(_key(character) for character in text), "enter")

    async def answer(self, key: str) -> None:
        """Press a key as somebody does who has read a question that came up by itself: after a pause."""
        await self._press_at(time.monotonic() + 10 * PAUSE, key)

    async def has_read(self, warning: str) -> None:
        """Wait for a warning, and let the pause pass in which it can be read: the same again insists."""
        await self.is_told(warning)
        self._stay()

    def _stay(self) -> None:
        """Have the pause pass, and the warning stay: however long the machine takes, the next press comes in time."""
        warnings = self._warnings
        warnings._clock = lambda at=warnings._readable: at
        for panes in self.screen.query(SessionPanes):
            for one in panes.announcements.shown:
                one.left = math.inf

    async def insist(self, key: str, warning: str) -> None:
        """Press a key again as somebody does who has read the warning that announces what it does."""
        await self.has_read(warning)
        await self.press(key)

    async def insist_until(self, key: str, condition: Callable[[], object]) -> None:
        """Press a key again and again, after a warning once it can have been read, until something holds."""

        def insisting() -> bool:
            if self._warnings is not None and self._warnings._what:
                self._stay()
            return bool(condition())

        await self.press_until(key, insisting)

    async def hold(self, key: str) -> None:
        """Press a key that is repeated before any warning can be read."""
        warnings = self._warnings
        now = warnings._clock()
        warnings._clock = lambda: now
        await self.press(key, key, key)

    @property
    def _warnings(self) -> Warnings | None:
        """The warnings of the lab in front; None where no lab is."""
        return self.screen._actions._warnings if isinstance(self.screen, LabScreen) else None

    async def hastily(self, *keys: str) -> None:
        """Press keys as somebody does who has seen nothing yet of what came up: before that."""
        await self._press_at(0.0, *keys)

    async def is_too_early_with(self, *keys: str) -> None:
        """Press keys before the screen in front came up: it takes none of them, and says so."""
        front = self.screen
        await self.hastily(*keys)
        await self.until(lambda: self.screen is not front or "too soon" in self.text)
        await self.until(lambda: self.app.settled)
        assert self.screen is front, "a key was taken for an answer"

    async def _press_at(self, at: float, *keys: str) -> None:
        for key in keys:
            pressed = events.Key(key, key if len(key) == 1 else None)
            pressed.time = at
            self.app.post_message(pressed)
        with suppress(WaitForScreenTimeout):
            await self.pilot.pause()

    def at_once(self, *typed: str) -> None:
        """Press keys, named in angle brackets, and type text, all before the app gets to the first of it."""
        for piece in typed:
            if piece.startswith("<"):
                self.app.post_message(events.Key(piece.strip("<>"), None))
            else:
                for character in piece:
                    self.app.post_message(events.Key(_key(character), character))

    async def until(self, condition: Callable[[], object], *, seconds: float = 120.0) -> None:
        """Let the app run until a condition holds; a condition on missing widgets counts as false."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            with suppress(NoMatches):
                if condition():
                    return
            with suppress(WaitForScreenTimeout):
                await self.pilot.pause(0.02)
        raise AssertionError(f"it never came to be:\n{self.text}")

    async def is_at_the_labs(self) -> None:
        """Wait until the list of labs is in front; a lab shows its own title too."""
        await self.until(lambda: isinstance(self.screen, PickerScreen))

    async def press_until(self, key: str, condition: Callable[[], object]) -> None:
        """Press a key again and again, and let the app run in between, until something holds."""
        deadline = time.monotonic() + 120.0
        while not condition():
            assert time.monotonic() < deadline, f"it never came to be:\n{self.text}"
            await self.press(key)
            with suppress(WaitForScreenTimeout):
                await self.pilot.pause(0.05)

    async def sees(self, *texts: str) -> None:
        """Wait until the screen shows each of `texts`."""
        for text in texts:
            await self.until(lambda text=text: text in self.text)
