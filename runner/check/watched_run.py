"""A `docker run` line as typed → the `workshop profile test` line that runs and watches the same container."""

import shlex
from collections.abc import Iterator

from runner.check.docker_run import DockerRun, docker_run
from runner.check.shell_line import parts
from runner.engine.api import EngineInfo
from runner.engine.applied_profile import UNCONFINED, applied_profile
from runner.engine.command_line import read_option

NEVER_STARTED = 125
"""The exit status of a `docker run` that failed itself, as for want of its image."""

_LEFT_OUT = frozenset(["rm", "detach", "sig-proxy", "detach-keys"])
"""Options that control `docker run` itself, and do not affect the container."""


def watched_run(text: str, status: int, engine: EngineInfo | None = None) -> str:
    """The line that repeats the last failed `docker run` of `text` and names each denied call.

    "" if `text`, which ended with `status`, has none, or if that runs without a filter on the engine, None if unknown.
    """
    line = _failed(text, status)
    if line is None or _unfiltered(line, engine):
        return ""
    profile = line.spec.seccomp or "default"
    words = ["workshop profile test --profile", _quoted(profile), *_options(line), *line.typed[line.image :]]
    return " ".join(filter(None, words))


def ran_unfiltered(text: str, status: int, engine: EngineInfo | None = None) -> bool:
    """True if the last failed `docker run` of `text`, which ended with `status`, had no filter on the engine."""
    line = _failed(text, status)
    return line is not None and _unfiltered(line, engine)


def _failed(text: str, status: int) -> DockerRun | None:
    """The last `docker run` of a text that failed."""
    found = (docker_run(part.text) for part in parts(text, status, "") if part.status != 0)
    return next(reversed([one for one in found if one is not None]), None)


def _unfiltered(line: DockerRun, engine: EngineInfo | None) -> bool:
    spec = line.spec
    return applied_profile(spec.seccomp, privileged=spec.privileged, info=engine) == UNCONFINED


def _options(line: DockerRun) -> Iterator[str]:
    """The options that are kept, as typed."""
    at = line.first
    while at < line.image:
        read = None if line.words[at] == "--" else read_option(line.words, at)
        if read is None:
            return
        options, after = read
        names = {name for name, _ in options}
        if not _is_left_out(options):
            typed = line.typed[at:after]
            if "detach" in names:
                # Several letters after one dash.
                typed = (typed[0].replace("d", "", 1), *typed[1:])
            yield from typed
        at = after


def _is_left_out(options: list[tuple[str, str]]) -> bool:
    return all(
        name in _LEFT_OUT or (name == "security-opt" and value.startswith(("seccomp=", "seccomp:")))
        for name, value in options
    )


def _quoted(value: str) -> str:
    """A word quoted for the shell, in which variables are still expanded."""
    return f'"{value}"' if "$" in value else shlex.quote(value)
