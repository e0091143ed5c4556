"""The panes of the sandbox: the form for a container, and the terminals."""

from collections.abc import Collection
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.widget import Widget
from textual.widgets import Select

from runner.lab.model.workshop import OWN_SHELLS, Step
from runner.language import tr
from runner.tui.lab.record import LabRecord
from runner.tui.screens.lab.session_panes import SessionPanes
from runner.tui.split import Split
from runner.tui.widgets.launcher import Launcher

if TYPE_CHECKING:
    from collections.abc import Sequence


class SandboxPanes(SessionPanes):
    """A `LabView` without a lesson."""

    always_launches = True

    def __init__(
        self, record: LabRecord, split: Split, *, images: "Sequence[str]", profiles: "Sequence[str]"
    ) -> None:
        super().__init__(f"{record.lab.title}  ·  {record.workshop.title}", split)
        self._images = images
        self._profiles = profiles

    def compose_reading(self) -> ComposeResult:
        yield Launcher(self._images, self._profiles, id="lesson")

    @property
    def read(self) -> Widget:
        return self.query_one("#profile", Select)

    def way_back(self) -> str:
        return tr("`w` brings the containers back")

    @property
    def launcher(self) -> Launcher:
        """The form for a container."""
        return self.query_one(Launcher)

    def show_launched(self, target: str, *, running: bool) -> None:
        if target not in OWN_SHELLS:
            self.launcher.show_state(target, "running" if running else "ended")

    async def show_engine_lost(self) -> None:
        for name in self.launcher.containers:
            self.launcher.show_state(name, "ended")
        await super().show_engine_lost()

    async def show_step(self, step: Step, launched: Collection[str]) -> None:  # noqa: ARG002 (there is one)
        for name in self.launcher.containers:
            if name not in launched:
                self.launcher.forget(name)
