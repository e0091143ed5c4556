"""Runs the programs in the pictures on a real engine, and records the results."""

import shlex

from runner.content import LABS, PROFILES
from runner.engine.discovery import EngineChoice, open_engine
from runner.engine.image.provide import provide
from runner.lab.model.check import ContainerProbe
from runner.lab.read.workshop import read_workshop
from runner.stage.environment import new_session
from tools.screenshots.replay import Recording
from tools.screenshots.scenes import TYPED

TIMEOUT = 30.0


def record() -> Recording:
    """Run the scenes' commands and the probes of their lab on the engine that `workshop` would choose."""
    workshop = read_workshop(LABS / "seccomp").workshop
    assert workshop is not None
    recorded = {}
    with open_engine(EngineChoice(), new_session(), print) as engine:
        provide(engine.client, [workshop.defaults.image], print)
        for seccomp, lines in TYPED.items():
            spec = workshop.defaults.overridden(
                {"security_opt": [f"seccomp={seccomp}"], "command": ("sleep", "60"), "tty": True}
            )
            container = engine.start(spec, seccomp=_content(seccomp), timeout=TIMEOUT)
            for line in lines:
                argv = tuple(shlex.split(line))
                recorded[seccomp, argv] = container.exec(argv, timeout=TIMEOUT)
            container.remove()
        lab = next(lab for lab in workshop.labs if lab.id == "no-chmod")
        for probe in (check.probe for check in lab.checks):
            if isinstance(probe, ContainerProbe):
                spec = probe.spec
                recorded[spec.seccomp, (*spec.entrypoint, *spec.command)] = engine.run(
                    spec, seccomp=_content(spec.seccomp), timeout=TIMEOUT
                )
    return recorded


def _content(profile: str) -> str:
    """The content of one of the workshop's profiles; the learner has a copy of it in their workspace."""
    return (PROFILES.parent / profile).read_text(encoding="utf-8")
