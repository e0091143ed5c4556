"""A container of the lesson: its command line, and a button that starts it."""

from dataclasses import replace

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Button, Static

from runner.lab.model.workshop import ContainerBlock
from runner.language import tr
from runner.tui import marks
from runner.tui.messages import LaunchAsked
from runner.tui.widgets.lesson.hanging import Hanging


class LaunchCard(Vertical):
    """Shows the `docker run` line that is equal to the definition, and whether the container runs."""

    DEFAULT_CSS = """
    LaunchCard {
        height: auto;
        margin: 0 0 1 0;
        padding: 0 1;
        background: $surface;
        border-left: outer $primary 60%;
        &.-running { border-left: outer $success; }
        .line { color: $foreground; }
        .head { height: 1; }
        .state { width: 1fr; color: $text-muted; }
        Button { min-width: 10; height: 1; border: none; }
    }
    """
    running: reactive[bool] = reactive(False, init=False, toggle_class="-running")

    def __init__(self, block: ContainerBlock) -> None:
        super().__init__()
        self.block = block
        # Not looked up: a card that is leaving the screen may have lost them already.
        self._state_line = Static(self._described(), classes="state", markup=False)
        self._launch_button = Button(tr("▶ Launch"), compact=True, variant="primary")

    def compose(self) -> ComposeResult:
        line = replace(self.block.spec, tty=True).docker_run(name=self.block.name)
        with Horizontal(classes="head"):
            yield self._state_line
            yield self._launch_button
        yield Hanging(Content("$ "), Content(line), classes="line")

    def watch_running(self) -> None:
        self._state_line.update(self._described())
        self._launch_button.label = tr("↻ Relaunch") if self.running else tr("▶ Launch")
        self._launch_button.variant = "default" if self.running else "primary"

    def _described(self) -> str:
        if self.running:
            return tr(
                "{name}   {symbol} running", name=self.block.name, symbol=marks.CONTAINER_RUNNING.symbol
            )
        return tr("{name}   {symbol} not launched", name=self.block.name, symbol=marks.CONTAINER_OFF.symbol)

    def on_button_pressed(self, event: Button.Pressed) -> None:
        event.stop()
        self.post_message(LaunchAsked(self.block))
