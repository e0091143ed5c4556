"""The sandbox: containers under any profile, outside the labs."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType

from runner.check.outcome import Broken, Errored, Failed, Passed
from runner.content import PROFILES
from runner.errors import EngineError
from runner.files import files_below
from runner.lab.model.workshop import OWN_SHELLS
from runner.language import tr
from runner.learner.progress.journal import Journal
from runner.learner.sandbox import sandbox
from runner.tui import messages
from runner.tui.jobs import in_thread
from runner.tui.keys.commands import ScreenCommands
from runner.tui.lab.record import LabRecord
from runner.tui.messages import LabLeft
from runner.tui.screens.lab.rules import edit_rule
from runner.tui.screens.lab.session_screen import SessionScreen
from runner.tui.screens.lab.tools import begin_sandbox_again, edit
from runner.tui.screens.refused_launch import RefusedLaunch
from runner.tui.screens.sandbox_panes import SandboxPanes
from runner.tui.shared_engine import SharedEngine
from runner.tui.split import Split

if TYPE_CHECKING:
    from runner.learner.session.session import LearnerSession

LOOK_SECONDS = 1.0
"""Seconds between two looks at the files of the workspace, which are offered as profiles."""


class SandboxScreen(SessionScreen):
    """Launches the containers that the learner defines, with the terminals and the tools of a lab."""

    AUTO_FOCUS = "#profile"
    # What refused a start, and the line that names the denied calls, take more than a few lines.
    DEFAULT_CSS = "SandboxScreen #banner { max-height: 60%; }"
    COMMANDS: ClassVar = {ScreenCommands}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("l", "launch", "Launch"),
        # No key that is pressed in passing: it is not to be undone.
        Binding("delete", "remove", "Remove"),
        Binding("t", "terminal", "Terminal"),
        Binding("T", "next_terminal", "Next terminal"),
        Binding("A", "another_shell", "Another shell", show=False),
        Binding("w", "watch", "Watch"),
        Binding("W", "why", "Why?"),
        Binding("v", "copy", "Copy", show=False),
        Binding("f", "full", "Full"),
        Binding("e", "edit", "Edit"),
        Binding("y", "explain", "Syscall"),
        Binding("N", "notes", "Notes", show=False),
        Binding("less_than_sign", "split(-1)", "Less room for the choices", show=False),
        Binding("greater_than_sign", "split(1)", "More room for the choices", show=False),
        Binding("equals_sign", "split(0)", "The usual room for the choices", show=False),
        Binding("X", "reset_lab", "Begin again", show=False),
        Binding("question_mark", "app.help", "Help", key_display="?"),
        Binding("q", "leave", "Labs"),
        Binding("tab", "app.focus_next", "Next field", show=False),
        Binding("shift+tab", "app.focus_previous", "Field before", show=False),
    ]

    _panes: SandboxPanes

    def __init__(
        self,
        journal: Journal,
        shared_engine: SharedEngine,
        split: Split,
        images: Sequence[str],
        *,
        left: Callable[[LabLeft], object],
    ) -> None:
        record = LabRecord(journal, *sandbox(PROFILES))
        shipped = [str(path.relative_to(PROFILES.parent)) for path in sorted(PROFILES.rglob("*.json"))]
        panes = SandboxPanes(record, split, images=images, profiles=shipped)
        super().__init__(record, panes, shared_engine, step=record.lab.steps[0], left=left)
        self._refused: RefusedLaunch | None = None
        """The last launch, if it was refused and no command has failed since."""

    def on_mount(self) -> None:
        self.set_interval(LOOK_SECONDS, self._offer_profiles)

    def _offer_profiles(self) -> None:
        session = self._controller.session
        if session is not None and not self.query("SelectOverlay:focus"):
            self._panes.beside(self._look_for_profiles, only="profiles")

    async def _look_for_profiles(self) -> None:
        session = self._controller.session
        if session is not None:
            root = session.workspace.root
            found = await in_thread(
                lambda: [str(path.relative_to(root)) for path in files_below(root, ".json")]
            )
            self._panes.launcher.offer(found)

    async def action_launch(self) -> None:
        """Launch a container as it is chosen."""
        await self._controller.turns.take(self._launch)

    async def _launch(self) -> None:
        session = self._controller.ready()
        if session is None:
            return
        launcher = self._panes.launcher
        name, wish = launcher.name, launcher.wish
        self._forget_refused()
        outcome = await self._controller.ask(
            tr("launching {name}", name=name), lambda: session.launch(wish.block(name))
        )
        match outcome:
            case Passed():
                launcher.show_container(name, wish, "running")
            case Failed(actual=actual):
                from runner.learner.profile_answers import start_faults

                root, info = session.workspace.root, session.engine
                faults = await in_thread(lambda: start_faults(root, wish.profile, info))
                # What the profile denies comes first: the engine's words seldom say more than that it failed.
                launcher.show_refused(name, wish, [*faults, actual])
                self._refused = refused = RefusedLaunch(name, wish, actual)
                self._panes.say(
                    tr("its line in the list says why."),
                    way_on=tr("`W` says how to have the denied calls named.") if refused.naming(info) else "",
                    title=tr("{name} did not start", name=name),
                    severity="error",
                    timeout=12,
                    topic="failure",
                )
            case Broken(reason, _) | Errored(reason, _):
                self._controller.failed(EngineError(reason))

    def _forget_refused(self) -> None:
        self._refused = None
        self._panes.unsay("failure")

    @on(messages.Told)
    def _heard(self, event: messages.Told) -> None:
        """A command that fails after a refused launch is what `W` is about then."""
        from runner.learner.session.events import CommandSeen

        if self._refused is None:
            return
        if isinstance(event.happening, CommandSeen) and event.happening.finished.status:
            self._forget_refused()

    def action_why(self) -> None:
        """Say why the last container did not start, or the last command failed in the terminal."""
        session = self._controller.session
        if self._refused is not None and session is not None:
            self._refused.explain(self._panes, session.engine)
        else:
            super().action_why()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Extends the session screen's checks: while a list of choices is open, nothing is removed."""
        if action == "remove" and self.query("SelectOverlay:focus"):
            return False
        return super().check_action(action, parameters)

    async def action_remove(self) -> None:
        """Remove the container whose terminal is shown."""
        await self._controller.turns.take(self._remove)

    async def _remove(self) -> None:
        name, session = self._panes.terminals.active, self._controller.ready()
        if session is None:
            return
        if name in OWN_SHELLS:
            self._panes.say(tr("Your shell stays; to remove a container, go to its terminal first."))
            return
        await self._controller.ask(tr("removing {name}", name=name), lambda: session.remove(name))
        self._panes.launcher.forget(name)
        if self._refused is not None and self._refused.name == name:
            self._forget_refused()

    def action_notes(self) -> None:
        """Read and write your notes on the sandbox."""
        super().action_notes()

    def action_reset_lab(self) -> None:
        """Begin the sandbox again."""
        begin_sandbox_again(self.app, self._controller, self._begin_again)

    async def _begin_again(self, session: "LearnerSession") -> None:
        await self._actions.reset_lab(session)
        self._forget_refused()

    def action_edit(self) -> None:
        """Edit the profile that is chosen, or another one of the workspace."""
        if edit_rule(self._controller, self._panes):
            return
        profile = self._panes.launcher.wish.profile
        edit(self.app, self._controller, "" if profile == "unconfined" else profile)
