"""A user's input reaches the program in order, and a program that does not read blocks nothing."""

import threading

from runner.terminal.outbox import ANSWER_LIMIT, Outbox


class FakeProgram:
    def __init__(self):
        self.sent = []
        self.may_read = threading.Event()
        self.may_read.set()
        self.reached = threading.Semaphore(0)
        self.begun = threading.Event()
        self.gone = False
        self.busy = False

    def write_now(self, text):
        if not self.busy:
            self.sent.append(text)
        return not self.busy

    def write(self, data):
        self.begun.set()
        self.may_read.wait(10)
        if self.gone:
            raise OSError("gone")
        self.sent.append(data)
        self.reached.release()

    def resize(self, columns, rows):
        self.sent.append((columns, rows))
        self.reached.release()

    def wait_for(self, count):
        for _ in range(count):
            assert self.reached.acquire(timeout=10)


def test_keys_and_sizes_arrive_in_order():
    program = FakeProgram()
    outbox = Outbox(program)
    outbox.resize(80, 24)
    outbox.put(b"a")
    outbox.put(b"b")
    outbox.resize(100, 30)
    program.wait_for(4)
    assert program.sent == [(80, 24), b"a", b"b", (100, 30)]
    outbox.close()


def test_waiting_input_can_be_dropped_but_not_the_size():
    program = FakeProgram()
    program.may_read.clear()
    outbox = Outbox(program)
    for data in (b"being sent", b"a paste", b"and more"):
        outbox.put(data)
    outbox.resize(100, 30)
    assert program.begun.wait(10)
    outbox.discard()
    outbox.put(b"\x03")
    program.may_read.set()
    program.wait_for(3)
    assert program.sent == [b"being sent", (100, 30), b"\x03"]
    outbox.close()


def test_a_key_goes_at_once_unless_something_waits_before_it():
    program = FakeProgram()
    outbox = Outbox(program)
    outbox.type(b"a")
    assert program.sent == [b"a"]
    program.may_read.clear()
    outbox.put(b"b")
    outbox.type(b"c")
    assert program.sent == [b"a"]
    program.may_read.set()
    program.wait_for(2)
    assert program.sent == [b"a", b"b", b"c"]
    outbox.close()


def test_a_key_that_the_program_does_not_take_at_once_waits():
    program = FakeProgram()
    program.busy = True
    outbox = Outbox(program)
    outbox.type(b"a")
    program.wait_for(1)
    assert program.sent == [b"a"]
    outbox.close()


def test_nobody_waits_for_a_program_that_does_not_read():
    """Answers are dropped once too much waits; what the user typed never is."""
    program = FakeProgram()
    program.may_read.clear()
    outbox = Outbox(program)
    for _ in range(200):
        outbox.answer(b"x" * 1024)
    outbox.put(b"typed")
    program.may_read.set()
    kept = ANSWER_LIMIT // 1024 + 1
    program.wait_for(kept + 1)
    assert program.sent == [b"x" * 1024] * kept + [b"typed"]
    outbox.close()


def test_a_program_that_has_gone_ends_the_thread():
    program = FakeProgram()
    program.gone = True
    before = set(threading.enumerate())
    outbox = Outbox(program)
    (thread,) = set(threading.enumerate()) - before
    outbox.put(b"too late")
    thread.join(10)
    assert not thread.is_alive()
    outbox.put(b"still no error")
