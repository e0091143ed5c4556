"""Opening the editor at the rule that decides a watched call, or with a proposal that allows it."""

from typing import TYPE_CHECKING

from runner.errors import UsageError, printable
from runner.language import tr
from runner.tui.screens.lab.tools import edit

if TYPE_CHECKING:
    from runner.learner.session.watching import Watching
    from runner.tui.lab.controller import LabController
    from runner.tui.screens.lab.session_panes import SessionPanes
    from runner.tui.screens.why import Wish


def grant(
    controller: "LabController", panes: "SessionPanes", target: str, watching: "Watching", wish: "Wish"
) -> None:
    """Show the rule, or a proposal that allows the call, in the editor."""
    session, calls, denial = controller.session, watching.calls, wish.denial
    if session is None or calls is None:
        return
    name = session.profile_file(target)
    simulation = calls.simulation
    if not name and not wish.allow:
        panes.say(
            tr(
                "The rule is in {profile}, which is not a file of your workspace. "
                "`a` makes your own profile from it.",
                profile=simulation.file,
            )
        )
        return
    from runner.learner.denials import allowing, allowing_in, line_deciding

    def change(text: str) -> str:
        return allowing(text, denial) if text.strip() else allowing_in(simulation.profile, denial)

    file = name or f"profiles/{target}-allowed.json"

    def saved(files: frozenset[str]) -> None:
        if file in files:
            panes.say(
                tr("{file} is saved. A container has it from its next launch on.", file=printable(file))
                if name
                else tr(
                    "{file} is saved. A container that is launched with it has it.", file=printable(file)
                ),
                timeout=10,
            )

    edit(
        panes.app,
        controller,
        file,
        change=change if wish.allow else None,
        line=lambda text: line_deciding(text, denial.verdict.call, simulation.target),
        saved=saved if wish.allow else None,
    )


def edit_rule(controller: "LabController", panes: "SessionPanes") -> bool:
    """Show the rule that decides the chosen call, in the editor; False if none is chosen, or it has no file."""
    from runner.learner.denials import line_allowing, line_deciding

    session, target = controller.session, panes.terminals.active
    chosen = panes.watch_pane.chosen
    name = session.profile_file(target) if session is not None else ""
    calls = chosen.watching.calls if chosen is not None else None
    if chosen is None or calls is None or not name:
        return False
    simulation = calls.simulation
    if chosen.verdict is not None:
        call, line = chosen.verdict.call, line_deciding
    else:
        try:
            # Only of denied calls are the arguments known.
            call, line = simulation.call([chosen.row.name], chosen.row.arch), line_allowing
        except UsageError:
            # The architecture has no such call, and so no rule is about it.
            return False
    edit(panes.app, controller, name, line=lambda text: line(text, call, simulation.target))
    return True
