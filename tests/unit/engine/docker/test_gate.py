"""The gate waits, and then becomes the given program without leaving a trace."""

import io
import os
import platform
import subprocess
import tarfile
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from runner.engine.docker.gate import OPEN, gate_program, packed_gate
from runner.errors import EngineError

NATIVE = {"x86_64": "amd64", "aarch64": "arm64"}[platform.machine()]


@pytest.fixture
def gate(tmp_path: Path) -> Iterator[Path]:
    """The gate of this machine, waiting for the file `open` beside it."""
    link = Path(tempfile.gettempdir()) / f"w{os.getpid()}"
    link.symlink_to(tmp_path)
    here, there = f"{link}/open\0".encode(), f"{OPEN}\0".encode()
    assert len(here) <= len(there)
    file = tmp_path / "gate"
    file.write_bytes(gate_program(NATIVE).replace(there, here.ljust(len(there), b"\0")))
    file.chmod(0o755)
    yield file
    link.unlink()


def test_it_becomes_the_program_once_it_is_open(gate):
    script = 'printf "%s|" "$0" "$@"; echo "$MARK"; exit 7'
    argv = [str(gate), "/bin/sh", "name", "-c", script, "zero", "one", "two words"]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, env={"MARK": "kept"}, text=True) as process:
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(0.3)
        (gate.parent / "open").touch()
        output, _ = process.communicate(timeout=60)
    assert output == "zero|one|two words|kept\n"
    assert process.returncode == 7


def test_a_program_that_cannot_be_executed_ends_it(gate):
    (gate.parent / "open").touch()
    assert subprocess.run([str(gate), "/no/such", "x"], timeout=60, check=False).returncode == 127


def test_it_sleeps_while_it_waits(gate):
    process = subprocess.Popen([str(gate), "/bin/true", "true"])
    opened = threading.Timer(1.0, (gate.parent / "open").touch)
    opened.start()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    opened.join()
    assert process.returncode == 0
    assert used.ru_utime + used.ru_stime < 0.3


def test_an_unknown_architecture_has_no_gate():
    with pytest.raises(EngineError, match="riscv64"):
        gate_program("riscv64")


def test_its_archive_has_nothing_behind_its_end():
    """A reader that stops there must not have more coming."""
    packed = packed_gate("amd64")
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        [member] = archive.getmembers()
        assert archive.extractfile(member).read() == gate_program("amd64")
    blocks = -(-member.size // 512)
    assert len(packed) == 512 + blocks * 512 + 1024
    assert packed.endswith(bytes(1024))
