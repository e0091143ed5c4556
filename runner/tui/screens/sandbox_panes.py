"""What the sandbox shows: where a container is put together, and the terminals."""

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.widget import Widget
from textual.widgets import Select

from runner.lab.model.transcript import Command
from runner.lab.model.workshop import OWN_SHELLS, Lab, QuizBlock, Step, Workshop
from runner.language import tr
from runner.tui.lab.record import LabRecord
from runner.tui.screens.lab.panes import Frame, LabPanes
from runner.tui.widgets.divided import Divided
from runner.tui.widgets.launcher import Launcher
from runner.tui.widgets.terminal.tabs import Terminals
from runner.tui.widgets.watch import WatchPane

if TYPE_CHECKING:
    from collections.abc import Sequence


class SandboxPanes(LabPanes):
    """A `LabView` without a lesson."""

    always_launches = True

    def __init__(
        self,
        workshop: Workshop,
        lab: Lab,
        record: LabRecord,
        *,
        images: "Sequence[str]",
        profiles: "Sequence[str]",
    ) -> None:
        super().__init__(workshop, lab, lab.steps[0], record)
        self._images = images
        self._profiles = profiles

    def compose(self) -> ComposeResult:
        with Frame(id="reading"):
            yield Launcher(self._images, self._profiles, id="lesson")
            yield self.banner()
        with Divided(id="beside"):
            yield Terminals(id="terminals")
            yield WatchPane(id="watch")

    def _way_back(self) -> str:
        return tr("`w` brings the containers back")

    def _titled(self) -> str:
        return f"{self._lab.title}  ·  {self._workshop.title}"

    @property
    def read(self) -> Widget:
        return self.query_one("#profile", Select)

    @property
    def launcher(self) -> Launcher:
        """Where a container is put together."""
        return self.query_one(Launcher)

    def show_launched(self, target: str, *, running: bool) -> None:
        if target not in OWN_SHELLS:
            self.launcher.show_state(target, "running" if running else "ended")

    async def show_engine_lost(self) -> None:
        for name in self.launcher.containers:
            self.launcher.show_state(name, "ended")
        await super().show_engine_lost()

    # What only a lesson has.

    async def show_step(self, step: Step, launched: Collection[str]) -> None:  # noqa: ARG002 (there is one)
        for name in self.launcher.containers:
            if name not in launched:
                self.launcher.forget(name)

    def show_launch(self, name: str) -> None:
        pass

    def show_typed(self, command: Command) -> None:
        pass

    def show_hints(self, hints: int) -> None:
        pass

    def show_answer(self, quiz: QuizBlock, option: int) -> None:
        pass

    def show_files(self, texts: Mapping[str, str | None]) -> None:
        pass

    def show_summary(self) -> None:
        pass
