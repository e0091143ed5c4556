"""The embedded terminal against tmux, side by side: `python -m tools.bench.terminal`.

Both run the same shell in a terminal of 100 by 30 that this program reads, and a time counts until the answer has
arrived there. Latencies are measured in turns, so that noise affects both alike.
"""

import os
import pty
import re
import select
import statistics
import struct
import sys
import tempfile
import termios
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from fcntl import ioctl
from pathlib import Path

COLUMNS, LINES = 100, 30
KEYS = 200
PATIENCE = 60.0
SEQUENCES = re.compile(rb"\x1b(\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(\x07|\x1b\\)|[()][0-9A-B]|.)")
BENCH_ENVIRONMENT = {"TERM": "xterm-256color", "LC_ALL": "C.UTF-8", "COLORTERM": "truecolor"}


class Screenful:
    """A program in a separate terminal, whose output is read as it arrives."""

    def __init__(self, argv: list[str]) -> None:
        self.pid, self._master = pty.fork()
        if self.pid == 0:
            os.execvpe(argv[0], argv, {**os.environ, **BENCH_ENVIRONMENT})  # noqa: S606 (the child of a fork)
        ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
        self._text = b""
        self._sent = time.perf_counter()
        self.floods = 0
        self.answer = "Z"
        """The program's answer when that letter is typed."""

    def send(self, keys: str) -> None:
        """Type keys."""
        self._text = b""
        self._sent = time.perf_counter()
        os.write(self._master, keys.encode())

    def wait(self, text: str) -> float:
        """Wait until a text was printed since the last `send`; returns the seconds since then."""
        while text.encode() not in self._text:
            if time.perf_counter() - self._sent > PATIENCE:
                raise TimeoutError(f"{text!r} never came: {self._text[-300:]!r}")
            self._read(0.5)
        return time.perf_counter() - self._sent

    def quiet(self, seconds: float = 0.05) -> None:
        """Wait until nothing has been printed for a while."""
        while self._read(seconds):
            pass

    def drain(self, seconds: float) -> None:
        """Read output for a while."""
        end = time.perf_counter() + seconds
        while (left := end - time.perf_counter()) > 0:
            self._read(left)

    def close(self) -> None:
        """Kill the program."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, 9)
        os.waitpid(self.pid, 0)
        os.close(self._master)

    def _read(self, timeout: float) -> bool:
        if not select.select([self._master], [], [], timeout)[0]:
            return False
        try:
            data = os.read(self._master, 1 << 16)
        except OSError:
            return False
        # Enough earlier output for a text split between two reads.
        self._text = self._text[-256:] + SEQUENCES.sub(b"", data)
        return True


@contextmanager
def ours(kind: str = "terminal") -> Iterator[Screenful]:
    """Run one of our apps."""
    screen = Screenful([sys.executable, "-m", f"tools.bench._{kind}_app"])
    screen.wait("ready" if kind == "empty" else "PROMPT>")
    screen.quiet(0.5)
    if kind == "empty":
        screen.answer = ">"
    yield screen
    screen.close()


@contextmanager
def tmux() -> Iterator[Screenful]:
    """Run the same shell in tmux."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "conf").write_text("set -g escape-time 0\n")
        shell = ["env", "PS1=PROMPT> ", "bash", "--norc"]
        screen = Screenful(["tmux", "-S", f"{folder}/socket", "-f", f"{folder}/conf", "new-session", *shell])
        screen.wait("PROMPT>")
        screen.quiet(0.5)
        yield screen
        screen.send("exit\r")
        screen.quiet(0.3)
        screen.close()


def echo(screen: Screenful) -> float:
    """Seconds from a key to its echo, or to another answer."""
    screen.send("Z")
    took = screen.wait(screen.answer)
    screen.quiet()
    return took


def sequence(screen: Screenful) -> float:
    """Seconds for `seq 1 1000000`."""
    # A new word each time, since the last one may still be on the screen.
    screen.floods += 1
    screen.send(f"seq 1 1000000; echo O''VER{screen.floods}\r")
    took = screen.wait(f"OVER{screen.floods}")
    screen.quiet(0.2)
    return took


def interrupt(screen: Screenful) -> float:
    """Seconds from Ctrl-C to the prompt, while `yes` runs."""
    # Long enough that no prompt is left on the screen.
    screen.send("yes\r")
    screen.drain(0.7)
    screen.send("\x03")
    took = screen.wait("PROMPT>")
    screen.quiet(0.2)
    return took


def keys_in_flood(screen: Screenful) -> list[float]:
    """Seconds until the app, not the terminal, has answered a key while `seq` floods the terminal."""
    screen.send("seq 1 4000000; echo O''VER\r")
    screen.drain(0.3)
    screen.send("\x1b[Z")
    screen.drain(0.2)
    delays = []
    for number in range(1, 41):
        screen.send("x")
        delays.append(screen.wait(f"<{number:04}>"))
        screen.drain(0.03)
    screen.send("\t")
    screen.drain(0.1)
    screen.send("\x03")
    screen.wait("PROMPT>")
    screen.quiet(0.3)
    return delays


def megabytes(screen: Screenful) -> float:
    """Resident memory in megabytes."""
    (line,) = [
        line for line in Path(f"/proc/{screen.pid}/status").read_text().splitlines() if "VmRSS" in line
    ]
    return int(line.split()[1]) / 1024


def in_turns(
    measure: Callable[[Screenful], float], screens: list[Screenful], times: int
) -> list[list[float]]:
    """The same measurement for each, alternating."""
    results: list[list[float]] = [[] for _ in screens]
    for _ in range(times):
        for screen, taken in zip(screens, results, strict=True):
            taken.append(measure(screen))
    return results


def p95(values: list[float]) -> float:
    """The 95th percentile."""
    return statistics.quantiles(values, n=20)[-1]


def main() -> None:
    """Measure, and print a line for each aim."""
    with ExitStack() as stack:
        bare, app, other = (stack.enter_context(each) for each in (ours("empty"), ours(), tmux()))
        *echoes, answers_bare = in_turns(echo, [app, other, bare], KEYS)
        empty = megabytes(bare)
        for screen in (app, other):
            screen.send("\x15")
            screen.quiet()
        floods = in_turns(sequence, [app, other], 5)
        stops = in_turns(interrupt, [app, other], 7)
        answers = keys_in_flood(app)
        memory = megabytes(app) - empty
    least = statistics.median(answers_bare)
    report(
        "key to echo, against Textual alone",
        f"{least * 1e3:7.1f} ms for a key that a bare Textual widget answers",
        statistics.median(echoes[0]) / least,
        2,
        "times",
    )
    for name, pair, summary, aim in (
        ("key to echo, median", echoes, statistics.median, 4),
        ("key to echo, p95", echoes, p95, 6),
        ("seq 1 1000000, median", floods, statistics.median, 1.2),
    ):
        mine, theirs = (summary(values) for values in pair)
        report(name, f"{mine * 1e3:7.1f} ms, tmux {theirs * 1e3:7.1f} ms", mine / theirs, aim, "times tmux")
    report("key answered in a flood, median", "", statistics.median(answers) * 1e3, 30, "ms")
    report("key answered in a flood, p95", "", p95(answers) * 1e3, 60, "ms")
    stop, stop_tmux = (statistics.median(values) * 1e3 for values in stops)
    report("Ctrl-C out of yes, median", f"tmux {stop_tmux:.1f} ms", stop, 50, "ms")
    report("memory above an empty app", f"empty {empty:.1f} MB", memory, 60, "MB")


def report(name: str, detail: str, value: float, aim: float, unit: str) -> None:
    """Print one line: the figure, and whether it meets the aim."""
    verdict = "ok" if value <= aim else "MISSED"
    print(f"{name:34} {value:7.2f} {unit:10} aim {aim:5} {verdict:7} {detail}", flush=True)


if __name__ == "__main__":
    main()
