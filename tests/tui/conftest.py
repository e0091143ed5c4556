"""The app over an engine whose containers are shells of this machine."""

import os
import time
from collections.abc import Callable, Sequence
from contextlib import asynccontextmanager, closing, suppress
from pathlib import Path

import pytest
from textual import events
from textual.css.query import NoMatches
from textual.pilot import Pilot, WaitForScreenTimeout
from textual.screen import Screen

from runner.engine.api import EngineUnavailable
from runner.lab.model.workshop import Workshop
from runner.lab.read.workshop import read_workshop
from runner.learner.home import progress_file
from runner.learner.progress.journal import Journal
from runner.record.sqlite.store import SqliteStore
from runner.shell.pty import HostStream
from runner.stream import Stream
from runner.tui.app import WorkshopApp
from runner.tui.attending.side import OpenClass
from runner.tui.gate import PAUSE
from runner.tui.screens.lab.demo import Tempo
from runner.tui.screens.lab.session_panes import SessionPanes
from runner.tui.widgets.status import StatusLine
from runner.tui.widgets.terminal.tabs import Terminals
from runner.tui.widgets.terminal.terminal import Terminal
from tests.fakes import FakeContainer, FakeEngine

MANIFEST = """
format = 1
id = "tiny"
title = "A tiny workshop"
summary = "Two labs for tests."
labs = ["01-one.md", "02-two.md"]
files = ["profiles"]
"""

ONE = """---
id: one
title: The first lab
minutes: 3
objectives: [Say hello]
---

What it is about.

## Say it

Launch a container:

```container
name: box
command: [sh]
```

```console in=box
# echo one
one
# echo two
two
```

```console
$ echo at home
at home
```

Now say **hello** in box.

```check
id: hello
describe: Somebody said hello
probe: {transcript: {in: box, command: '^echo'}}
expect: {exit: 0, output: '^hello$'}
hints:
  - {when: {output: goodbye}, say: That is what one says at the end.}
explain: Words are output too.
mutants: [{run: echo goodbye, in: box, why: another word}]
```

```check
id: note
describe: There is a note
probe: {file: note}
expect: {exists: true}
explain: Files stay.
mutants: [{run: "true", why: nothing was written}]
```

```hint
First level
```

```hint
Second level
```

```solve in=box
# echo hello
hello
```

```solve
$ touch note
```

## Think

```json file=profiles/mine.json edit
{"defaultAction": "SCMP_ACT_ALLOW"}
```

```quiz
id: why
question: Why?
options:
  - {text: Because., why: That is no reason.}
  - {text: For a reason., correct: true, why: There is always one.}
```
"""

TWO = ONE.replace("id: one", "id: two").replace("The first lab", "The second lab")


class LocalContainer(FakeContainer):
    """A container whose first process is a shell of this machine."""

    def attach(self) -> Stream:
        environment = {**os.environ, **self.spec.environment}
        return HostStream(["/bin/bash", "--norc"], environment=environment, directory=Path("/"))


class LocalEngine(FakeEngine):
    """An engine that starts such containers."""

    def start(self, spec, *, seccomp, name="", timeout):  # noqa: ARG002 (nothing here takes time)
        self.check_alive()
        self._check(spec)
        container = LocalContainer(self, spec, seccomp, name)
        self.containers[container.id] = container
        return container

    def sweep(self):
        self.check_alive()
        super().sweep()

    def close(self):
        with suppress(EngineUnavailable):
            super().close()


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    folder = tmp_path / "tiny"
    (folder / "profiles").mkdir(parents=True)
    (folder / "profiles" / "allow.json").write_text('{"defaultAction": "SCMP_ACT_ALLOW"}')
    (folder / "workshop.toml").write_text(MANIFEST)
    (folder / "01-one.md").write_text(ONE)
    (folder / "02-two.md").write_text(TWO)
    reading = read_workshop(folder)
    assert not reading.errors, reading.errors
    return reading.workshop


def _key(character: str) -> str:
    names = {" ": "space", "-": "minus", ".": "full_stop", "/": "slash", "?": "question_mark"}
    return names.get(character, character)


class Learner:
    """A pilot with words for what a learner does and sees."""

    def __init__(self, app: WorkshopApp, pilot: Pilot, engine: LocalEngine, journal: Journal) -> None:
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

    async def insist(self, key: str) -> None:
        """Press a key again as somebody does who has read the warning: after a pause."""
        insistence = self.screen._actions._warnings.insistence
        clock = insistence._clock
        insistence._clock = lambda: clock() + PAUSE
        await self.press(key)

    async def hastily(self, *keys: str) -> None:
        """Press keys as somebody does who has seen nothing yet of what came up: before that."""
        await self._press_at(0.0, *keys)

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


@pytest.fixture
def engine() -> LocalEngine:
    return LocalEngine()


@pytest.fixture
def sit_down(workshop: Workshop, engine: LocalEngine, tmp_path: Path):
    """Opens the app for a learner: `async with sit_down("one") as learner`; without a lab, at the picker."""

    @asynccontextmanager
    async def sit_down(
        lab: str = "",
        *,
        size: tuple[int, int] = (120, 40),
        failures: Sequence[Exception] = (),
        toasts: bool = False,
        demo: Tempo | None = None,
        open_class: OpenClass | None = None,
    ):
        state = tmp_path / "state"
        with closing(Journal(SqliteStore(progress_file(state)), "me")) as journal:
            failing = list(failures)

            def open_engine(progress, *, agreed):
                if failing:
                    raise failing.pop(0)
                if engine.dead.is_set():
                    raise EngineUnavailable("the fake engine is gone")
                progress("opening")
                return engine

            first = next(((workshop, one) for one in workshop.labs if one.id == lab), None)
            app = WorkshopApp(
                workshops=[workshop],
                journal=journal,
                open_engine=open_engine,
                state=state,
                first=first,
                demo=demo,
                open_class=open_class,
            )
            async with app.run_test(size=size, notifications=toasts) as pilot:
                learner = Learner(app, pilot, engine, journal)
                if lab and not failures and demo is None:
                    await learner.until(lambda: learner.terminal() is not None)
                    await learner.until(lambda: not learner.screen.query_one(StatusLine).busy)
                yield learner
                app.shared_engine.close()

    return sit_down
