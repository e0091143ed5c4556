"""Explanations for the learner's own shell, whose commands run in no container."""

import shlex
from typing import TYPE_CHECKING

from runner.errors import printable
from runner.lab.model.workshop import HOST
from runner.language import tr
from runner.tui.screens.lab.failure_words import short

if TYPE_CHECKING:
    from runner.tui.lab.controller import LabController
    from runner.tui.screens.lab.session_panes import SessionPanes

_READING_SECONDS = 40.0


def why_no_calls(controller: "LabController", panes: "SessionPanes") -> str:
    """The reason why the calls pane is empty, and how to fill it."""
    if by_hand := _how_to_watch_by_hand(controller, panes):
        return by_hand
    said = [tr("Your shell is in no container.")]
    if _launches(controller, panes):
        said.append(tr("l launches one."))
    if panes.terminals.has_another:
        said.append(tr("T shows the next terminal."))
    if len(said) == 1:
        said.append(tr("Once a docker run … in it has failed, W says how to have its calls named."))
    return " ".join(said)


def say_why_it_failed(
    controller: "LabController", panes: "SessionPanes", failed: tuple[str, int] | None
) -> None:
    """Say how to find out why the last failed command there failed: its text, and its exit status."""
    from runner.check.watched_run import NEVER_STARTED, ran_unfiltered, watched_run

    text, status = failed or ("", 0)
    engine = controller.session.engine if controller.session else None
    if line := watched_run(text, status, engine):
        panes.say(
            tr("run it again like this, and each call that its profile denies is named:")
            + f"\n{printable(line)}",
            title=tr("No container was started") if status == NEVER_STARTED else tr("Its container is gone"),
            timeout=_READING_SECONDS,
            topic="failure",
        )
        return
    if ran_unfiltered(text, status, engine):
        panes.say(
            tr(
                "It had no seccomp filter, so that none denied it anything: what it printed says why it failed."
            ),
            title=short(text),
            timeout=10,
            topic="failure",
        )
        return
    if by_hand := _how_to_watch_by_hand(controller, panes):
        panes.say(by_hand, timeout=_READING_SECONDS, topic="failure")
        return
    said = [tr("Calls are watched in containers only.")]
    way_on = []
    if _launches(controller, panes):
        way_on.append(tr("`l` launches a container."))
    if panes.terminals.has_another:
        way_on.append(tr("`T` shows the next terminal."))
    if not way_on:
        said.append(tr("`workshop profile test` runs a container under a profile and names what is denied."))
    panes.say(" ".join(said), way_on=" ".join(way_on))


def _how_to_watch_by_hand(controller: "LabController", panes: "SessionPanes") -> str:
    """The way to watch the container that the learner's `docker run` in the displayed shell has started; "" if none."""
    session, target = controller.session, panes.terminals.active
    run = None if session is None else session.run_by_hand(target)
    if run is None:
        return ""
    name = shlex.quote(run.name) if run.name else "$(docker ps -lq)"
    return tr(
        "A container that you started by hand has your shell. In another one ({key}), this names its calls:",
        key="A" if target == HOST else "T",
    ) + printable(f"\nworkshop profile trace --attach {name}")


def _launches(controller: "LabController", panes: "SessionPanes") -> bool:
    """True if there is a container that is still to be launched."""
    return panes.always_launches or any(
        block.name not in controller.launched for block in controller.step.containers
    )
