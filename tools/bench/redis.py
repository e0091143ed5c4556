"""redis' own benchmark while it is traced, and generating a profile for it.

Server and client talk over a Unix socket, and both are traced. The variants alternate, so that noise affects all alike.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from runner.engine.discovery import EngineChoice, open_engine
from runner.engine.image.packages import download
from runner.engine.image.rootfs import assemble
from runner.stage.environment import new_session

ROUNDS = 3
IMAGE = "workshop-bench-redis"
_PACKAGES = ("base-files", "coreutils", "dash", "libc-bin", "redis-server", "redis-tools")
_REQUESTS = 20_000
_WORKSHOP = "import sys; from runner.cli.main import main; sys.exit(main(sys.argv[1:]))"
_WORKLOAD = """
cd "$(mktemp -d)"
redis-server --port 0 --unixsocket redis --save "" >/dev/null &
until redis-cli -s redis ping >/dev/null 2>&1; do sleep 0.02; done
redis-benchmark -s redis -t set -n {requests} --csv | tail -n 1
redis-cli -s redis shutdown nosave
wait
"""


def main() -> None:
    """Print the figures."""
    with (
        tempfile.TemporaryDirectory() as name,
        open_engine(EngineChoice(), new_session()) as engine,
        engine.client.within(300),
    ):
        folder = Path(name)
        archive = folder / "redis.tar"
        assemble(download(_PACKAGES, folder / "apt", print), archive)
        engine.client.import_image_from_file(str(archive), repository=IMAGE)
        variables = {"DOCKER_HOST": engine.client.endpoint}
        try:
            _rates(folder, variables)
            _generating(folder, variables)
        finally:
            engine.client.remove_image(IMAGE, force=True)


def _rates(folder: Path, variables: Mapping[str, str]) -> None:
    shell = ["sh", "-c", _WORKLOAD.format(requests=_REQUESTS)]
    watched = _workshop("trace", "--format", "json", "-o", str(folder / "trace.json"), "--network", "none")
    ways: dict[str, list[str]] = {
        "the host": shell,
        "strace -f on the host": ["strace", "-f", "-o", str(folder / "strace.log"), *shell],
        "a container": ["docker", "run", "--rm", "--network", "none", IMAGE, *shell],
        "profile trace": [*watched, IMAGE, *shell],
    }
    rates: dict[str, list[float]] = {title: [] for title in ways}
    for _ in range(ROUNDS):
        for title, command in ways.items():
            rates[title].append(_rate(command, variables))
    of = {title: statistics.median(found) for title, found in rates.items()}
    for title, rate in of.items():
        print(
            f"redis-benchmark, {title}: {rate:,.0f} requests a second, {of['the host'] / rate:.1f}x slower than alone"
        )
    ratio = of["strace -f on the host"] / of["profile trace"]
    print(f"profile trace against strace -f on the host: {ratio:.2f}x (aim: 1.1)")


def _generating(folder: Path, variables: Mapping[str, str]) -> None:
    """Measure a service that answers one client, and one that is kept busy."""
    for requests in (1, _REQUESTS):
        shell = ["sh", "-c", _WORKLOAD.format(requests=requests)]
        generate = _workshop("generate", "-o", str(folder / "profile.json"), "--network", "none")
        plain = ["docker", "run", "--rm", "--network", "none", IMAGE, *shell]
        pairs = [
            (_seconds([*generate, IMAGE, *shell], variables), _seconds(plain, variables))
            for _ in range(ROUNDS)
        ]
        made, ran = (statistics.median(times) for times in zip(*pairs, strict=True))
        print(
            f"profile generate, redis and {requests:,} requests, proof included: {made:.2f} s; "
            f"docker run of the same: {ran:.2f} s; {made / ran:.2f}x (aim: 3)"
        )


def _workshop(*words: str) -> list[str]:
    return [sys.executable, "-c", _WORKSHOP, "profile", *words]


def _rate(command: Sequence[str], variables: Mapping[str, str]) -> float:
    printed = _run(command, variables).splitlines()
    # "SET","12345.67",…: requests a second are in the second column
    return next(float(line.split(",")[1].strip('"')) for line in printed if line.startswith('"SET"'))


def _seconds(command: Sequence[str], variables: Mapping[str, str]) -> float:
    began = time.perf_counter()
    _run(command, variables)
    return time.perf_counter() - began


def _run(command: Sequence[str], variables: Mapping[str, str]) -> str:
    # A traced program's output goes to stderr.
    done = subprocess.run(
        command,
        env={**os.environ, **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=600,
    )
    if done.returncode:
        sys.exit(f"{' '.join(command[:4])} … ended with {done.returncode}:\n{done.stdout}")
    return done.stdout


if __name__ == "__main__":
    main()
