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


def seconds(command: list[str], environment: Mapping[str, str]) -> float:
    began = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, env=environment)
    return time.perf_counter() - began


def main() -> None:
    """Interleave both, so that noise affects them alike, and compare medians."""
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
            ours = [sys.executable, "-m", "runner", "verify", str(folder / "lab.md"), "--engine", "private"]
            pairs = [
                (seconds(ours, os.environ), seconds([*byexample, str(text)], environment))
                for _ in range(ROUNDS)
            ]
            mine, theirs = (statistics.median(times) for times in zip(*pairs, strict=True))
            print(f"{title:<32} {mine:5.2f} s, byexample {theirs:5.2f} s: {mine / theirs:.2f}x (aim: 1.0x)")


if __name__ == "__main__":
    main()
