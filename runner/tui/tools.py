"""Screens that are opened over a lab, and need its session."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from runner.lab.model.workshop import FileBlock, Step

if TYPE_CHECKING:
    from textual.app import App

    from runner.tui.controller import LabController


def edit(
    app: "App[object]",
    controller: "LabController",
    name: str,
    *,
    change: Callable[[str], str] | None = None,
    line: Callable[[str], int] | None = None,
) -> None:
    """Edit a file of the workspace, as `EditorScreen` says; the lab hears of it if one was saved."""
    session = controller.ready()
    if session is None:
        return
    from runner.tui.screens.editor import EditorScreen

    def closed(saved: bool | None) -> None:
        if saved:
            controller.changed()

    app.push_screen(EditorScreen(session.workspace, name, session.engine, change=change, line=line), closed)


def explain(app: "App[object]", controller: "LabController") -> None:
    """Say what the profiles of the workspace decide for a system call."""
    session = controller.ready()
    if session is not None:
        from runner.tui.screens.explain import ExplainScreen

        app.push_screen(ExplainScreen(session.workspace.root, session.engine))


def edit_in_front(app: "App[object]", controller: "LabController", target: str) -> None:
    """Edit the file with the profile of the container `target`, or else the file that the step is about."""
    session = controller.session
    name = session.profile_file(target) if session is not None else ""
    edit(app, controller, name or file_of(controller.step))


def file_of(step: Step) -> str:
    """The name of the file that a step is about, one that the learner is to write first; "" if there is none."""
    blocks = [block for block in step.blocks if isinstance(block, FileBlock)]
    edited = sorted(blocks, key=lambda block: not block.edit)
    return edited[0].name if edited else ""
