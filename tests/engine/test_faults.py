"""Containers and learners that misbehave: each ends in the right error, in time, with nothing left behind."""

import json
import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from runner.content import PROFILES
from runner.engine.api import SESSION_LABEL, EngineTimeout, ProgramTimeout, StartRefused
from runner.engine.discovery import EngineChoice
from runner.engine.docker.engine import DockerEngine
from runner.engine.docker.launching import AGAIN
from runner.engine.docker.streams import MAX_OUTPUT
from runner.engine.private import leases
from runner.engine.processes import arguments, descendants, is_runtime, pids
from runner.engine.shim import host_environment
from runner.lab.model.container import ContainerSpec
from runner.pace import MACHINE
from tests.fakes import wait_until

pytestmark = pytest.mark.engine

OPEN = ContainerSpec(cap_add=("ALL",), security_opt=("apparmor=unconfined",))
HANGS = '{"defaultAction": "SCMP_ACT_KILL"}'
STARTS = 20
"""On a busy machine, a runtime may have ended before it is seen."""
_PAUSE = 0.002
"""Seconds between two looks for it, which must not keep the machine busy."""


def left_over(engine: DockerEngine) -> list[str]:
    """The containers that the engine still has of this session, in whatever state."""
    mine = f"{SESSION_LABEL}={engine.labels[SESSION_LABEL]}"
    return [found["Id"] for found in engine.client.containers(all=True, filters={"label": mine})]


def running(program: str) -> list[int]:
    """Processes of this machine whose command line has the word `program`."""
    return [pid for pid in pids() if program in arguments(pid)]


def runtimes() -> set[int]:
    """The low-level runtimes' processes, of whatever engine on this machine."""
    return {pid for pid in pids() if is_runtime(pid)}


def test_a_profile_that_hangs_the_runtime_is_ended_by_the_watchdog(
    engine: DockerEngine, caplog: pytest.LogCaptureFixture
) -> None:
    before = runtimes()
    with pytest.raises(EngineTimeout, match="hung"):
        engine.start(OPEN.overridden({"command": ("true",)}), seccomp=HANGS, timeout=3)
    assert AGAIN not in caplog.text
    assert left_over(engine) == []
    started = runtimes() - before
    assert wait_until(lambda: not runtimes() & started)


def creates(pid: int) -> bool:
    """True for a runtime that creates a container; with one thread, it may be a copy that becomes another program."""
    return is_runtime(pid) and "create" in arguments(pid) and len([*Path(f"/proc/{pid}/task").glob("*")]) > 1


@pytest.fixture
def hangs_once(engine_choice: EngineChoice) -> Iterator[None]:
    """A runtime that is to create a container stands still, once: the first that is seen while it works."""
    status = leases.status(engine_choice.places)
    if status is None:
        pytest.skip("only the private engine's processes may be stopped")

    def stop_one() -> None:
        while not done.wait(_PAUSE):
            for pid in filter(creates, descendants(status.pid)):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGSTOP)
                    return

    done = threading.Event()
    watching = threading.Thread(target=stop_one)
    watching.start()
    yield
    done.set()
    watching.join()


@pytest.mark.usefixtures("hangs_once")
def test_a_runtime_that_hung_by_chance_is_asked_again(
    engine: DockerEngine, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(STARTS):
        done = engine.run(OPEN.overridden({"command": ("echo", "hello")}), seccomp="", timeout=3)
        assert (done.status, done.output) == (0, "hello\n")
        if AGAIN in caplog.text:
            return
    pytest.fail("no runtime was stopped")


@pytest.mark.usefixtures("hangs_once")
def test_a_terminal_is_connected_to_the_start_that_succeeds(
    engine: DockerEngine, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(STARTS):
        shell = OPEN.overridden({"command": ("cat",), "tty": True})
        terminal = engine.start(shell, seccomp="", timeout=3).attach()
        terminal.write(b"hello\n")
        output = b""
        while len(output) < len(b"hello") and (more := terminal.read()):
            output += more
        assert output.startswith(b"hello")
        terminal.close()
        if AGAIN in caplog.text:
            return
    pytest.fail("no runtime was stopped")


def test_a_start_that_is_only_slow_is_waited_for(engine: DockerEngine, engine_choice: EngineChoice) -> None:
    """As on a machine that pauses for a while, although the runtime does not hang."""
    status = leases.status(engine_choice.places)
    if status is None:
        pytest.skip("only the private engine's processes may be stopped")
    [containerd] = [pid for pid in descendants(status.pid) if arguments(pid)[0].endswith("containerd")]
    goes_on = threading.Timer(2.5, os.kill, (containerd, signal.SIGCONT))
    os.kill(containerd, signal.SIGSTOP)
    goes_on.start()
    try:
        container = engine.start(OPEN.overridden({"command": ("sleep", "60")}), seccomp="", timeout=1.5)
        assert container.exec(["true"], timeout=30).status == 0
    finally:
        goes_on.cancel()
        os.kill(containerd, signal.SIGCONT)


def test_the_watchdog_leaves_other_containers_alone(engine: DockerEngine) -> None:
    bystander = engine.start(OPEN.overridden({"command": ("sleep", "60")}), seccomp="", timeout=20)
    with pytest.raises(EngineTimeout):
        engine.run(OPEN.overridden({"command": ("true",)}), seccomp=HANGS, timeout=2)
    assert bystander.exec(["true"], timeout=10).status == 0


@pytest.mark.parametrize(
    "profile",
    ['{"defaultAction": "SCMP_ACT_ERRNO"}', '{"defaultAction": "SCMP_ACT_NONSENSE"}', "not JSON"],
    ids=["denies everything", "unknown action", "not JSON"],
)
def test_a_profile_that_the_runtime_refuses_leaves_nothing(engine: DockerEngine, profile: str) -> None:
    with pytest.raises(StartRefused, match=r"\S"):
        engine.run(OPEN.overridden({"command": ("true",)}), seccomp=profile, timeout=20)
    assert left_over(engine) == []


def test_a_command_that_does_not_exist_leaves_nothing(engine: DockerEngine) -> None:
    with pytest.raises(StartRefused, match="no-such-command"):
        engine.start(OPEN.overridden({"command": ("no-such-command",)}), seccomp="", timeout=20)
    assert left_over(engine) == []


def test_a_program_that_prints_for_ever_is_cut_off_and_killed(engine: DockerEngine) -> None:
    flood = OPEN.overridden({"command": ("yes", "workshop-flood")})
    with pytest.raises(ProgramTimeout) as raised:
        engine.run(flood, seccomp="", timeout=3)
    assert len(raised.value.output) == MAX_OUTPUT
    assert left_over(engine) == []
    assert wait_until(lambda: not running("workshop-flood"))


def test_a_program_that_prints_much_and_ends_reports_its_status(engine: DockerEngine) -> None:
    script = "head -c 5000000 /dev/zero | tr '\\0' x; exit 7"
    completed = engine.run(OPEN.overridden({"command": ("sh", "-c", script)}), seccomp="", timeout=30)
    assert completed.status == 7
    assert completed.output == "x" * MAX_OUTPUT


def test_an_exec_that_never_returns_is_killed_with_its_children(engine: DockerEngine) -> None:
    container = engine.start(OPEN.overridden({"command": ("sleep", "60")}), seccomp="", timeout=20)
    with pytest.raises(ProgramTimeout):
        container.exec(["sh", "-c", "sleep 61.25 & sleep 61.25"], timeout=1)
    assert wait_until(lambda: not running("61.25"))  # the kernel may take a moment to end a killed process


def test_a_fork_bomb_is_bounded_and_removed_in_time(engine: DockerEngine) -> None:
    bomb = OPEN.overridden({"command": ("bash", "-c", "bomb() { bomb | bomb & }; bomb; exec sleep 60")})
    began = time.monotonic()
    with pytest.raises(ProgramTimeout, match="did not end") as raised:
        engine.run(bomb, seccomp="unconfined", timeout=3)
    assert time.monotonic() - began < MACHINE.stretched(30)
    assert "fork" in raised.value.output
    assert left_over(engine) == []


def test_a_container_of_ours_has_no_network_and_nothing_of_the_host(engine: DockerEngine) -> None:
    listed = engine.run(OPEN.overridden({"command": ("ls", "/sys/class/net")}), seccomp="", timeout=20)
    assert listed.output == "lo\n"
    container = engine.start(OPEN.overridden({"command": ("sleep", "60")}), seccomp="", timeout=20)
    inspected = engine.client.inspect_container(container.id)
    assert inspected["Mounts"] == []
    given = inspected["HostConfig"]
    if engine.info.bounded:
        assert (given["PidsLimit"], given["Memory"]) == (OPEN.pids_limit, OPEN.mem_limit)
    else:
        limits = {one["Name"]: one["Hard"] for one in given["Ulimits"]}
        # The engine and other containers are counted too.
        assert limits["nproc"] == OPEN.shared_pids_limit == OPEN.pids_limit + 1024
        assert given["Memory"] == OPEN.mem_limit or limits["data"] == OPEN.mem_limit


def test_the_terminal_is_seen_from_its_first_byte(engine: DockerEngine) -> None:
    spec = OPEN.overridden({"command": ("sh", "-c", "echo first; read line; echo got $line"), "tty": True})
    container = engine.start(spec, seccomp="", timeout=20)
    terminal = container.attach()
    seen = b""
    while b"first" not in seen:
        seen += terminal.read()
    terminal.write(b"keys\n")
    while piece := terminal.read():
        seen += piece
    assert seen.startswith(b"first\r\n")
    assert seen.endswith(b"got keys\r\n")


def test_a_second_terminal_replays_what_was_printed(engine: DockerEngine) -> None:
    spec = OPEN.overridden({"command": ("sh", "-c", "echo first; read line"), "tty": True})
    container = engine.start(spec, seccomp="", timeout=20)
    assert container.attach().read().startswith(b"first")
    later = container.attach()
    assert later.read().startswith(b"first")
    later.close()


def test_resizing_after_the_end_is_no_error(engine: DockerEngine) -> None:
    terminal = engine.start(
        OPEN.overridden({"command": ("true",), "tty": True}), seccomp="", timeout=20
    ).attach()
    while terminal.read():
        pass
    terminal.resize(101, 37)


def test_resizing_reaches_the_program(engine: DockerEngine) -> None:
    spec = OPEN.overridden({"command": ("sh", "-c", "read line; stty size"), "tty": True})
    terminal = engine.start(spec, seccomp="", timeout=20).attach()
    terminal.resize(101, 37)
    terminal.write(b"\n")
    seen = b""
    while piece := terminal.read():
        seen += piece
    assert b"37 101" in seen


def leaderless(pid: int) -> bool:
    """Whether the process that an engine knows as `pid` is there, with other threads than its first, which has died."""
    for process in pids():
        with suppress(OSError):
            lines = Path(f"/proc/{process}/status").read_text().splitlines()
            found = {name: value.split() for name, _, value in (line.partition(":") for line in lines)}
            # A private engine has a pid namespace of its own.
            if found["State"][0] == "Z" and int(found["Threads"][0]) > 1 and str(pid) in found["NSpid"]:
                return True
    return False


@pytest.mark.parametrize("by", ["its container", "the session"])
def test_a_process_without_its_first_thread_goes_with_its_container(engine: DockerEngine, by: str) -> None:
    """The filter kills the thread that was to become the program; the engine says that the container runs."""
    profile = json.loads((PROFILES / "default.json").read_text())
    for rule in profile["syscalls"]:
        rule["names"] = [name for name in rule["names"] if name != "execve"]
    profile["syscalls"].append({"names": ["execve"], "action": "SCMP_ACT_KILL"})
    container = engine.start(OPEN.overridden({"command": ("true",)}), seccomp=json.dumps(profile), timeout=20)
    pid = engine.client.inspect_container(container.id)["State"]["Pid"]
    assert wait_until(lambda: leaderless(pid))
    if by == "its container":
        began = time.monotonic()
        container.remove()
        assert time.monotonic() - began < MACHINE.stretched(8)
    else:
        engine.sweep()
    assert wait_until(lambda: not leaderless(pid))
    assert left_over(engine) == []


@pytest.mark.skipif(shutil.which("docker") is None, reason="there is no docker command")
def test_a_container_that_is_typed_without_a_network_has_none(engine: DockerEngine, tmp_path: Path) -> None:
    environment = host_environment(engine, tmp_path)
    shown = subprocess.run(
        ["docker", "run", "--rm", "lab", "cat", "/proc/net/dev"],
        env=environment,
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert [line.split(":")[0].strip() for line in shown.stdout.splitlines()[2:]] == ["lo"]
