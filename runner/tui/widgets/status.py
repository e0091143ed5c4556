"""The status line."""

from typing import TYPE_CHECKING

from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Static

from runner.lab.model.workshop import console_name
from runner.language import tr

if TYPE_CHECKING:
    from runner.engine.api import EngineInfo

_ISOLATION = {
    "user-namespace": "in a user namespace",
    "rootless": "rootless",
    "vm": "in a virtual machine",
    "none": "not isolated",
}
_BETWEEN = "  │  "


class StatusLine(Static):
    """The engine, the profile in force in the displayed terminal, the time spent, and the work in progress."""

    DEFAULT_CSS = """
    StatusLine {
        height: 1;
        padding: 0 1;
        background: $panel;
        color: $text-muted;
        text-wrap: nowrap;
        text-overflow: ellipsis;
    }
    """
    engine: reactive[tuple[str, ...]] = reactive(())
    """What is said of the engine, ever shorter; as much of it shows as there is room for."""
    profile: reactive[str] = reactive("")
    seconds: reactive[int] = reactive(0)
    busy: reactive[str] = reactive("")
    running: reactive[str] = reactive("")
    trouble: reactive[str] = reactive("")
    company: reactive[str] = reactive("")
    """The class status, if there is a class."""

    def show_engine(self, info: "EngineInfo") -> None:
        """Say which engine there is."""
        isolation = tr(_ISOLATION.get(info.isolation, info.isolation))
        unbounded = "" if info.bounded else tr(", memory not limited")
        name = f"{info.name} {info.version}"
        self.engine = f"{name}, {isolation}{unbounded}", f"{name}, {isolation}", name

    def lose_engine(self) -> None:
        """Show that there is no engine any more."""
        self.engine, self.profile = (tr("no engine"),), ""

    def render(self) -> Content:
        minutes, seconds = divmod(self.seconds, 60)
        quiet = [f"{minutes}:{seconds:02}", *([self.profile] if self.profile else [])]
        doing = self.busy or (
            tr("running in {console_name}", console_name=console_name(self.running)) if self.running else ""
        )
        loud = [(f"◌ {doing}{_BETWEEN}", "$primary")] if doing else []
        loud += [(f"{self.company}{_BETWEEN}", "$accent")] if self.company else []
        loud += [(tr("! progress is not saved  │  "), "$warning")] if self.trouble else []
        for engine in self.engine or (tr("no engine yet"),):
            shown = Content.assemble(*loud, _BETWEEN.join([*quiet, engine]))
            # The size is not known before the first layout.
            if shown.cell_length <= self.content_size.width or not self.size:
                return shown
        return Content.assemble(*loud, _BETWEEN.join(quiet))
