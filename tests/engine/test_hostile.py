"""Attacks through the private engine's socket: no `docker` line reaches the machine."""

import os
import shlex
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from runner.engine.discovery import EngineChoice, open_engine
from runner.engine.docker.engine import DockerEngine
from runner.engine.endpoints import PRIVATE
from runner.engine.image.provide import provide
from runner.engine.private.cgroup import groups_from
from tests.fakes import new_session

pytestmark = [
    pytest.mark.engine,
    pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary user's engine has no more power than its user"),
    pytest.mark.skipif("WORKSHOP_TEST_ENGINE" in os.environ, reason="another engine is what it is"),
]

KEPT = "only-the-machine-knows"
WRITTEN = "written-from-a-container"
ROOT = "--userns=host"
EVERYTHING = f"{ROOT} --privileged --security-opt seccomp=unconfined"

MOUNT = "cp /usr/bin/mount /m; /m"
"""Without its set-uid bit, which leads to a user that is not root here."""

READ = [
    ROOT + " -v /:/h lab cat /h{folder}/secret /h{folder}/open",
    EVERYTHING + " -v /:/h lab cat /h{folder}/secret /h{folder}/open",
    EVERYTHING + " -v {folder}:/h lab cat /h/secret /h/open",
    EVERYTHING + " --mount type=bind,source={folder},target=/h lab cat /h/secret",
    "-v /:/h lab cat /h{folder}/open",
    "--privileged -v /:/h lab cat /h{folder}/open",
    EVERYTHING + " -v /:/h lab cat /h/etc/shadow /h/root/.bashrc /h/proc/1/root{folder}/open",
    EVERYTHING + " -v /:/h lab sh -c '{mount} --bind /h /mnt; umount -l /h; cat /h{folder}/open'",
    EVERYTHING + " -v /:/h lab sh -c 'umount -l /h/usr /h/proc /h/sys; cat /h{folder}/open'",
    EVERYTHING + " -v /:/h lab sh -c 'unshare --mount chroot /h cat {folder}/open /proc/1/root{folder}/open'",
    EVERYTHING + " --pid=host lab sh -c 'for p in /proc/[0-9]*; do cat $p/root{folder}/open; done'",
    EVERYTHING + " --pid=host lab nsenter --target 1 --all cat {folder}/open",
    EVERYTHING + " --device {disk} lab sh -c 'strings {disk} | grep -m 1 " + KEPT + "'",
    EVERYTHING + " lab sh -c 'mknod /d b {major} {minor} && grep -a -m 1 " + KEPT + " /d'",
    EVERYTHING + " lab sh -c 'mknod /d b {major} {minor}; {mount} /d /mnt; cat /mnt{folder}/open'",
    EVERYTHING + " --mount type=volume,destination=/h,volume-opt=type=ext4,volume-opt=device={disk} "
    "lab cat /h{folder}/open",
    EVERYTHING
    + " --mount type=volume,destination=/h,volume-opt=type=none,volume-opt=o=bind,volume-opt=device=/ "
    "lab cat /h{folder}/open",
    EVERYTHING
    + " lab sh -c '{mount} -t devtmpfs d /mnt && ls /mnt; {mount} -t proc p /mnt; cat /mnt/1/root{folder}/open'",
    "--device-cgroup-rule 'b *:* rwm' --cap-add ALL "
    + ROOT
    + " lab sh -c 'mknod /d b {major} {minor} && head -c 1 /d'",
]
"""Options and command after `docker run`, each after what the machine keeps to itself."""

WRITE = [
    EVERYTHING + " -v /:/h lab sh -c 'echo {mark} >>/h{folder}/open; echo {mark} >/h{folder}/new'",
    EVERYTHING + " -v {folder}:/h lab sh -c 'echo {mark} >>/h/open; echo {mark} >/h/new'",
    EVERYTHING + " -v /:/h lab sh -c '{mount} -o remount,rw,bind /h/usr; echo {mark} >/h/usr/{mark}'",
    EVERYTHING + " -v /usr:/h lab sh -c '{mount} -o remount,rw /h; echo {mark} >/h/{mark}'",
    EVERYTHING + " lab sh -c 'echo \"|/{mark}\" >/proc/sys/kernel/core_pattern'",
    EVERYTHING + " lab sh -c '{mount} -o remount,rw /proc/sys; echo {mark} >/proc/sys/kernel/modprobe'",
    EVERYTHING + " -v /:/h lab sh -c 'echo \"|/{mark}\" >/h/proc/sys/kernel/core_pattern'",
    EVERYTHING
    + " lab sh -c 'echo {mark} >/sys/kernel/uevent_helper; hostname {mark}; date --set=2001-01-01'",
    EVERYTHING + " --uts=host lab hostname {mark}",
    "--uts=host --cap-add ALL " + ROOT + " lab hostname {mark}",
    EVERYTHING + " --cgroup-parent=/ lab true",
    EVERYTHING
    + " --cgroupns=host lab sh -c 'for g in /sys/fs/cgroup/*/ /sys/fs/cgroup; do mkdir $g/{mark}; done'",
]
"""The same for what would change the machine."""


@dataclass(frozen=True)
class Machine:
    """The targets of the attacks: a folder with a `secret` and an `open` file, and the disk that it is on."""

    folder: Path
    disk: str
    device: int

    def line(self, options: str) -> str:
        return options.replace("{mark}", WRITTEN).format(
            mount=MOUNT,
            folder=self.folder,
            disk=self.disk,
            major=os.major(self.device),
            minor=os.minor(self.device),
        )


@pytest.fixture(scope="module")
def machine() -> Iterator[Machine]:
    with tempfile.TemporaryDirectory(dir="/var/tmp") as name:
        folder = Path(name)
        folder.chmod(0o755)
        for file, mode in (("secret", 0o600), ("open", 0o644)):
            (folder / file).write_text(f"{KEPT}\n")
            (folder / file).chmod(mode)
        device = folder.stat().st_dev
        number = f"{os.major(device)}:{os.minor(device)}"
        link = Path("/sys/dev/block", number)
        yield Machine(folder, f"/dev/{link.resolve().name}" if link.exists() else "/dev/sda", device)


@pytest.fixture(scope="module")
def private(engine_choice: EngineChoice) -> Iterator[DockerEngine]:
    assert engine_choice.engine == PRIVATE
    with open_engine(engine_choice, new_session()) as engine:
        provide(engine.client, ["lab"], print)
        yield engine


def docker_run(engine: DockerEngine, options: str) -> "subprocess.CompletedProcess[str]":
    labels = [word for key, value in engine.labels.items() for word in ("--label", f"{key}={value}")]
    return subprocess.run(
        ["docker", "run", "--rm", *labels, *shlex.split(options)],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
        env={"PATH": os.environ["PATH"], "DOCKER_HOST": engine.info.endpoint},
    )


def settings() -> dict[str, str]:
    """Kernel settings that the attacks would like to change."""
    files = [Path("/proc/sys/kernel") / name for name in ("core_pattern", "modprobe", "hostname")]
    return {
        str(file): file.read_text() for file in (*files, Path("/sys/kernel/uevent_helper")) if file.exists()
    }


def test_such_lines_are_run_at_all(private: DockerEngine, machine: Machine) -> None:
    """The files that the daemon needs are visible, so the other lines fail for the intended reason."""
    shown = docker_run(private, f"{EVERYTHING} -v /:/h lab ls /h/usr/bin/env")
    assert (shown.returncode, shown.stdout) == (0, "/h/usr/bin/env\n"), shown.stderr
    assert (machine.folder / "open").read_text() == f"{KEPT}\n"


@pytest.mark.parametrize("options", READ)
def test_nothing_of_the_machine_is_read(private: DockerEngine, machine: Machine, options: str) -> None:
    done = docker_run(private, machine.line(options))
    assert KEPT not in done.stdout
    assert "root:" not in done.stdout
    assert done.returncode != 0


@pytest.mark.parametrize("options", WRITE)
def test_nothing_of_the_machine_is_changed(private: DockerEngine, machine: Machine, options: str) -> None:
    before = settings()
    docker_run(private, machine.line(options))
    assert settings() == before
    assert sorted(path.name for path in machine.folder.iterdir()) == ["open", "secret"]
    assert (machine.folder / "open").read_text() == f"{KEPT}\n"
    assert not Path("/usr", WRITTEN).exists()
    assert [path for path in groups_from(Path("/sys/fs/cgroup")) if path.name == WRITTEN] == []


def test_the_machines_network_is_not_to_be_seen(private: DockerEngine) -> None:
    done = docker_run(private, f"{EVERYTHING} --network host lab cat /proc/net/dev")
    assert [line.split(":")[0].strip() for line in done.stdout.splitlines()[2:]] == ["lo"]


def test_root_of_the_daemon_is_nobody_on_the_machine(private: DockerEngine) -> None:
    done = docker_run(private, f"{ROOT} lab cat /proc/self/uid_map")
    assert [line.split()[1] != "0" for line in done.stdout.splitlines()] == [True, True]


def test_a_full_disk_is_the_daemons_own(private: DockerEngine) -> None:
    """The container sees a file system that is smaller than the free space on the machine's."""
    done = docker_run(private, "lab stat --file-system --format '%b %S' /")
    blocks, size = map(int, done.stdout.split())
    assert blocks * size <= 8 * 2**30
