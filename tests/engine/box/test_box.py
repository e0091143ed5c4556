"""A learner cannot break out of a box, and boxes leave nothing behind."""

import os
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from runner.box.box import Content
from runner.box.resources import ClassResources, Share
from runner.engine.image.provide import built
from runner.engine.image.recipe import Recipe
from runner.engine.private.cgroup import groups_from
from runner.folders import cache_folder
from runner.pace import MACHINE
from tests.engine.box.boxed import read, script, starting

pytestmark = [
    pytest.mark.engine,
    pytest.mark.skipif(os.geteuid() != 0, reason="only root starts boxes"),
    pytest.mark.skipif("WORKSHOP_TEST_ENGINE" in os.environ, reason="a box has an engine of its own"),
]

KEPT = "only-the-machine-knows"
SMALL = Share(memory=200 * 2**20, disk=64 * 2**20, pids=60)

ATTACKS = {
    "host disk": "cat {folder}/open /proc/1/root{folder}/open /etc/shadow; "
    "for f in /root/.bashrc /home/* /srv/*; do "
    "case '{package}' in $f/*) ;; *) [ -e $f ] && echo BROKEN $f;; esac; done",
    "host devices": "mknod /tmp/d b {major} {minor}; head -c 9 /tmp/d && echo BROKEN; "
    "for f in kmsg mem fuse loop0; do [ -e /dev/$f ] && echo BROKEN $f; done; "
    "mkdir /tmp/m; mount -t devtmpfs d /tmp/m && echo BROKEN; mknod /tmp/{disk} b {major} {minor}; "
    "mount /tmp/{disk} /tmp/m && echo BROKEN",
    "programs of the machine": "mount -o remount,rw,bind /usr; mount -o remount,rw /usr; echo x >/usr/{mark}; "
    "umount /usr; touch {package}/{mark}",
    "host processes": "cat /proc/[0-9]*/comm; kill -0 {pid} 2>/dev/null && echo BROKEN",
    "settings of the kernel": "for f in /proc/sys/kernel/core_pattern /proc/sys/kernel/modprobe "
    "/proc/sys/kernel/pid_max /sys/kernel/uevent_helper; do [ -e $f ] && echo 9 >$f && echo BROKEN $f; done; "
    "mount -o remount,rw /proc/sys && echo BROKEN; date --set=2001-01-01 && echo BROKEN",
    "sysrq": "echo h >/proc/sysrq-trigger && echo BROKEN",
    "its own limits": "for f in /sys/fs/cgroup/memory/memory.limit_in_bytes /sys/fs/cgroup/pids/pids.max "
    "/sys/fs/cgroup/memory.max /sys/fs/cgroup/pids.max; do [ -e $f ] && echo 9999999999 >$f && echo BROKEN; done; "
    "ulimit -H -c unlimited; mkdir /tmp/g; mount -t cgroup -o pids pids /tmp/g && "
    "ls -d /tmp/g/seccomp-workshop* /tmp/g/*/seccomp-workshop* && echo BROKEN",
    "leaving its group": "for h in /sys/fs/cgroup /sys/fs/cgroup/*; do echo $$ >$h/../cgroup.procs; done; "
    "cut -d: -f3 /proc/self/cgroup | grep seccomp-workshop && echo BROKEN",
    "a network": "cut -d: -f1 /proc/net/dev | tail -n +3; ls /sys/class/net; "
    "timeout 2 bash -c 'echo >/dev/tcp/127.0.0.1/{port}' && echo BROKEN",
    "what the gateway keeps": "touch /run/class/x && echo BROKEN; ls -A {state} && echo BROKEN",
    "ids beyond its own": "touch /tmp/f; chown 400000 /tmp/f && echo BROKEN; chroot --userspec=400000:400000 / true && "
    "echo BROKEN",
    "a filter": "grep Seccomp: /proc/self/status",
}
"""Attacks, as shell commands; none may print BROKEN."""


@pytest.fixture
def machine() -> Iterator[Path]:
    """A folder that anyone on the machine may read."""
    with tempfile.TemporaryDirectory(dir="/var/tmp") as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "open").write_text(f"{KEPT}\n")
        yield folder


@pytest.fixture
def folder() -> Iterator[Path]:
    """The class's folder, on a real disk."""
    with tempfile.TemporaryDirectory(dir="/var/tmp") as name:
        yield Path(name)


def test_nothing_of_the_machine_or_of_others_can_be_had(machine: Path, folder: Path) -> None:
    device = machine.stat().st_dev
    package = Path(__file__).parents[3] / "runner"
    with socket.create_server(("127.0.0.1", 0)) as server:
        values = {
            "folder": str(machine),
            "major": str(os.major(device)),
            "minor": str(os.minor(device)),
            "disk": Path(f"/sys/dev/block/{os.major(device)}:{os.minor(device)}").resolve().name,
            "mark": "written-from-a-box",
            "package": str(package),
            "port": str(server.getsockname()[1]),
            "pid": str(os.getpid()),
            "state": str(folder / "state"),
        }
        lines = [f"echo '== {name}'; ( {line} ) 2>&1" for name, line in ATTACKS.items()]
        text = "\n".join(lines)
        for name, value in values.items():
            text = text.replace("{" + name + "}", value)
        before = Path("/proc/sys/kernel/core_pattern").read_text()
        began = time.time()
        with starting(ClassResources.under(folder, share=SMALL), script(text, package)) as gateway:
            told = gateway.run(1)
    said = dict(part.split("\n", 1) for part in told.split("== ")[1:])
    assert list(said) == list(ATTACKS), told
    assert "BROKEN" not in told, told
    assert KEPT not in told
    assert "\nroot:" not in told
    assert not Path("/usr/written-from-a-box").exists()
    assert not (package / "written-from-a-box").exists()
    assert Path("/proc/sys/kernel/core_pattern").read_text() == before
    assert abs(time.time() - began) < 3600
    assert set(said["a network"].partition("bash:")[0].split()) == {"lo"}
    assert set(said["host processes"].split()) <= {"docker-init", "tini", "sh", "cat"}
    assert said["a filter"].split() == ["Seccomp:", "0"]


BOMBS = """
python3 - <<'END'
import os, time
children = 0
try:
    while children < 500:
        pid = os.fork()
        if not pid:
            time.sleep(1000)
        children += 1
except OSError as error:
    print("forks", children, error.strerror)
END
kill -9 -1 2>/dev/null
python3 -c 'x = bytearray(600 << 20); print("BROKEN")' || echo memory $?
dd if=/dev/zero of=/learner/home/all bs=1M 2>&1 | tail -n 1
dd if=/dev/zero of=/tmp/all bs=1M 2>&1 | tail -n 1
python3 -c '
import os
n = 0
try:
    while n < 5000: os.openpty(); n += 1
except OSError as error: print("terminals", n < 300)'
"""


def test_who_takes_all_gets_their_own_share(folder: Path) -> None:
    resources = ClassResources.under(folder, share=SMALL)
    with starting(resources, script(BOMBS)) as gateway:
        told = gateway.run(1)
        assert resources.disk(1).file.stat().st_blocks * 512 <= SMALL.disk
    forks = int(told.split("forks ")[1].split()[0])
    assert forks < SMALL.pids
    assert "memory 137" in told
    assert "BROKEN" not in told
    assert told.count("copied") == 2
    assert "terminals True" in told


def test_a_box_is_its_learners_again_and_nobody_elses(folder: Path) -> None:
    resources = ClassResources.under(folder, share=SMALL)
    text = "ls /learner/home /run/class; touch /learner/home/mine; id -u; cat /proc/self/uid_map; sleep 1000"
    with starting(resources, script(text)) as gateway:
        first = read(gateway.open(1), "196608")
        second = read(gateway.open(2), "196608")
        assert first.split()[-2] != second.split()[-2]
        assert "mine" not in first + second
        assert os.fstat(gateway.open(1)).st_rdev, "the same box is given again"
        gateway.ask("open", 129, columns=80, rows=24)
        gateway.ask("open", 1, columns="80", rows=24)
        gateway.link.send(b"[" * 4000)
        gateway.ask("close", 1)
        said, _ = gateway.hear()
        assert (said["box"], said["is"]) == (1, "ended"), "nothing was said to what is no request"
        assert "mine" in read(gateway.open(1), "196608")
        gateway.ask("forget", 1)
        gateway.ask("open", 1, columns=80, rows=24)
        said, _ = gateway.hear()
        assert (said["is"], said["reopens"]) == ("ended", True)
        said, (terminal,) = gateway.hear()
        assert "mine" not in read(terminal, "196608"), "the next one finds nothing"
    gone = resources.group(1).name
    assert [path for path in groups_from(Path("/sys/fs/cgroup")) if path.name == gone] == []


def loop_devices(resources: ClassResources) -> str:
    """The loop devices that show the first box's disk to its mount."""
    words = ["losetup", "--associated", str(resources.disk(1).file)]
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout


def test_nothing_outlives_a_starter_that_is_killed(folder: Path) -> None:
    resources = ClassResources.under(folder, share=SMALL)
    with starting(resources, script("setsid sleep 1000 & echo up; sleep 1000")) as gateway:
        read(gateway.open(1), "up")
        group = resources.group(1)
        assert list(group._processes())
        gateway.kill()
        until = time.monotonic() + MACHINE.stretched(30)
        # The kernel lets go of the disk a while after the last process.
        while (list(group._processes()) or loop_devices(resources)) and time.monotonic() < until:
            time.sleep(0.01)
        assert (list(group._processes()), loop_devices(resources)) == ([], "")
    # Anyone who comes next finds all as new, and the learner's things.
    with starting(resources, script("ls -a /learner/home; exit 3")) as gateway:
        gateway.run(1)


ENGINE = """
import subprocess, sys
from runner.engine.discovery import EngineChoice, open_engine
from runner.engine.image.provide import provide
with open_engine(EngineChoice(engine="private"), "test") as engine:
    provide(engine.client, ["lab"], print)
    for words in sys.argv[1:]:
        print("==", words)
        done = subprocess.run(["docker", "--host", engine.info.endpoint, "run", "--rm", *words.split(" ", 20)],
            capture_output=True, text=True)
        print(done.returncode, done.stdout, done.stderr)
"""


def test_its_engine_shows_nothing_but_itself(machine: Path, folder: Path) -> None:
    everything = "--privileged --userns=host --security-opt seccomp=unconfined"
    lines = [
        "lab echo works",
        f"-v /:/h lab cat /h{machine}/open",
        f"{everything} -v /:/h lab cat /h{machine}/open /h/proc/1/root{machine}/open",
        f"{everything} --pid=host lab cat /proc/1/root{machine}/open",
        "-v /learner:/h lab ls /h/home",
    ]
    image = built(Recipe.of_this_machine(), cache_folder(), print)
    content = Content.of(("-c", ENGINE, *lines), folders=(), image=image)
    python, *_ = content.command
    content = Content((python, "-c", ENGINE, *lines), content.folders, image)
    with starting(ClassResources.under(folder), content) as gateway:
        told = gateway.run(1)
    parts = told.split("== ")[1:]
    assert len(parts) == len(lines), told
    assert "0 works" in parts[0], told
    assert KEPT not in told
    assert all("\n0 " not in part for part in parts[1:]), told
