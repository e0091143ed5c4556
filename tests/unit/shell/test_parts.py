"""`runner.shell`: the parts of a console, each alone."""

import queue
import threading

import pexpect
import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.shell.prompt import container_environment, host_environment
from runner.shell.pushed import PushedSpawn
from runner.shell.reader import Reader
from runner.shell.responder import Responder
from runner.shell.screen import Screen


class Scripted:
    """A stream that gives what the test puts into it."""

    def __init__(self):
        self.chunks = queue.Queue()
        self.written = []

    def read(self):
        return self.chunks.get()

    def write(self, data):
        self.written.append(data)

    def write_now(self, data):
        self.write(data)
        return True

    def resize(self, columns, rows):
        pass

    def close(self):
        self.chunks.put(b"")


@pytest.fixture
def stream():
    return Scripted()


@pytest.fixture
def reader(stream):
    reader = Reader(stream)
    yield reader
    reader.close()


def test_every_subscriber_gets_every_chunk_and_the_end(stream, reader):
    first, second = queue.Queue(), queue.Queue()
    reader.subscribe(first.put)
    reader.subscribe(second.put)
    reader.start()
    for chunk in (b"a", b"b", b""):
        stream.chunks.put(chunk)
    for subscriber in (first, second):
        assert [subscriber.get(timeout=20) for _ in range(3)] == [b"a", b"b", b""]


def test_a_subscriber_that_fails_does_not_disturb_the_others(stream, reader, caplog):
    got = queue.Queue()

    def fail(_):
        raise RuntimeError("broken widget")

    reader.subscribe(fail)
    reader.subscribe(got.put)
    reader.start()
    stream.chunks.put(b"a")
    stream.chunks.put(b"b")
    assert [got.get(timeout=20), got.get(timeout=20)] == [b"a", b"b"]
    assert len(caplog.records) == 1


def test_a_late_subscriber_gets_what_comes_and_the_end(stream, reader):
    early, late, last = queue.Queue(), queue.Queue(), queue.Queue()
    reader.subscribe(early.put)
    reader.start()
    stream.chunks.put(b"a")
    assert early.get(timeout=20) == b"a"
    with reader.subscribed(late.put):
        stream.chunks.put(b"b")
        assert late.get(timeout=20) == b"b"
    stream.chunks.put(b"")
    early.get(timeout=20)
    assert early.get(timeout=20) == b""
    reader.subscribe(last.put)
    assert last.get(timeout=20) == b""
    assert late.empty()


def test_pexpect_finds_what_is_pushed():
    spawn = PushedSpawn()
    threading.Timer(0.05, lambda: [spawn.push(b"pass"), spawn.push(b"word: ")]).start()
    assert spawn.expect([rb"login: ", rb"password: "], timeout=20) == 1
    assert (spawn.before, spawn.after) == (b"", b"password: ")
    with pytest.raises(pexpect.TIMEOUT):
        spawn.expect(rb"never", timeout=0.01)
    spawn.push(b"")
    with pytest.raises(pexpect.EOF):
        spawn.expect(rb"never", timeout=20)


def test_pexpect_keeps_little_of_a_flood():
    spawn = PushedSpawn()
    for _ in range(2000):
        spawn.push(b"x" * 10_000)
    spawn.push(b"the end")
    assert spawn.expect(rb"the end", timeout=20) == 0
    assert len(spawn.before) < 3_000_000


@given(st.lists(st.integers(1, 12)))
def test_queries_are_answered_once_wherever_they_are_cut(sizes):
    data = b"$ \x1b[6n text \x1b[31m\x1b[0c\x1b[c\x1b[>c\x1b[5n\x1b[66n"
    answers = []
    responder = Responder(answers.append)
    for size in [*sizes, len(data)]:
        chunk, data = data[:size], data[size:]
        responder.feed(chunk)
    assert answers == [b"\x1b[1;1R", b"\x1b[?1;2c", b"\x1b[?1;2c", b"\x1b[>0;0;0c", b"\x1b[0n"]


def test_a_screen_joins_rows_that_are_full_and_parts_those_that_are_not():
    screen = Screen(5)
    screen.feed("abcdefg\r\nhi")
    assert screen.text() == "abcdefg\nhi"
    screen.feed("\r\x1b[2AX\x1b[C\x1b[1PY\x1b[5;2H")
    assert screen.text((0, 1)) == "bYe\nfg\nhi"


@given(st.text(alphabet="ab\r\n\b\t\x1b[0123;KJPXABCDG@日"), st.integers(2, 9))
def test_a_screen_survives_anything(text, columns):
    screen = Screen(columns)
    for character in text:
        screen.feed(character)
    whole = Screen(columns)
    whole.feed(text)
    assert screen.text() == whole.text()


def test_a_host_shell_inherits_what_does_not_change_it():
    base = {
        "PATH": "/bin",
        "DOCKER_HOST": "unix:///x",
        "PS1": "mine",
        "LC_TIME": "de_DE",
        "BASH_FUNC_ls%%": "() { :; }",
    }
    made = host_environment(base, interactive=False)
    assert {name: made[name] for name in ("PATH", "DOCKER_HOST", "LC_ALL")} == {
        "PATH": "/bin",
        "DOCKER_HOST": "unix:///x",
        "LC_ALL": "C.UTF-8",
    }
    assert made["PS1"] != "mine"
    assert not {"LC_TIME", "BASH_FUNC_ls%%"} & set(made)


def test_colours_are_for_people_only():
    assert container_environment(True)["TERM"] == "xterm-256color"
    assert container_environment(False)["NO_COLOR"] == "1"
