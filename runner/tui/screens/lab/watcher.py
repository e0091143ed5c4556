"""Watching the displayed container, and explaining why a command failed in it."""

import asyncio
from typing import TYPE_CHECKING

from runner.lab.model.span import Span
from runner.lab.model.transcript import Command, Status
from runner.lab.model.workshop import OWN_SHELLS
from runner.language import tr, trn
from runner.tui.errors import CannotTypeError
from runner.tui.jobs import in_thread
from runner.tui.screens.lab.failed_command import FailedCommand
from runner.tui.screens.lab.failure_words import (
    asked_why,
    denied_in,
    nothing_denied,
    one_tracer,
    several,
    short,
    traces,
)
from runner.tui.screens.lab.own_shell import say_why_it_failed, why_no_calls
from runner.tui.screens.lab.rules import grant

if TYPE_CHECKING:
    from runner.learner.session.events import SessionEvent
    from runner.learner.session.session import LearnerSession
    from runner.learner.session.watching import Watching
    from runner.profile.views.verdicts import Verdict
    from runner.shell.recorder import CommandFinished
    from runner.trace.live import Judged
    from runner.trace.why import Answer
    from runner.tui.lab.controller import LabController
    from runner.tui.screens.lab.session_panes import SessionPanes
    from runner.tui.screens.why import WhyScreen, Wish

_ATTACH_SECONDS = 60.0


def _could_not_trace(verdict: "Verdict") -> bool:
    """True if a call failed as it does where the process has a tracer already."""
    return verdict.call.syscall.name == "ptrace" and verdict.first.errno == "EPERM"


class Watcher:
    """Carries out the learner's Watch requests, and follows the displayed terminal; for the app's thread."""

    def __init__(self, controller: "LabController", panes: "SessionPanes") -> None:
        self._controller = controller
        self._panes = panes
        self._failed: dict[str, FailedCommand] = {}
        self._last: dict[str, FailedCommand] = {}
        """The last line of several commands in each console, which ended well: its last one did."""
        self._ended: dict[str, float] = {}
        """The end of the last command in each console."""
        self._awaited: dict[str, asyncio.Future[CommandFinished | None]] = {}
        self.on = False
        """True if the pane is open."""
        panes.uncover = self.uncover

    # The pane.

    def toggle(self) -> None:
        """Open the pane, or close it and stop all watching."""
        self.on = not self.on
        self._panes.screen.set_class(self.on, "-watching")
        if self._panes.covered or self._panes.screen.focused is self._panes.watch_pane.calls:
            self._panes.home.focus()
        self._panes.announce()
        if self.on:
            self.follow()
        else:
            self._panes.watch_pane.rest()
            if self._controller.session is not None:
                self._controller.session.unwatch()

    def uncover(self) -> None:
        """Show the lesson again, if the pane or a terminal has taken its place; a demo leaves everything as it is."""
        screen = self._panes.screen
        if self._panes.pace:
            return
        in_its_place = self.on and screen.has_class("-narrow")
        if in_its_place:
            self.toggle()
        if in_its_place or screen.has_class("-full"):
            screen.remove_class("-full")
            self._panes.query_one("#lesson").focus()

    def follow(self) -> None:
        """Show the calls of the displayed terminal."""
        if not self.on:
            return
        session, target = self._controller.session, self._panes.terminals.active
        watching = session.watch(target) if session is not None else None
        self._panes.watch_pane.show(target, watching, instead=lambda: self._why_nothing(target))

    def _why_nothing(self, target: str) -> str:
        if self._controller.session is None:
            return tr("There is no terminal yet.")
        if target in OWN_SHELLS:
            return why_no_calls(self._controller, self._panes)
        return tr("{container} does not run.", container=target)

    def heard(self, happening: "SessionEvent") -> None:
        """Handle an event of the session."""
        from runner.learner.session.events import CommandSeen, ConsoleDropped, ConsoleOpened

        match happening:
            case ConsoleOpened() | ConsoleDropped():
                self._failed.pop(happening.target, None)
                self._last.pop(happening.target, None)
                if isinstance(happening, ConsoleDropped):
                    self._settle(happening.target, None)
                self.follow()
            case CommandSeen(target, finished, refusal=refusal):
                new = FailedCommand(finished, refusal, after=self._ended.get(target, 0.0))
                self._ended[target] = new.ended
                if last := self._failed.get(target):
                    last.limit = min(last.limit, new.began)
                self._last.pop(target, None)
                if finished.status:
                    self._failed[target] = new
                elif several(new.text):
                    self._last[target] = new
                if target in OWN_SHELLS:
                    # It was about an earlier command of that shell.
                    self._panes.unsay("failure")
                self._settle(target, finished)

    def _settle(self, target: str, finished: "CommandFinished | None") -> None:
        awaited = self._awaited.pop(target, None)
        if awaited is not None and not awaited.done():
            awaited.set_result(finished)

    # Explaining a failure.

    async def why(self) -> None:
        """Explain why the last command failed in the displayed terminal; ask to run it again if needed."""
        session, target = self._controller.ready(), self._panes.terminals.active
        if session is None:
            return
        failed = self._failed.get(target)
        if target in OWN_SHELLS:
            if failed is not None and failed.refusal:
                self._panes.say(failed.refusal, title=short(failed.text), timeout=20, topic="failure")
                return
            known = None if failed is None else (failed.text, failed.status)
            say_why_it_failed(self._controller, self._panes, known)
            return
        last = self._last.get(target)
        if last is not None and await self._explain_line(session, target, last):
            return
        if failed is None:
            none = tr("No command has failed in {container}.", container=target)
            if last is None:
                self._panes.say(none)
            else:
                counts = tr("Of several commands in one line, the last one's result counts.")
                self._panes.say(
                    f"{none} {counts}",
                    way_on="" if self.on else tr("`w` shows each denied call of the next line."),
                )
            return
        try:
            await self._explain(session, target, failed)
        finally:
            if not self.on:
                session.unwatch()

    async def _explain_line(self, session: "LearnerSession", target: str, line: FailedCommand) -> bool:
        """Explain what was denied while a line ran that ended well; False if nothing was, or nobody watched it."""
        watching = session.watched(target)
        if watching is None or not watching.covers(line.began, line.ended):
            return False
        answer = await in_thread(lambda: watching.explain(line.reported, line.ended, limit=line.limit))
        if answer.denied:
            self._show(target, watching, denied_in(line.text), answer, line.status, late=False)
        return bool(answer.denied)

    async def _explain(self, session: "LearnerSession", target: str, failed: FailedCommand) -> None:
        watching = session.watched(target)
        late = watching is None or not watching.covers(failed.began, failed.ended)
        if watching is None or late:
            if traces(failed.text, failed.status) and not await in_thread(
                lambda: session.denies(target, "ptrace")
            ):
                self._panes.say(one_tracer(watched=False), title=short(failed.text), timeout=20)
                return
            again = await self._again(session, target, failed)
            if again is None:
                return
            watching, failed = again
        answer = await in_thread(lambda: watching.explain(failed.reported, failed.ended, limit=failed.limit))
        title = asked_why(failed.text)
        self._show(target, watching, title, answer, failed.status, late=late)

    async def _again(
        self, session: "LearnerSession", target: str, failed: FailedCommand
    ) -> "tuple[Watching, FailedCommand] | None":
        """Run a command again while it is watched, if the learner agrees; None unless it fails again."""
        if not await self._panes.confirm(
            tr("It was not watched"),
            tr(
                "`{command}` ran in {container} while nobody watched its calls. "
                "It can be typed again there, and watched.",
                command=short(failed.text),
                container=target,
            ),
            yes=tr("Run it again"),
            no=tr("Leave it"),
        ):
            return None
        watching = session.watch(target)
        if watching is None or not await in_thread(lambda: watching.settle(_ATTACH_SECONDS)):
            why = watching.why if watching is not None else tr("{container} does not run.", container=target)
            self._panes.say(
                f"{why}\n{watching.remedy if watching else ''}".strip(),
                title=tr("It cannot be watched"),
                severity="error",
                timeout=12,
            )
            return None
        loop = asyncio.get_running_loop()
        awaited = self._awaited[target] = loop.create_future()
        command = Command(failed.text, (), Status(), Span(self._controller.lab.path, 1, 1))
        try:
            self._panes.type(target, command, insist=False)
        except CannotTypeError as refusal:
            self._awaited.pop(target, None)
            why = await self._controller.why_not_typed(target, refusal)
            self._panes.say(why, way_on=refusal.way_on, severity="warning", timeout=12)
            return None
        finished = await awaited
        if finished is None:
            return None
        if finished.status == 0:
            self._panes.say(tr("`{command}` did not fail this time.", command=short(failed.text)))
            return None
        # The console may have gone right after it.
        again = self._failed.get(target)
        return None if again is None else (watching, again)

    def asked(self, watching: "Watching", row: "Judged", verdict: "Verdict | None") -> None:
        """Show more about a row of the pane."""
        if verdict is None or watching.calls is None:
            self._panes.say(
                trn(
                    "{name}, once: {verdict}",
                    "{name}, {times} times: {verdict}",
                    row.times,
                    name=row.name,
                    times=f"{row.times:,}",
                    verdict=row.verdict,
                )
                + (f", {row.rule}." if row.rule else ".")
            )
            return
        from runner.learner.denials import explained_verdict
        from runner.tui.screens.why import WhyScreen

        denial = explained_verdict(watching.calls, verdict)
        if denial is not None:
            self._open(
                self._panes.terminals.active,
                watching,
                WhyScreen(tr("Why was {call} denied?", call=row.name), [denial], []),
            )

    def _show(
        self, target: str, watching: "Watching", title: str, answer: "Answer", status: int, *, late: bool
    ) -> None:
        from runner.trace.own_seccomp import own_sentence
        from runner.tui.screens.why import WhyScreen

        others = [own_sentence(refusal) for refusal in answer.own[:5]]
        untraced = [verdict for verdict in answer.others if _could_not_trace(verdict)]
        if untraced:
            others.append(one_tracer(watched=self.on))
        others += [
            tr(
                "{call} failed with {errno}, and not by seccomp: the kernel's own checks refused it, such as "
                "permissions and capabilities.",
                call=verdict.call.syscall.name,
                errno=verdict.first.errno,
            )
            for verdict in [one for one in answer.others if one not in untraced][:5]
        ]
        said = nothing_denied(answer, status)
        self._open(target, watching, WhyScreen(title, answer.denied, others, said, unasked=late))

    def _open(self, target: str, watching: "Watching", screen: "WhyScreen") -> None:
        def answered(wish: "Wish | None") -> None:
            if wish is not None:
                grant(self._controller, self._panes, target, watching, wish)

        self._panes.app.push_screen(screen, answered)
