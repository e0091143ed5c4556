"""`runner.shell.reader`: one reader, and all its subscribers."""

import queue
import termios

import pytest

from runner.shell.reader import Reader


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


def test_a_terminal_that_breaks_in_any_way_has_ended(reader, stream, monkeypatch):
    def broken():
        raise termios.error(5, "Input/output error")

    got = queue.Queue()
    monkeypatch.setattr(stream, "read", broken)
    reader.subscribe(got.put)
    reader.start()
    assert got.get(timeout=20) == b""


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
