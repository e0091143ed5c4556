"""Tracing an interactive shell, against plain `strace -f` on a shell of the host: commands, and a key's echo.

Four shells run side by side: the host's and a container's, each untraced and traced. They are measured in turn, so that
noise affects all alike.
"""

import statistics
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from runner.engine.discovery import EngineChoice, open_engine
from runner.engine.docker.engine import DockerEngine
from runner.engine.image.provide import provide
from runner.lab.model.container import ContainerSpec
from runner.learner.session.watching import Watching
from runner.profile.history.defaults import default_text
from runner.profile.model import Target
from runner.profile.simulation import Simulation
from runner.profile.version import Version
from runner.shell.console import Console
from runner.shell.prompt import container_environment, host_environment
from runner.shell.pty import HostStream
from runner.stage.environment import new_session
from runner.trace.live import LiveCalls
from tools.bench.evidence import write_log

ROUNDS = 15
KEYS = 60
PATIENCE = 60.0
FORKS = "for i in $(seq 50); do /bin/true; done"
CALLS = "for i in $(seq 2000); do echo; done >/dev/null"
READ_MEGABYTES = 100


class Typist:
    """A shell in a terminal, with its response times."""

    def __init__(self, title: str, console: Console) -> None:
        self.title = title
        self._console = console
        self._came = threading.Event()
        self._wanted = b""
        console.reader.subscribe(self._read)

    def command(self, text: str) -> float:
        """Run a command; returns the seconds to the next prompt."""
        began = time.perf_counter()
        self._console.run(text, PATIENCE)
        return time.perf_counter() - began

    def key(self) -> float:
        """Press a key and delete it again; returns the seconds to its echo."""
        self._came.clear()
        self._wanted = b"z"
        began = time.perf_counter()
        self._console.write(b"z")
        if not self._came.wait(PATIENCE):
            raise TimeoutError(f"no echo from {self.title}")
        seconds = time.perf_counter() - began
        self._wanted = b""
        self._console.write(b"\x7f")
        time.sleep(0.02)
        return seconds

    def _read(self, data: bytes) -> None:
        if self._wanted and self._wanted in data:
            self._came.set()


def main() -> None:
    """Print the figures."""
    with ExitStack() as stack:
        engine = stack.enter_context(open_engine(EngineChoice(), new_session()))
        provide(engine.client, ["lab"], print)
        shells = [
            stack.enter_context(_host("host", [])),
            stack.enter_context(_host("host, strace -f", ["strace", "-f", "-o", "/dev/null"])),
            stack.enter_context(_container(engine, "container", watched=False)),
            stack.enter_context(_container(engine, "container, watched", watched=True)),
        ]
        for title, measure in (
            ("50 programs", lambda shell: shell.command(FORKS)),
            ("2000 calls of the shell", lambda shell: shell.command(CALLS)),
        ):
            _compare(title, shells, measure, ROUNDS)
        _compare("a key to its echo", shells, Typist.key, KEYS)
    _reading()


def _compare(title: str, shells: list[Typist], measure: Callable[[Typist], float], rounds: int) -> None:
    taken: dict[str, list[float]] = {shell.title: [] for shell in shells}
    for _ in range(rounds):
        for shell in shells:
            taken[shell.title].append(measure(shell))
    host, traced, plain, watched = (statistics.median(taken[shell.title]) * 1000 for shell in shells)
    print(
        f"{title}: host {host:.1f} ms, with strace {traced:.1f} ms ({traced / host:.2f}x); "
        f"container {plain:.1f} ms, watched {watched:.1f} ms ({watched / plain:.2f}x); "
        f"watched against strace on the host {watched / traced:.2f}x (aim: 1.1)"
    )


@contextmanager
def _host(title: str, before: list[str]) -> Iterator[Typist]:
    stream = HostStream(
        [*before, "/bin/bash", "--norc"],
        environment=host_environment(interactive=False),
        directory=Path("/"),
    )
    console = Console.open(stream)
    try:
        yield Typist(title, console)
    finally:
        console.close()


@contextmanager
def _container(engine: DockerEngine, title: str, *, watched: bool) -> Iterator[Typist]:
    spec = ContainerSpec(
        command=("bash", "--norc"),
        tty=True,
        cap_add=("ALL",),
        environment=container_environment(interactive=False),
    )
    container = engine.start(spec, seccomp="", timeout=PATIENCE)
    console = Console.open(container.attach())
    watching = Watching(container, engine.info, file="")
    if watched:
        watching.begin()
        if not watching.settle(PATIENCE):
            raise RuntimeError(watching.why)
    try:
        yield Typist(title, console)
    finally:
        watching.end()
        console.close()
        container.remove()
        watching.join(PATIENCE)


def _reading() -> None:
    """Measure the speed of reading a log, which must not hold up the app."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder, "trace.log")
        write_log(log, READ_MEGABYTES)
        began = time.perf_counter()
        subprocess.run(["wc", "-w", str(log)], check=True, capture_output=True)
        words = time.perf_counter() - began
        live = LiveCalls(Simulation.of_text(default_text(Version.of("28")), Target(), file="default"))
        began = time.perf_counter()
        with log.open("rb") as file:
            while block := file.read(1 << 18):
                live.feed(block)
        seconds = time.perf_counter() - began
    print(f"Watch takes in {READ_MEGABYTES} MB in {seconds:.2f} s, {seconds / words:.1f}x wc -w")


if __name__ == "__main__":
    main()
