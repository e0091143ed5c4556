"""The calls that a program could make are read from its ELF file."""

import struct
import sys
from pathlib import Path

import pytest

from runner.trace import imports
from runner.trace.imports import imported, why_not_looked_into


def test_a_shell_could_fork_and_open_and_kill():
    found = dict(imported(Path("/bin/sh").resolve().read_bytes()))
    assert {"fork", "open", "kill"} <= set(found) or {"vfork", "open", "kill"} <= set(found)
    assert "openat" in found["open"]
    assert "exit_group" not in found


def test_the_interpreter_is_read_in_reasonable_time():
    assert dict(imported(Path(sys.executable).resolve().read_bytes())) is not None


@pytest.mark.parametrize("content", [b"", b"#!/bin/sh\n", b"\x7fELF", b"\x7fELF" + b"\xff" * 200])
def test_other_files_import_nothing(content):
    assert list(imported(content)) == []


def test_a_program_whose_section_table_is_damaged_imports_nothing():
    """As a packer leaves it."""
    program = bytearray(Path("/bin/sh").resolve().read_bytes())
    (table,) = struct.unpack_from("<Q", program, 40)
    (count,) = struct.unpack_from("<H", program, 60)
    for section in range(table, table + 64 * count, 64):
        struct.pack_into("<Q", program, section + 24, 2**64 - 1)
    assert list(imported(bytes(program))) == []


def test_it_is_said_of_which_files_nothing_is_known():
    assert why_not_looked_into(Path("/bin/sh").resolve().read_bytes()) == ""
    assert why_not_looked_into(b"\x7fELF" + bytes(200)).startswith("a static program")
    assert why_not_looked_into(b"#!/bin/sh\n").startswith("a script")
    assert why_not_looked_into(b"") == "its file could not be read"


@pytest.mark.parametrize(
    ("function", "name", "calls"),
    [
        ("syslog", "syslog", {"socket"}),
        ("klogctl", "klogctl", {"syslog"}),
        ("getdents64", "getdents64", {"getdents64"}),
        ("eventfd", "eventfd", {"eventfd2"}),
        ("signalfd", "signalfd", {"signalfd4"}),
        ("sigpending", "sigpending", {"rt_sigpending"}),
        ("sigsuspend", "sigsuspend", {"rt_sigsuspend"}),
        ("umount", "umount", {"umount2"}),
        ("nice", "nice", {"setpriority"}),
        ("seteuid", "seteuid", {"setresuid"}),
        ("stat64", "stat", {"newfstatat", "stat", "statx", "fstatat64"}),
        ("pread", "pread", {"pread64"}),
        ("pread64", "pread64", {"pread64"}),
        ("pwrite", "pwrite", {"pwrite64"}),
        ("pwrite64", "pwrite64", {"pwrite64"}),
        ("prlimit64", "prlimit64", {"prlimit64"}),
        ("statfs64", "statfs", {"statfs"}),
        ("fcntl64", "fcntl", {"fcntl"}),
        ("__sigaction", "sigaction", {"rt_sigaction"}),
        ("mq_send", "mq_send", {"mq_timedsend"}),
        ("posix_fadvise64", "posix_fadvise", {"fadvise64"}),
        ("time", None, set()),
        ("getpmsg", None, set()),
        ("puts", None, set()),
    ],
)
def test_a_function_makes_the_calls_that_were_measured(monkeypatch, function, name, calls):
    monkeypatch.setattr(imports, "_undefined", lambda _: {function})
    found = list(imported(b"\x7fELF\x02"))
    assert [(each, set(made)) for each, made in found] == ([(name, calls)] if name else [])


def test_a_program_of_32_bits_makes_the_calls_of_its_architecture(monkeypatch):
    monkeypatch.setattr(
        imports, "_undefined", lambda _: {"statfs", "ppoll", "chown", "pread64", "__clock_gettime64"}
    )
    found = dict(imported(b"\x7fELF\x01"))
    assert set(found["statfs"]) == {"statfs", "statfs64"}
    assert set(found["ppoll"]) == {"ppoll", "ppoll_time64"}
    assert {"chown", "chown32"} <= set(found["chown"])
    assert set(found["pread64"]) == {"pread64"}
    assert not any(name.startswith("clock_") for name in found)
