"""The words for a container of the sandbox that did not start: the engine's own, the profile, and the way on."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from runner.errors import printable
from runner.language import tr
from runner.learner.sandbox import Wish

if TYPE_CHECKING:
    from runner.engine.api import EngineInfo
    from runner.tui.screens.lab.session_panes import SessionPanes

_READING_SECONDS = 40.0


@dataclass(frozen=True, slots=True)
class RefusedLaunch:
    """A container that did not start; `said` is what the engine says of it."""

    name: str
    wish: Wish
    said: str

    def naming(self, engine: "EngineInfo") -> str:
        """The command line that names the calls which its profile denies; "" if it had no filter on the engine."""
        from runner.check.watched_run import NEVER_STARTED, watched_run

        return watched_run(self.wish.block(self.name).spec.docker_run(), NEVER_STARTED, engine)

    def explain(self, panes: "SessionPanes", engine: "EngineInfo") -> None:
        """Say under which profile it did not start, and the line that names the calls which that denies."""
        line = self.naming(engine)
        words = {
            "said": self.said.rstrip("."),
            "profile": printable(self.wish.profile) or tr("the engine's default profile"),
        }
        text = (
            tr("{said}. In your shell, this names the calls that {profile} denies:", **words)
            if line
            else tr("{said}. It had no seccomp filter, so that none denied it anything.", **words)
        )
        panes.unsay("failure")
        panes.say(
            "\n".join(filter(None, [text, printable(line)])),
            title=tr("{name} did not start", name=self.name),
            severity="error",
            timeout=_READING_SECONDS,
            topic="failure",
        )
