"""A host shell has its own terminal, and leaves nothing behind once it is closed."""

import os
import threading
import time
from pathlib import Path

import pytest

from runner.ambient_limits import AmbientLimits
from runner.shell.prompt import host_environment
from runner.shell.pty import HostStream
from tests.fakes import wait_until


def read_until(stream, wanted):
    text = b""
    while wanted not in text:
        data = stream.read()
        assert data, f"ended without {wanted!r}: {text!r}"
        text += data
    return text


def open_descriptors():
    return len(list(Path("/proc/self/fd").iterdir()))


def gone(pid):
    """True if the process has ended: it does not exist, or is a zombie."""
    try:
        return (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] in "ZX"
    except FileNotFoundError:
        return True


@pytest.fixture
def shell(tmp_path):
    stream = HostStream(environment=host_environment(interactive=False), directory=tmp_path)
    yield stream
    stream.close()


def test_the_shell_leads_a_session_with_a_controlling_terminal(shell, tmp_path):
    shell.write(
        b"ps -o pid=,sid=,tpgid= -p $$ 2>/dev/null; cut -d' ' -f1,6,7 /proc/$$/stat; pwd; echo d''one\n"
    )
    text = read_until(shell, b"done").decode()
    assert str(tmp_path) in text
    assert os.getsid(shell.pid) == shell.pid
    assert (Path("/proc") / str(shell.pid) / "stat").read_text().rpartition(")")[2].split()[4] != "0"


def test_in_a_box_it_leaves_room_for_the_app_and_is_ended_first(tmp_path, monkeypatch):
    monkeypatch.setattr(AmbientLimits, "of", lambda: AmbientLimits(2**30, 1000))
    shell = HostStream(environment=host_environment(interactive=False), directory=tmp_path)
    try:
        shell.write(b"echo $(ulimit -u) $(ulimit -Hu) $(cat /proc/self/oom_score_adj) d''one\n")
        assert b"300 300 500 done" in read_until(shell, b"done")
    finally:
        shell.close()


def test_the_program_that_has_the_terminal_is_named(shell):
    assert wait_until(lambda: shell.foreground_program == "")
    shell.write(b"sleep 600\n")
    assert wait_until(lambda: shell.foreground_program == "sleep")
    shell.write(b"\x03")
    assert wait_until(lambda: shell.foreground_program == "")
    shell.close()
    assert shell.foreground_program == ""


def test_keys_go_at_once_while_there_is_room_for_them(shell):
    """Once a program does not read, they are refused instead of waited for."""
    shell.write(b"echo ready; stty raw; sleep 60\n")
    read_until(shell, b"ready\r\n")
    assert shell.write_now(b"x")
    for _ in range(1_000):
        if not shell.write_now(b"x" * 1024):
            break
    else:
        pytest.fail("a mebibyte that nobody reads")


def test_the_size_is_what_was_given(shell):
    shell.resize(123, 45)
    shell.write(b"stty size\n")
    read_until(shell, b"45 123")


def test_a_size_that_a_program_sets_is_set_back(shell):
    """Bash does so before each prompt, with the size that it had read a moment before."""
    shell.resize(123, 45)
    shell.write(b"stty rows 50 columns 100; echo d''one\n")
    read_until(shell, b"done")
    shell.write(b"stty size\n")
    read_until(shell, b"45 123")


@pytest.mark.parametrize(
    "command",
    [
        "sleep 1000 & echo p''id $!",
        "(trap '' HUP INT TERM; echo p''id $BASHPID; exec sleep 1000) & wait",
        "setsid sh -c 'echo p''id $$; exec sleep 1000' & wait",
        "nohup sleep 1000 >/dev/null 2>&1 & echo p''id $!",
    ],
    ids=["background", "ignores hang-ups", "another session", "nohup"],
)
def test_closing_ends_all_that_was_started(shell, command):
    shell.write(f"{command}\n".encode())
    text = read_until(shell, b"pid ")
    while not text.partition(b"pid ")[2].endswith(b"\n") and b"\n" not in text.partition(b"pid ")[2]:
        text += shell.read()
    pid = int(text.partition(b"pid ")[2].split()[0])
    assert not gone(pid)
    shell.close()
    assert gone(pid)
    assert not (Path("/proc") / str(shell.pid)).exists(), "a zombie is left"


def test_closing_wakes_a_reader_and_frees_the_descriptors(tmp_path):
    before = open_descriptors()
    stream = HostStream(("sleep", "1000"), environment=dict(os.environ), directory=tmp_path)
    ended = []
    reader = threading.Thread(target=lambda: ended.append(stream.read()))
    reader.start()
    stream.close()
    reader.join(20)
    assert ended == [b""]
    stream.close()
    assert stream.read() == b""
    with pytest.raises(BrokenPipeError):
        stream.write(b"x")
    assert open_descriptors() == before


def test_the_output_of_a_program_that_ends_is_read_to_its_end(tmp_path):
    stream = HostStream(("seq", "20000"), environment=dict(os.environ), directory=tmp_path)
    text = b"".join(iter(stream.read, b""))
    assert text.split() == [str(number).encode() for number in range(1, 20001)]
    stream.close()


def test_the_end_comes_while_a_background_child_goes_on_printing(tmp_path):
    argv = ("bash", "-c", "trap '' HUP; yes & exit 0")
    stream = HostStream(argv, environment=dict(os.environ), directory=tmp_path)
    begun = time.monotonic()
    while stream.read():
        assert time.monotonic() - begun < 30
    stream.close()


def test_a_missing_directory_is_an_error_that_leaves_nothing_open(tmp_path):
    before = open_descriptors()
    with pytest.raises(FileNotFoundError):
        HostStream(environment={}, directory=tmp_path / "missing")
    assert open_descriptors() == before
