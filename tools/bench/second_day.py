"""From the command to the first lab's start, with engine and image already present, against one `docker run`."""

import os
import statistics
import subprocess
import sys
import time

from runner.engine.discovery import EngineChoice, open_engine
from runner.engine.image.provide import LAB, provide
from runner.stage.environment import new_session

ROUNDS = 7
TELLING = """
import sys
from runner.cli.main import main
from runner.verify import run

began = run.LabStarted.__init__

def told(self, *arguments):
    print("started", flush=True)
    began(self, *arguments)

run.LabStarted.__init__ = told
sys.exit(main(["verify", "--lab", "check"]))
"""
"""A program that runs `workshop verify` and prints when a lab's environment is ready."""


def until_started() -> float:
    """Seconds from the command to its first lab; the lab itself is then played to its end."""
    began = time.perf_counter()
    with subprocess.Popen([sys.executable, "-c", TELLING], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        taken = time.perf_counter() - began
        process.communicate()
    if line != "started\n" or process.returncode:
        sys.exit("cannot measure: the lab `check` did not pass")
    return taken


def main() -> None:
    """Alternate the two, so that noise affects both alike, and compare medians."""
    with open_engine(EngineChoice(), new_session()) as engine:
        provide(engine.client, [LAB], print)
        environment = os.environ | {"DOCKER_HOST": engine.info.endpoint}
        by_hand = ["docker", "run", "--rm", "--network", "none", LAB, "true"]
        ours, docker = [], []
        for _ in range(ROUNDS):
            began = time.perf_counter()
            subprocess.run(by_hand, env=environment, check=True)
            docker.append(time.perf_counter() - began)
            ours.append(until_started())
    ratio = statistics.median(ours) / statistics.median(docker)
    print(f"command to first lab: {ratio:.2f}x one `docker run` ({1000 * statistics.median(ours):.0f} ms)")


if __name__ == "__main__":
    main()
