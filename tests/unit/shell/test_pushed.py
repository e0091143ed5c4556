"""`runner.shell.pushed`: pexpect over bytes that are pushed."""

import threading

import pexpect
import pytest

from runner.shell.pushed import PushedSpawn


def test_pexpect_finds_pushed_bytes():
    spawn = PushedSpawn()
    threading.Timer(0.05, lambda: [spawn.push(b"pass"), spawn.push(b"word: ")]).start()
    assert spawn.expect([rb"login: ", rb"password: "], timeout=20) == 1
    assert (spawn.before, spawn.after) == (b"", b"password: ")
    with pytest.raises(pexpect.TIMEOUT):
        spawn.expect(rb"never", timeout=0.01)
    spawn.push(b"")
    with pytest.raises(pexpect.EOF):
        spawn.expect(rb"never", timeout=20)


def test_pexpect_finds_what_comes_before_much_else_in_one_chunk():
    spawn = PushedSpawn()
    spawn.push(b"password: " + b"x" * 50_000)
    assert spawn.expect([rb"password: ", pexpect.TIMEOUT], timeout=0.01) == 0


def test_pexpect_keeps_little_of_a_flood():
    spawn = PushedSpawn()
    for _ in range(2000):
        spawn.push(b"x" * 10_000)
    spawn.push(b"the end")
    assert spawn.expect(rb"the end", timeout=20) == 0
    assert len(spawn.before) < 3_000_000
