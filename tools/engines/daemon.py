"""A suite's engine, running beside this machine's with separate namespaces, data and socket."""

import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from runner.engine import unix_http
from runner.engine.private.cgroup import groups_from
from tools.engines.inside import inside
from tools.engines.suite import Suite

_SECONDS = 120.0


@contextmanager
def running(suite: Suite) -> Iterator[str]:
    """The address of the suite's engine while the block runs; a user namespace isolates its containers."""
    folder = suite.cache / f"{suite.name}.socket"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    shutil.rmtree(suite.root / "var/lib/docker", ignore_errors=True)
    (suite.root / "etc/docker").mkdir(exist_ok=True)
    (suite.root / "etc/docker/daemon.json").write_text("{}")
    group = f"workshop-engine-{suite.name}"
    daemon = [
        *("docker-init", "--", "dockerd", "--host=unix:///socket/docker.sock", "--userns-remap=default"),
        *("--bridge=none", "--iptables=false", "--ip6tables=false", f"--cgroup-parent=/{group}"),
        *("--exec-opt=native.cgroupdriver=cgroupfs", "--group=root"),
    ]
    with (suite.cache / f"{suite.name}.dockerd.log").open("w") as log:
        process = subprocess.Popen(
            inside(suite.root, daemon, shared={folder: "/socket"}, network=False), stdout=log, stderr=log
        )
    try:
        _await(folder / "docker.sock", process, log.name)
        yield f"unix://{folder / 'docker.sock'}"
    finally:
        process.kill()  # unshare passes no signal on, but all processes below it end with it
        process.wait()
        deadline = time.monotonic() + _SECONDS
        while not _removed(group) and time.monotonic() < deadline:
            time.sleep(0.1)


def _removed(group: str) -> bool:
    """Remove a control group with those below it; False as long as processes in them are still ending."""
    left = False
    for place in groups_from(Path("/sys/fs/cgroup")):
        if group in place.parts:
            try:
                place.rmdir()
            except OSError:
                left = place.exists()
    return not left


def _await(socket: Path, process: "subprocess.Popen[bytes]", log: str) -> None:
    deadline = time.monotonic() + _SECONDS
    while not unix_http.answers(socket):
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"the engine did not start: see {log}")
        time.sleep(0.2)
