"""`workshop verify` against byexample: the same transcripts in the same shell, on the same engine."""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from runner.engine.discovery import EngineChoice, open_engine
from runner.engine.image.provide import provide
from runner.errors import ExitCode
from runner.stage.environment import new_session

ROUNDS = 5
COMMANDS = 60
CONTAINERS = 6
_PEER = "byexample==11.0.0"
_MANIFEST = 'format = 1\nid = "w"\ntitle = "W"\nsummary = "S"\nlabs = ["lab.md"]\n[defaults]\nimage = "lab"\n'
_HEAD = "---\nid: lab\ntitle: Lab\nminutes: 1\nobjectives: [See]\n---\n\n## Step\n\n"


def lines(*, containers: int) -> str:
    """A transcript: commands with their output."""
    typed = [f"$ echo line {number}\nline {number}\n" for number in range(COMMANDS)]
    typed += [f"$ docker run --rm lab echo in {number}\nin {number}\n" for number in range(containers)]
    return "".join(typed)


def peer(folder: Path) -> list[str]:
    """Install byexample in a separate environment, from the package registry; returns its command.

    Raises:
        subprocess.CalledProcessError: the installation fails.
    """
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    pip = [
        str(folder / "bin/python"),
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        _PEER,
    ]
    subprocess.run(pip, check=True)
    return [str(folder / "bin/byexample"), "--language", "shell", "--timeout", "60"]


def seconds(command: list[str], environment: Mapping[str, str], *, status: int = 0) -> float:
    began = time.perf_counter()
    done = subprocess.run(command, check=False, capture_output=True, env=environment)
    taken = time.perf_counter() - began
    if done.returncode != status:
        sys.exit(f"cannot measure: {' '.join(command)} ended with {done.returncode}: {done.stderr.decode()}")
    return taken


def main() -> None:
    """Interleave both, so that noise affects them alike, and compare medians.

    Our start is that of a verification which finds no engine: imports, and reading the lab.
    """
    with (
        tempfile.TemporaryDirectory() as name,
        open_engine(EngineChoice(engine="private"), new_session()) as engine,
    ):
        provide(engine.client, ["lab"], print)
        try:
            byexample = peer(Path(name, "peer"))
        except subprocess.CalledProcessError as error:
            print(f"byexample can't be had: {error}")
            return
        environment = os.environ | {"DOCKER_HOST": engine.info.endpoint}
        for title, containers in (
            (f"{COMMANDS} commands", 0),
            (f"the same and {CONTAINERS} docker run", CONTAINERS),
        ):
            folder = Path(name, f"w{containers}")
            folder.mkdir()
            (folder / "workshop.toml").write_text(_MANIFEST)
            (folder / "lab.md").write_text(f"{_HEAD}```console in=host\n{lines(containers=containers)}```\n")
            text = Path(name, f"{containers}.md")
            text.write_text("```shell\n" + lines(containers=containers) + "```\n")
            verify = [sys.executable, "-m", "runner", "verify", str(folder / "lab.md"), "--engine"]
            rounds = [
                (
                    seconds([*verify, "private"], os.environ),
                    seconds([*byexample, str(text)], environment),
                    seconds([*verify, f"unix://{name}/missing.sock"], os.environ, status=ExitCode.ENGINE),
                )
                for _ in range(ROUNDS)
            ]
            mine, theirs, start = (statistics.median(times) for times in zip(*rounds, strict=True))
            ratio = f"{mine / theirs:.2f}x (aim: 1.0x; our start {start:.2f} s)"
            print(f"{title:<32} {mine:5.2f} s, byexample {theirs:5.2f} s: {ratio}")


if __name__ == "__main__":
    main()
