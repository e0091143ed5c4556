"""Screens opened over a lab, most of which need its session."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from typing import TYPE_CHECKING

from runner.lab.model.named_files import named_files
from runner.lab.model.workshop import OTHER_SHELL, Lab, Step, Workshop, console_name
from runner.language import tr
from runner.shell.prompt_state import Prompt
from runner.tui import messages

if TYPE_CHECKING:
    from textual.app import App

    from runner.lab.model.glossary import Term
    from runner.learner.session.session import LearnerSession
    from runner.tui.lab.actions import LabActions
    from runner.tui.lab.controller import LabController
    from runner.tui.lab.record import LabRecord
    from runner.tui.screens.lab.panes import LabPanes
    from runner.tui.screens.lab.session_panes import SessionPanes


def edit(
    app: "App[object]",
    controller: "LabController",
    name: str,
    *,
    change: Callable[[str], str] | None = None,
    line: Callable[[str], int] | None = None,
    saved: Callable[[frozenset[str]], object] | None = None,
) -> None:
    """Edit a file of the workspace, as `EditorScreen` says; the lab is told if a file was saved, and so is `saved`."""
    session = controller.ready()
    if session is None:
        return
    controller.files.keep()
    from runner.tui.screens.editor import EditorScreen

    def closed(files: frozenset[str] | None) -> None:
        if files:
            controller.changed(files)
            if saved is not None:
                saved(files)

    app.push_screen(EditorScreen(session.workspace, name, session.engine, change=change, line=line), closed)


def explain(app: "App[object]", controller: "LabController") -> None:
    """Show the decisions of the workspace's profiles on a system call."""
    session = controller.ready()
    if session is not None:
        controller.files.keep()
        from runner.tui.screens.explain import ExplainScreen

        app.push_screen(ExplainScreen(session.workspace.root, session.engine))


def edit_in_front(app: "App[object]", controller: "LabController", target: str) -> None:
    """Edit the file with the profile of the container `target`, or else the step's file."""
    session = controller.session
    name = session.profile_file(target) if session is not None else ""
    edit(app, controller, name or file_of(controller.step))


def advise(app: "App[object]", panes: "LabPanes") -> None:
    """Show the full advice on the step's checks."""
    from runner.tui.screens.advice import AdviceScreen

    if told := panes.checks.told:
        app.push_screen(AdviceScreen(told))
    else:
        panes.say(tr("This step has nothing to check."))


def summarise(panes: "LabPanes", workshop: Workshop, lab: Lab, record: "LabRecord", *, late: bool) -> None:
    """Show the lab's results, and go on to the learner's choice; `late`: they may be typing."""
    from runner.tui.screens.summary import SummaryScreen

    following = next(iter(workshop.labs[workshop.labs.index(lab) + 1 :]), None)

    def chosen(wish: str | None) -> None:
        if wish != "back":
            panes.post_message(messages.LabLeft(following if wish == "next" else None))

    panes.app.push_screen(SummaryScreen(workshop, lab, record, following=following, late=late), chosen)


def define(app: "App[object]", terms: "Sequence[Term]", *, here: "Collection[str]", first: str) -> None:
    """Explain terms, those of the step `here` before the others."""
    from runner.tui.screens.glossary import GlossaryScreen

    app.push_screen(GlossaryScreen(terms, here=here, first=first))


def offer_to_type(app: "App[object]", panes: "SessionPanes", begun: str, *, go: Callable[[], None]) -> None:
    """Ask for the rest of a command that was `begun` where keys act; `go` gives the keys to the terminal."""
    from runner.tui.screens.typing_line import TypingLine

    def answered(text: str | None) -> None:
        if text:
            go()
            panes.terminals.send(text.encode() + b"\r")

    app.push_screen(TypingLine(begun, console_name(panes.terminals.active)), answered)


def go_to_another_shell(controller: "LabController", actions: "LabActions", panes: "SessionPanes") -> None:
    """Give the keys at once to another shell of the learner's, which is opened if there is none."""
    session, terminals = controller.ready(), panes.terminals
    if session is None:
        terminals.focus_active()
        return
    there = terminals.terminal(OTHER_SHELL) is not None
    if there:
        terminals.show(OTHER_SHELL)
    if there and terminals.prompt(OTHER_SHELL) is not Prompt.ENDED:
        terminals.focus_active()
        return
    if there:
        terminals.focus_reopened()
    elif terminals.await_console(
        OTHER_SHELL, tr("Opening another shell of yours: what you type waits for it.")
    ):
        panes.say(tr("What you typed for the terminal before is dropped."), severity="warning")

    async def reopen() -> None:
        await actions.consoles.reopen(session, OTHER_SHELL)
        await panes.told()
        if terminals.terminal(OTHER_SHELL) is None and terminals.await_no_longer(OTHER_SHELL):
            panes.say(tr("What you typed for it is dropped."), severity="warning")

    panes.beside(reopen, only="another")


def begin_step_again(app: "App[object]", controller: "LabController", actions: "LabActions") -> None:
    """Have the current step begin again, once the learner has agreed."""
    from runner.learner.session.files import inherited

    text = tr(
        "Its files go back to how the lesson has them, its containers and your shell start afresh, "
        "and its checks are tried anew."
    )
    if kept := inherited(controller.lab, controller.step):
        files = ", ".join(sorted(kept))
        text += " " + tr("The files of earlier steps stay as you have them: {files}.", files=files)
    _begin_again(app, controller, tr("Begin this step again?"), text, actions.reset_step)


def begin_lab_again(app: "App[object]", controller: "LabController", actions: "LabActions") -> None:
    """Have the lab begin again, once the learner has agreed."""
    _begin_again(
        app,
        controller,
        tr("Begin this lab again?"),
        tr(
            "All its steps are open again, its containers go, and the workspace is as it was at the "
            "beginning. Your files are moved aside, not deleted."
        ),
        actions.reset_lab,
    )


def begin_sandbox_again(
    app: "App[object]", controller: "LabController", act: "Callable[[LearnerSession], Awaitable[None]]"
) -> None:
    """Have the sandbox begin again by `act`, once the learner has agreed."""
    _begin_again(
        app,
        controller,
        tr("Begin the sandbox again?"),
        tr(
            "Its containers go, and the workspace is as it was at the beginning. "
            "Your files are moved aside, not deleted."
        ),
        act,
    )


def _begin_again(
    app: "App[object]",
    controller: "LabController",
    title: str,
    text: str,
    act: "Callable[[LearnerSession], Awaitable[None]]",
) -> None:
    from runner.tui.screens.question import Question

    session = controller.ready()
    if session is None:
        return

    async def answered(yes: bool | None) -> None:
        if yes:
            await controller.turns.take(lambda: act(session))

    app.push_screen(Question(title, text, yes=tr("Begin again"), no=tr("Keep it")), answered)


def file_of(step: Step) -> str:
    """The name of the file that a step is about, preferably one that the learner writes; "" if there is none.

    Without a file of its own, that is the last one that its commands name: what the task is about.
    """
    edited = sorted(step.files, key=lambda block: not block.edit)
    return next((block.name for block in edited), "") or next(reversed(named_files(step)), "")
