"""Records programs and what tmux shows of their output: `python tests/unit/terminal/recordings/make.py [NAME…]`.

Each recording is a list of steps: the bytes a program printed after some keys, and the screen that tmux, an
independent emulator, shows once it has read everything so far.
"""

import base64
import fcntl
import json
import os
import pty
import select
import struct
import subprocess
import sys
import tempfile
import termios
import time
import zlib
from pathlib import Path

from runner.terminal.ghostty import GhosttyEmulator

COLUMNS, LINES = 80, 24
QUIET_SECONDS = 0.5
HERE = Path(__file__).parent
SAMPLE = "".join(f"{number:3} the quick brown fox jumps over the lazy dog\n" for number in range(1, 121))

# PID stands for a process that does nothing.
PROGRAMS: dict[str, tuple[list[str], list[str]]] = {
    "vi": (
        ["vi", "-u", "NONE", "-N", "sample.txt"],
        [
            "jjdd",
            "ihello\x1b",
            "G",
            "o你好 e\u0301 wide\x1b",
            ":2,4d\r",
            "/lazy\r",
            "\x06",
            ":split\r",
            ":q!\r",
            ":q!\r",
        ],
    ),
    "less": (["less", "sample.txt"], [" ", "b", "/fox\r", "G", "g", "q"]),
    "top": (["top", "-p", "PID"], ["?", "q", "c", "q"]),
    "htop": (["htop", "-p", "PID"], ["\x1bOQ", "\x1b[B", "\x1b", "\x1b[21~"]),
    "bash": (
        ["bash", "--norc", "--noprofile"],
        [
            "export PS1='$ '; clear\r",
            "printf '\\033[38;2;255;100;0mtrue\\033[m \\033[38;5;99m256\\033[m \\033[31m16\\033[m\\n'\r",
            "echo long $(seq 1 60)\r",
            "seq 1 100\r",
            "\x1b[A\x1b[A\x01\x1b[C\x1b[C\x0b",
            "\x03",
        ],
    ),
    "vttest-cursor": (["vttest"], ["1\r", *["\r"] * 6]),
    "vttest-screen": (["vttest"], ["2\r", *["\r"] * 15]),
    "vttest-insert": (["vttest"], ["8\r", *["\r"] * 14]),
}

JUDGED_BY_EYE = {
    # tmux counts a pending wrap as a column of its own; vttest says what its screen must look like.
    "vttest-cursor": {2, 3, 4},
    # tmux ignores the origin mode here, and restores no character set with the cursor.
    "vttest-screen": {11, 15},
}
"""Steps where tmux is wrong by vttest's own words: the screen is our emulator's, compared with those words."""


def main(names: list[str]) -> None:
    """Record the named programs, or all."""
    for name in names or PROGRAMS:
        command, keys = PROGRAMS[name]
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "sample.txt").write_text(SAMPLE)
            with subprocess.Popen(["sleep", "1000"]) as idle:
                argv = [str(idle.pid) if word == "PID" else word for word in command]
                outputs = record(argv, keys, folder)
                idle.kill()
        judged = JUDGED_BY_EYE.get(name, set())
        screens = [
            (in_emulator if step in judged else in_tmux)(b"".join(outputs[: step + 1]))
            for step in range(len(outputs))
        ]
        steps = [
            {"keys": key, "output": base64.b64encode(zlib.compress(output, 9)).decode(), "screen": screen}
            for key, output, screen in zip(["", *keys], outputs, screens, strict=True)
        ]
        recording = {"program": command, "columns": COLUMNS, "lines": LINES, "steps": steps}
        Path(HERE, f"{name}.json").write_text(json.dumps(recording, indent=1, ensure_ascii=False) + "\n")
        print(name, len(steps), "steps", sum(map(len, outputs)), "bytes")


def record(command: list[str], keys: list[str], folder: str) -> list[bytes]:
    """The program's output at its start and after each key."""
    pid, master = pty.fork()
    if pid == 0:
        os.chdir(folder)
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
        environment = {**os.environ, "TERM": "xterm-256color", "LC_ALL": "C.UTF-8"}
        os.execvpe(command[0], command, environment)  # noqa: S606 (the child of a fork becomes the program)
    emulator = GhosttyEmulator(COLUMNS, LINES)
    outputs = []
    for key in ["", *keys]:
        os.write(master, key.encode())
        output = b""
        while select.select([master], [], [], QUIET_SECONDS)[0]:
            try:
                data = os.read(master, 65536)
            except OSError:
                break
            output += data
            os.write(master, emulator.feed(data))
        outputs.append(output)
    emulator.close()
    os.close(master)
    os.waitpid(pid, 0)
    return outputs


def in_emulator(output: bytes) -> list[str]:
    """The screen of our own emulator that has read this."""
    emulator = GhosttyEmulator(COLUMNS, LINES)
    emulator.feed(output)
    rows = emulator.frame(full=True).rows
    emulator.close()
    return [rows[y].text for y in range(LINES)]


def in_tmux(output: bytes) -> list[str]:
    """The screen of a tmux pane that has read this."""
    environment = {**os.environ, "LC_ALL": "C.UTF-8"}
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "tmux.conf").write_text("set -g status off\n")
        tmux = ["tmux", "-S", f"{folder}/socket", "-f", f"{folder}/tmux.conf"]
        Path(folder, "output").write_bytes(output)
        script = f"stty raw -echo; cat {folder}/output; touch {folder}/done; exec sleep 60"
        size = ["-x", str(COLUMNS), "-y", str(LINES)]
        subprocess.run([*tmux, "new-session", "-d", *size, script], check=True, env=environment)
        while not Path(folder, "done").exists():
            time.sleep(0.02)
        time.sleep(0.3)
        shown = subprocess.run(
            [*tmux, "capture-pane", "-p"], check=True, capture_output=True, env=environment
        ).stdout
        subprocess.run([*tmux, "kill-server"], check=True)
    return [line.rstrip() for line in shown.decode().split("\n")][:LINES]


if __name__ == "__main__":
    main(sys.argv[1:])
