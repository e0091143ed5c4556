"""The pictures of the documentation, each a moment in a learner's work."""

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import patch

from textual.widgets import Input

from runner.record.event import LabClosed, LabOpened
from runner.tui.screens.editor import EditorScreen
from runner.tui.themes import LIGHT
from runner.tui.widgets.json_area import JsonArea
from tools.screenshots.learner import Past, all_of, learner, part_of
from tools.screenshots.svg import portable

WIDE, SMALL = (126, 36), (110, 30)
WITHOUT_CHMOD = "profiles/default-no-chmod.json"
PLAIN = "profiles/default.json"
ROOT = (
    "touch /tmp/f",
    "chmod 700 /tmp/f",
    "whoami",
    "grep CapEff /proc/self/status",
    "grep Seccomp: /proc/self/status",
    "busybox chmod 700 /tmp/f",
    """perl -e 'chmod 0700, "/tmp/f" or die "$!\\n"'""",
)
LESSON = ("touch /tmp/file", "chmod 700 /tmp/file", "stat -c %a /tmp/file")
TRACES = ("strace -e trace=/chmod chmod 700 /tmp", "strace -e trace=/chmod busybox chmod 700 /tmp")
COPY = "cp /bin/true /tmp/copy"
TYPED: Mapping[str, tuple[str, ...]] = {
    WITHOUT_CHMOD: (*ROOT, *LESSON, *TRACES, COPY, "install -m 700 /bin/true /tmp/mine"),
    PLAIN: LESSON,
}
"""The lines typed in containers under each profile, in this order; these have to be recorded."""
MISSPELT = """{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [
    {
      "names": ["chmod", "fchmodatt", "mkdir"],
      "action": "SCMP_ACT_ERRNO"
    }
  ]
}
"""


async def lab(state: Path) -> str:
    """In the middle of a step: root with every capability was refused, and the check says why."""
    read = [Past("no-chmod", LabOpened()), Past("no-chmod", LabClosed(), after=252)]
    async with learner(state, lab="no-chmod", size=WIDE, past=read) as one:
        await one.launches("plain", "nochmod")
        await one.runs("plain", *LESSON)
        await one.shows("nochmod")
        await one.types("nochmod", *ROOT)
        await one.sees("✓ chmod fails", "✓ Files and folders", "4:12")
        # A message takes room from the lesson, and gives it back after a few seconds.
        await one.closes_messages()
        # From a position that does not depend on which of the two checks passed first.
        await one.reads(rows_above_the_end=4)
        return await one.picture()


async def light(state: Path) -> str:
    """In the light theme: an attempt that missed, and the hint that fits it."""
    past = part_of("no-chmod", steps=1, minutes=6)
    async with learner(state, lab="no-chmod", size=WIDE, past=past, theme=LIGHT.name) as one:
        await one.runs("nochmod", *TRACES)
        await one.types("nochmod", COPY)
        await one.sees("✗ A program of another name", "That one didn't need", "6:00")
        return await one.picture()


async def picker(state: Path) -> str:
    """The labs, two of them done and one begun."""
    past = [
        *all_of("check", minutes=8),
        *all_of("deny", minutes=9),
        *part_of("unconfined", steps=2, minutes=7),
    ]
    async with learner(state, size=SMALL, past=past) as one:
        await one.sees("done", "2. ✓")
        return await one.picture()


async def editor(state: Path) -> str:
    """A profile with a misspelt name: its fault, and its decisions nevertheless."""
    async with learner(state, lab="custom", size=SMALL) as one:
        await one.pilot.press("e")
        await one.until(lambda: isinstance(one.app.screen, EditorScreen))
        area = one.app.screen.query_one(JsonArea)
        area.cursor_blink = False
        area.text = MISSPELT
        await one.pilot.press("f2")
        one.app.screen.query_one(Input).cursor_blink = False
        one.app.screen.query_one(Input).value = "fchmodat"
        await one.pilot.press("enter")
        await one.sees("fchmodatt", "line 5")
        area.focus()
        area.cursor_location = (4, 33)
        return await one.picture()


async def summary(state: Path) -> str:
    """The end of a lab."""
    past = part_of("no-chmod", steps=4, minutes=14)
    async with learner(state, lab="no-chmod", size=SMALL, past=past) as one:
        with patch("runner.tui.screens.summary.time", SimpleNamespace(time=one.clock)):
            await one.pilot.press("n")
            await one.sees("Take one thing away: done")
        return await one.picture()


SCENES: Mapping[str, Callable[[Path], Awaitable[str]]] = {
    scene.__name__: scene for scene in (lab, light, picker, editor, summary)
}


async def take(name: str, state: Path) -> str:
    """Take one picture, ready for the repository; `state` is a folder for the learner's files."""
    return portable(await SCENES[name](state), f"workshop-{name}")
