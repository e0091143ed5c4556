"""One learner in one lab: their place, their requests to the session, and its events."""

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, TypeVar

from runner.check.outcome import Errored, Failed, Outcome, Passed
from runner.check.program import program_of
from runner.errors import EngineError, WorkshopError, told
from runner.lab.model.workshop import (
    HOST,
    OWN_SHELLS,
    Lab,
    Step,
    Workshop,
    console_name,
)
from runner.language import tr
from runner.record.event import Alive, Happening, LabBegun, LabClosed, LabOpened, StepEntered
from runner.shell.prompt import NOT_FOUND
from runner.tui.errors import CannotTypeError
from runner.tui.jobs import Jobs
from runner.tui.lab.opening import Opening
from runner.tui.lab.record import LabRecord
from runner.tui.lab.step_files import StepFiles
from runner.tui.lab.turns import Turns
from runner.tui.shared_engine import SharedEngine

if TYPE_CHECKING:
    from runner.lab.model.transcript import Command
    from runner.learner.session.events import CommandSeen, SessionEvent
    from runner.learner.session.session import LearnerSession
    from runner.shell.recorder import CommandFinished
    from runner.tui.lab.view import LabView

_Result = TypeVar("_Result")
_OWN_PROGRAMS = frozenset({"docker", "workshop"})
"""The programs that lessons use only in the learner's own shell."""


class LabController:
    """Has the session opened, sends it requests, and handles its events; knows no widgets.

    Lives in the app's thread; calls that may wait run in others. Events are recorded here; the session only reports
    them. `view` shows them.
    """

    def __init__(
        self,
        workshop: Workshop,
        lab: Lab,
        *,
        record: LabRecord,
        shared_engine: SharedEngine,
        view: "LabView",
        step: Step | None = None,
    ) -> None:
        """`step` is the step to begin with, if it is not the learner's last one."""
        self.workshop = workshop
        self.lab = lab
        self.record = record
        self.step = step or record.step
        self.launched: set[str] = set()
        """The consoles that exist, and the containers that did not start as the lesson says."""
        self.typed: set[Command] = set()
        """The commands of the step that were typed."""
        self.running = ""
        """The console in which a command that was typed for the learner runs; "" if none does."""
        self.turns = Turns(view.beside)
        self._view = view
        self._jobs = Jobs()
        self._doing: list[str] = []
        """The descriptions of the calls that run or wait for their turn."""
        self._opening = Opening(
            record=record,
            shared_engine=shared_engine,
            view=view,
            jobs=self._jobs,
            step=lambda: self.step,
            enter=self._enter,
            lost=self._lost,
        )
        self.files = StepFiles(
            session=lambda: self.session,
            step=lambda: self.step,
            view=view,
            ask=self.ask,
            failed=self.failed,
        )
        self._exited: set[str] = set()
        """The containers that have exited by themselves."""
        self._cut_off: frozenset[str] = frozenset()
        """The containers that ran when the engine was lost."""
        if not record.entered(self.step):
            self.files.begin(self.step)
        self._shown = False
        self._checked: set[str] = set()
        """The checks whose results the learner has asked for and that are not there yet."""
        self._unknown = False
        """True if one of the results they have asked for is neither a pass nor a failure."""

    @property
    def session(self) -> "LearnerSession | None":
        """The session; None while there is no engine."""
        return self._opening.session

    @property
    def opening(self) -> bool:
        """True while an engine is being looked for."""
        return self._opening.under_way

    # The record.

    def begin(self) -> None:
        """The lab is on the screen: record it, and open the session; after `leave`, do nothing."""
        if self._opening.left:
            return
        self._shown = True
        self.note(LabOpened())
        # Also if the step is the same as before: a class may not know of it.
        self.note(StepEntered(), self.step.id)
        self._opening.open()

    def alive(self) -> None:
        """Record that the lab is still on the screen."""
        if self._shown:
            self.note(Alive())

    def end(self) -> None:
        """Record that the lab leaves the screen, before the next one is on it; may be called again."""
        self.turns.rest()
        if self._shown:
            self._shown = False
            self.record.note(LabClosed())

    def note(self, happening: Happening, step: str = "") -> None:
        """Record a happening."""
        self.record.note(happening, step)
        self._view.show_trouble(self.record.trouble)

    def _note_begun(self) -> None:
        if not self.record.state.begun:
            self.note(LabBegun())

    def _note_entered(self) -> None:
        if self.record.state.step != self.step.id:
            self.note(StepEntered(), self.step.id)

    # The session.

    async def ask(self, doing: str, call: Callable[[], _Result]) -> _Result | None:
        """Run a call that may wait in a thread, one at a time; None after a failure, which is shown."""
        self.turns.rest()
        self._doing.append(doing)
        self._view.show_doing(doing)
        try:
            return await self._jobs.run(call)
        except (WorkshopError, OSError) as error:
            # Earlier events, such as a closed console, are shown first.
            await self._view.told()
            self.failed(told(error))
            return None
        finally:
            self._doing.remove(doing)
            # Another call may still wait for its turn.
            self._view.show_doing(self._doing[-1] if self._doing else "")

    def ready(self) -> "LearnerSession | None":
        """The session; without one, the learner is told to wait, or the search for an engine is repeated."""
        return self._opening.ready()

    def look_again(self) -> None:
        """Look for an engine again, if none was found: the learner wants a terminal."""
        if not self.opening:
            self.ready()

    def failed(self, error: WorkshopError) -> None:
        """Report a failure; a lost engine is looked for again, if the learner wants that."""
        from runner.engine.api import EngineUnavailable

        if self._opening.left:
            return
        if self.session is not None and isinstance(error, EngineUnavailable):
            self._opening.engine_lost(error)
            return
        if isinstance(error, EngineError):
            self.record.engine_trouble(self.step.id, str(error), lost=False)
        remedy = f"\n{error.remedy}" if error.remedy else ""
        self._view.say(f"{error}{remedy}", title=tr("That did not work"), severity="error", timeout=12)
        if self.session is not None:
            self._view.show_no_terminal(tr("No terminal: {error}. t opens it again.", error=error))

    async def why_not_typed(self, target: str, refusal: CannotTypeError) -> str:
        """The text for a refusal to type into a console: the program in its shell, and the keys that end it."""
        session = self.session
        if session is None or not refusal.occupied:
            return str(refusal)
        doing = tr("looking at {console_name}", console_name=console_name(target))
        busy = await self.ask(doing, lambda: session.occupied(target))
        return str(refusal) if busy is None else busy.sentences

    async def go_to(self, step: Step) -> None:
        """Make another step the current one."""
        self.step = step
        if not self.record.entered(step):
            self.files.begin(step)
        await self.show_step()
        if self.session is not None:
            await self._enter(self.session)

    async def show_step(self) -> None:
        """Show the current step from its beginning."""
        self._note_entered()
        self.typed.clear()
        self._checked.clear()
        self.show_running("")
        await self._view.show_step(self.step, self.launched)
        self.files.look()

    def changed(self, files: Collection[str]) -> None:
        """Note that the learner has changed files of the workspace."""
        self._note_begun()
        if self.session is not None:
            self.session.changed(files)
        self.files.look()

    def check(self, session: "LearnerSession") -> None:
        """Have every open check evaluated; what it comes to is said, also where nothing has changed."""
        self._checked = {check.id for check in self.step.checks} - self.record.of(self.step).passed
        self._unknown = False
        if not self._checked:
            self._say_done()
        session.check()

    def show_running(self, target: str) -> None:
        """Show that a command typed for the learner runs in `target`; "" if none does."""
        self.running = target
        self._view.show_running(target)

    def leave(self) -> bool:
        """Close the session, and stop its work; False if that was done already."""
        return self._opening.leave()

    # Events.

    def heard(self, happening: "SessionEvent") -> None:
        """Handle an event of the session, after it is shown."""
        from runner.learner.session.events import (
            CheckJudged,
            CommandSeen,
            CommandsTypedAgain,
            ConsoleDropped,
            ConsoleOpened,
            WorkspaceMade,
        )

        match happening:
            case ConsoleOpened(target):
                self.launched.add(target)
                self._exited.discard(target)
                if target not in OWN_SHELLS:
                    self._note_begun()
            case ConsoleDropped(target):
                self.launched.discard(target)
                self._runs_no_longer(target)
            case CommandSeen():
                self._command_seen(happening)
            case WorkspaceMade():
                self._view.say(
                    tr("Your workspace was gone. It is there again, with the files of the lab."), timeout=12
                )
            case CommandsTypedAgain(target):
                self._view.say(
                    tr(
                        "{target} is new: the lesson's earlier commands were typed in it.",
                        target=target,
                    ),
                    timeout=12,
                )
            case CheckJudged(step, check, outcome, asked):
                self._judged(step, check.id, outcome, asked=asked)

    def _command_seen(self, seen: "CommandSeen") -> None:
        self._note_begun()
        if not seen.explained:
            if seen.refusal:
                self._view.say(seen.refusal, severity="warning", timeout=12)
            self._say_where(seen.target, seen.finished)
        self._runs_no_longer(seen.target)
        if seen.target in OWN_SHELLS:
            self.files.keep()
        self.files.look()
        if seen.command is not None:
            self.typed.add(seen.command)

    def _say_where(self, target: str, finished: "CommandFinished") -> None:
        """Say in which shell a program runs that a container lacks."""
        program = program_of(finished.command)
        if target not in OWN_SHELLS and finished.status == NOT_FOUND and program in _OWN_PROGRAMS:
            self._view.say(
                tr("There is no {program} in the container {target}.", program=program, target=target),
                way_on=tr("It belongs in your own shell, in the first tab."),
                severity="warning",
                timeout=12,
            )

    def ended(self, target: str) -> None:
        """Handle the end of a console's shell."""
        self._runs_no_longer(target)
        if self.session is not None and target in self.launched:
            self.launched.discard(target)
            self._view.show_launched(target, running=False)
            self._look_after(target)

    def _runs_no_longer(self, target: str) -> None:
        if self.running == target:
            self.show_running("")

    def _judged(self, step: str, check: str, outcome: Outcome, *, asked: bool) -> None:
        self._note_outcome(step, check, outcome, asked=asked)
        here = step == self.step.id
        done = {check.id for check in self.step.checks} <= self.record.of(self.step).passed
        if here and check in self._checked and (asked or isinstance(outcome, Passed)):
            self._checked.discard(check)
            self._unknown |= not isinstance(outcome, Passed | Failed)
            if not self._checked and not done:
                self._say_not_done()
        if isinstance(outcome, Passed):
            if here and done:
                self._say_done()
        elif isinstance(outcome, Failed) or (isinstance(outcome, Errored) and asked):
            # The engine may have failed, and not the learner.
            self._look_after(HOST)

    def _say_not_done(self) -> None:
        if self._unknown:
            said, way_on = tr("Not everything could be checked."), tr("`a` says why.")
        else:
            said, way_on = tr("Checked now: not everything has passed yet."), tr("`a` says what is missing.")
        self._view.say(said, way_on=way_on, topic="task")

    def _say_done(self) -> None:
        self._view.unsay("task")
        self._view.say("", way_on=tr("`n` goes on."), title=tr("✓ Step done"), timeout=4)

    def _note_outcome(self, step: str, check: str, outcome: Outcome, *, asked: bool) -> None:
        self.record.judged(step, check, outcome, asked=asked)
        self._view.show_trouble(self.record.trouble)

    def _look_after(self, target: str) -> None:
        self._view.beside(lambda: self._say_why_ended(target), only="look")

    async def _say_why_ended(self, target: str) -> None:
        """Say why a console has ended: its shell, its container, or the engine."""
        session = self.session
        if session is None:
            return
        why = await self.ask(tr("looking after it"), lambda: session.look(target))
        if why:
            self._exited.add(target)
        # The end of their own shell is reported in its terminal, with the way on.
        if why and target not in OWN_SHELLS:
            launches = any(block.name == target for block in self.step.containers)
            way_on = tr("`l` launches it again.") if launches else tr("`t` in its tab opens it again.")
            self._view.say(why, way_on=way_on, severity="warning")

    async def _enter(self, session: "LearnerSession") -> None:
        step, passed, known = self.step, self.record.of(self.step).passed, self.record.solutions_known
        running, self._cut_off = self._cut_off, frozenset()
        self.files.place(session)
        await self.ask(
            tr("preparing the step"),
            lambda: session.enter(step, passed=passed, done=known, running=running),
        )
        await self._view.told()
        self.files.look()
        self.offer_terminal()

    def offer_terminal(self) -> None:
        """Bring the terminal to the front that the step goes on in, by its text, or else by what its task asks for."""
        from runner.learner.guide import Launch, Type, lesson_actions

        following = next(lesson_actions(self.step, launched=self.launched, typed=self.typed), None)
        match following:
            case Type(target, _):
                self._view.offer(target)
            case None if (block := next(iter(self.step.consoles), None)) is not None:
                self._view.offer(block.target)
            case Launch() | None:
                pass

    def _lost(self, session: "LearnerSession") -> None:
        for target in self.launched:
            self._view.show_launched(target, running=False)
        self._cut_off = session.running - self._exited
        self.launched.clear()
