"""What a lab's controller shows, without a screen."""

import asyncio

from runner.tui.announcement import Announcement
from runner.tui.lab.announcements import SECONDS
from tests.waiting import until


class FakeView:
    """Notes what it is to show, answers questions, and has the controller hear what the session tells."""

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.controller = None
        self.shown: list[tuple[str, tuple]] = []
        self.said: list[str] = []
        self.answers: list[bool] = []
        self.asked: list[str] = []
        self.work: set[asyncio.Task] = set()
        self.doing = ""

    def beside(self, work, *, only=""):  # noqa: ARG002 (nothing here is asked for twice at once)
        task = self.loop.create_task(work())
        self.work.add(task)

    def tell(self, event):
        self.loop.call_soon_threadsafe(self.controller.heard, event)

    def progress(self, text):
        pass

    async def told(self):
        await asyncio.sleep(0)

    def say(self, text, *, way_on="", title="", **_):
        self.said.append(f"{title}: {text} {way_on}")
        return Announcement(text, way_on, title, "information", SECONDS)

    def withdraw(self, announcement):
        announcement.left = 0

    async def confirm(self, title, text, *, yes, no, key="y", unasked=False):  # noqa: ARG002 (as the protocol has it)
        self.asked.append(title)
        return self.answers.pop(0)

    def show_doing(self, doing):
        self.doing = doing

    async def show_engine_lost(self):
        self.shown.append(("engine lost", ()))

    async def show_step(self, *what):
        self.shown.append(("step", what))

    def __getattr__(self, name):
        return lambda *what, **more: self.shown.append((name, (*what, *more.values())))

    def texts(self, name):
        return [what for shown, what in self.shown if shown == name]


async def ready(controller, view) -> None:
    await until(lambda: controller.session is not None and controller.launched and not view.doing)
