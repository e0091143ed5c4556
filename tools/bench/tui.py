"""The workshop's app against an empty Textual one: the delay until a lab is shown, and the memory after a flood."""

import os
import pty
import select
import signal
import statistics
import sys
import tempfile
import termios
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from runner.content import LABS
from tools.bench.terminal import SEQUENCES, report

ROUNDS = 11
COLUMNS, LINES = 120, 36
PATIENCE = 120.0
FLOOD = 10_000_000
EMPTY = [sys.executable, "-m", "tools.bench._empty_app"]
LAB = [sys.executable, "-m", "runner", "run", str(LABS / "seccomp"), "no-chmod"]
PAINTED = (
    "Two profiles ship with the workshop",
    "Take one thing away",
    "Suppose that nothing in your container",
    "diff profiles/",
    "checks 0/2",
    "Labs",
)
"""The texts of a complete first frame of the lab: title, lesson with a transcript, checks, keys."""


class Process:
    """A program on a separate terminal, from its start on."""

    def __init__(self, argv: Sequence[str], environment: Mapping[str, str]) -> None:
        self._shown = b""
        self._began = time.perf_counter()
        self.pid, self._master = pty.fork()
        if self.pid == 0:
            termios.tcsetwinsize(0, (LINES, COLUMNS))
            os.execvpe(argv[0], list(argv), dict(environment))  # noqa: S606 (the child of a fork)

    def type(self, keys: str) -> None:
        """Type keys, and forget earlier output."""
        self._shown = b""
        os.write(self._master, keys.encode())

    def wait(self, *texts: str) -> float:
        """Wait until each text was printed; returns the seconds since the start."""
        missing = [text.encode() for text in texts]
        while missing:
            if time.perf_counter() - self._began > PATIENCE:
                raise TimeoutError(f"{missing} never came: {self._shown[-500:]!r}")
            if select.select([self._master], [], [], 0.5)[0]:
                try:
                    data = os.read(self._master, 1 << 16)
                except OSError as error:
                    raise EOFError(f"it ended before it showed {missing}: {self._shown[-500:]!r}") from error
                self._shown = self._shown[-100_000:] + SEQUENCES.sub(b"", data)
                missing = [text for text in missing if text not in self._shown]
        return time.perf_counter() - self._began

    @property
    def megabytes(self) -> float:
        """Resident memory in megabytes."""
        status = Path(f"/proc/{self.pid}/status").read_text().splitlines()
        return int(next(line for line in status if line.startswith("VmRSS")).split()[1]) / 1024

    def end(self, number: signal.Signals) -> None:
        """Signal the program to end, and read its remaining output."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, number)
        with suppress(OSError):
            while os.read(self._master, 1 << 16):
                pass
        os.waitpid(self.pid, 0)
        os.close(self._master)


@contextmanager
def started(argv: Sequence[str], **environment: str) -> Iterator[Process]:
    """Run the program with its own state folder, and end it with the block."""
    with tempfile.TemporaryDirectory() as state:
        process = Process(
            argv,
            {
                **os.environ,
                "TERM": "xterm-256color",
                "COLORTERM": "truecolor",
                "LC_ALL": "C.UTF-8",
                "XDG_STATE_HOME": state,
                **environment,
            },
        )
        try:
            yield process
        finally:
            process.end(signal.SIGTERM)


def first_paint(argv: Sequence[str], shown: Sequence[str]) -> float:
    """Seconds from exec until `shown` is on the terminal. Without an engine: the lesson does not wait for one."""
    with started(argv, DOCKER_HOST="unix:///nowhere/docker.sock") as process:
        return process.wait(*shown)


def flooded() -> tuple[float, float]:
    """Megabytes of a learner's app with an open shell, before and after a flood of output in it."""
    with started(LAB) as process:
        process.wait(*PAINTED, "Docker")
        process.type("t")
        process.wait("Leave terminal")
        before = process.megabytes
        process.type(f"seq 1 {FLOOD}; echo O''VER\r")
        process.wait("OVER")
        return before, process.megabytes


def main() -> None:
    """Alternate the two apps, so that noise affects both alike, and compare medians."""
    for argv, shown in ((EMPTY, ["ready"]), (LAB, PAINTED)):
        first_paint(argv, shown)
    empty, lab = [], []
    for _ in range(ROUNDS):
        empty.append(first_paint(EMPTY, ["ready"]))
        lab.append(first_paint(LAB, PAINTED))
    least = statistics.median(empty)
    report(
        "first paint of a lab",
        f"empty app {least * 1e3:.0f} ms",
        statistics.median(lab) / least,
        1.5,
        "times",
    )
    with started(EMPTY) as process:
        process.wait("ready")
        bare = process.megabytes
    before, after = flooded()
    detail = f"empty {bare:.1f} MB, lab {before:.1f} MB, {FLOOD:,} lines later {after:.1f} MB"
    report("memory above an empty app", detail, after - bare, 60, "MB")


if __name__ == "__main__":
    main()
