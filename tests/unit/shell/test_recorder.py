"""Typed commands are reported with their text, output and status; other input is not."""

import queue
import re
import threading
import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.shell.prompt_state import Prompt
from runner.shell.recorder import Recorder
from tests.unit.shell.marked import mark, prompt

SOON = 20.0


AGAIN = mark("P;k=s") + b"> " + mark("B")


class Recorded:
    """A recorder and what it told of."""

    def __init__(self):
        self.finished = []
        self.starts = 0
        self.recorder = Recorder(columns=40, on_finished=self.finished.append, on_started=self._started)

    def _started(self):
        self.starts += 1

    def type(self, keys, *output):
        self.recorder.sent(keys)
        for chunk in output:
            self.recorder.feed(chunk)

    @property
    def seen(self):
        return [(one.command, one.output, one.status) for one in self.finished]


@pytest.fixture
def recorded():
    return Recorded()


def test_a_command_without_an_output_mark_starts_at_the_new_line(recorded):
    recorded.type(b"", b"welcome\r\n", prompt(0))
    recorded.type(b"false\r", b"false\r\n", b"no\r\n", prompt(1))
    assert recorded.seen == [("false", "no\n", 1)]


def test_a_command_with_an_output_mark_starts_there(recorded):
    recorded.type(b"", prompt(0, "br"))
    recorded.type(b"ls\r", b"lx\x08s\x1b[K\r\n" + mark("C") + b"a\r\nb", prompt(0, "br"))
    assert recorded.seen == [("ls", "a\nb", 0)]


def test_the_start_of_a_command_that_runs_on_is_told(recorded):
    recorded.type(b"", prompt(0, "br"))
    recorded.type(b"ls\r", b"ls\r\n" + mark("C") + b"a\r\n" + prompt(0, "br"))
    assert recorded.starts == 0
    recorded.type(b"cat\r", b"cat\r\n" + mark("C"))
    assert recorded.starts == 1
    recorded.type(b"x\r", b"x\r\nx\r\n", prompt(0, "br"))
    assert recorded.starts == 1


def test_a_prompt_that_is_printed_again_finishes_nothing(recorded):
    recorded.type(b"", prompt(3, "r") + b"\x1b[6n", b"\r" + prompt(3, "r"))
    recorded.type(b"id\r", b"id", b"\r" + prompt(3, "r") + b"id", b"\r\n0\r\n", prompt(0, "r"))
    assert recorded.seen == [("id", "0\n", 0)]


def test_an_empty_line_and_an_abandoned_one_are_no_commands(recorded):
    recorded.type(b"", prompt(1))
    recorded.type(b"\r", b"\r\n", prompt(1))
    recorded.type(b"rm -rf\x03", b"rm -rf^C\r\n", prompt(130))
    recorded.type(b"id\r", b"id\r\n", prompt(0))
    assert recorded.seen == [("id", "", 0)]


def test_output_of_the_background_at_a_prompt_is_not_a_command(recorded):
    recorded.type(b"", prompt(0), b"from behind\r\n")
    recorded.type(b"id\r", b"id\r\n0\r\n", prompt(0))
    assert [finished.command.splitlines()[-1] for finished in recorded.finished] == ["id"]
    assert recorded.finished[0].output == "0\n"


def test_continued_lines_are_one_command(recorded):
    recorded.type(b"", prompt(0))
    recorded.type(b"echo 'a\r", b"echo 'a\r\n" + AGAIN)
    recorded.type(b"b'\r", b"b'\r\na\r\nb\r\n", prompt(0))
    assert recorded.seen == [("echo 'a\nb'", "a\nb\n", 0)]


def test_an_announced_line_is_known_without_an_echo(recorded):
    recorded.type(b"", prompt(0))
    recorded.recorder.announce("printf x")
    recorded.type(b"printf x\n", b"x" + prompt(0))
    assert recorded.seen == [("printf x", "x", 0)]


def test_a_status_that_the_shell_did_not_expand_is_none(recorded):
    recorded.type(b"", prompt(0))
    recorded.type(b"env\r", b"env\r\nPS1=", mark("D;$?"), mark("A"), mark("B"), b"\r\n", prompt(0))
    assert recorded.seen == [("env", "PS1=\n", 0)]


@given(st.data())
def test_any_chunking_tells_the_same(data):
    stream = (
        b"\r\nhi" + prompt(0, "r") + b"\x1b[6n\r" + prompt(0, "r") + b"ec\x1b[31mho\x1b[0m \xc5\xbe\r\n"
        b"\xc5\xbe\r\n" + prompt(2, "br") + b"abc\x08\x08\x1b[K\r\n" + mark("C") + b"out" + prompt(9, "br")
    )  # fmt: skip
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=10)))
    recorded = Recorded()
    recorded.recorder.sent(b"\r")
    for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True):
        if start < end:
            recorded.recorder.feed(stream[start:end])
    assert recorded.seen == [("echo ž", "ž\n", 2), ("a", "out", 9)]


PROMPTS = {
    "nothing": ([], Prompt.BUSY),
    "text": ([b"Welcome\r\n"], Prompt.BUSY),
    "prompt": ([prompt(0, "br")], Prompt.READY),
    "typing": ([prompt(0, "br"), b"ls"], Prompt.TYPING),
    "erased": ([prompt(0, "br"), b"l\x08\x1b[K"], Prompt.READY),
    "entered": ([prompt(0, "br"), b"ls\r", b"\r\n"], Prompt.BUSY),
    "entered without an output mark": ([prompt(0), b"ls\r", b"ls\r\n"], Prompt.BUSY),
    "running": ([prompt(0, "br"), b"ls\r", b"ls\r\n" + mark("C") + b"file"], Prompt.BUSY),
    "finished": (
        [prompt(0, "br"), b"ls\r", b"ls\r\n" + mark("C") + b"file\r\n" + prompt(0, "br")],
        Prompt.READY,
    ),
    "prompted again": ([prompt(0, "br"), b"sl", prompt(0, "br")], Prompt.READY),
    "continued": ([prompt(0, "br"), b"echo '\r", b"echo '\r\n" + AGAIN], Prompt.UNFINISHED),
    "continued in ash": ([prompt(0, "r"), b"echo '\r", b"echo '\r\n" + AGAIN], Prompt.UNFINISHED),
    "continued, and more of it": (
        [prompt(0, "br"), b"echo '\r", b"echo '\r\n" + AGAIN + b"more"],
        Prompt.UNFINISHED,
    ),
    "given up": (
        [prompt(0, "br"), b"echo '\r", b"echo '\r\n" + AGAIN + b"^C\r\n" + prompt(130, "br")],
        Prompt.READY,
    ),
    "from behind": ([prompt(0, "br"), b"[1]+  Done\r\n"], Prompt.TYPING),
    "a full row in ash": ([prompt(0, "r"), b"x" * 38 + b"\r\n"], Prompt.TYPING),
    "another shell's": (
        [b"\x1b]133;D;0;aid=other-7\x07\x1b]133;A;aid=other-7\x07\x1b]133;B;aid=other-7\x07"],
        Prompt.BUSY,
    ),
    "closed": ([prompt(0, "br"), b""], Prompt.ENDED),
}


@pytest.mark.parametrize("name", PROMPTS)
@given(data=st.data())
def test_what_the_shell_is_doing_is_known_however_its_output_is_cut(name, data):
    """A chunk that ends with Enter is typed; the others are printed."""
    chunks, expected = PROMPTS[name]
    recorder = Recorder(columns=40, on_finished=lambda _: None)
    for chunk in chunks:
        if chunk.endswith(b"\r"):
            recorder.sent(chunk)
            continue
        cuts = sorted(data.draw(st.sets(st.integers(0, len(chunk)), max_size=6)) | {0, len(chunk)})
        for start, end in pairwise(cuts):
            recorder.feed(chunk[start:end])
        if not chunk:
            recorder.feed(b"")
    assert recorder.prompt is expected


def test_waiting_for_a_prompt_ends_when_the_shell_does(recorded):
    assert not recorded.recorder.wait_for_prompt(0.01)
    recorded.recorder.feed(b"")
    assert not recorded.recorder.wait_for_prompt(10)


KEYS = {
    "plain": (b"echo one\r", "echo one"),
    "erased": (b"echo onx\x7fe\r", "echo one"),
    "wrapped": (b"echo " + b"y" * 60 + b"\r", "echo " + "y" * 60),
}
EDITED = {
    "at the start": (b"cho one\x01e\r", "echo one"),
    "wrapped and edited": (b"cho " + b"z" * 70 + b"\x01e\x05\x7f\r", "echo " + "z" * 69),
    "cursor keys": (b"echo ne\x1b[D\x1b[Do\r", "echo one"),
    "killed": (b"wrong words\x15echo one\r", "echo one"),
}
READLINE = {
    "from history": (b"\x1b[A\x1b[A\r", "echo first"),
    "searched": (b"\x12fir\r", "echo first"),
    "searched and edited": (b"\x12fir\x05!\r", "echo first!"),
    "wide": ("echo 日本語x\x7f ž\r".encode(), "echo 日本語 ž"),
}
TYPED = [
    *((shell, name) for shell in ("bash", "sh", "ash") for name in KEYS),
    *((shell, name) for shell in ("bash", "ash") for name in EDITED),
    *(("bash", name) for name in READLINE),
]


@pytest.mark.parametrize(("shell", "name"), TYPED)
def test_a_typed_line_is_told_as_it_was_run(opened, shell, name):
    """In a window of 40 columns, with a line editor where the shell has one."""
    keys, command = {**KEYS, **EDITED, **READLINE}[name]
    events = queue.Queue()
    console = opened(shell, interactive=True, columns=40)
    console.subscribe(events.put)
    assert console.wait_for_prompt(SOON)
    for line in ("echo first", "echo second"):
        console.write(line.encode() + b"\r")
        assert events.get(timeout=SOON).command == line
    console.write(keys)
    finished = events.get(timeout=SOON)
    assert (finished.command, finished.status) == (command, 0)
    assert finished.output == command.removeprefix("echo ") + "\n"


@pytest.mark.parametrize("shell", ["bash", "ash"])
def test_a_line_that_wraps_in_a_window_that_was_resized_at_the_prompt(opened, shell):
    """Like the first command in a terminal that is shown once its shell has prompted, key by key."""
    events = queue.Queue()
    console = opened(shell, interactive=True, columns=80)
    console.subscribe(events.put)
    assert console.wait_for_prompt(SOON)
    console.resize(30, 24)
    line = "echo one two three four five six seven"
    for key in line:
        console.write(key.encode())
        time.sleep(0.002)
    console.write(b"\r")
    assert events.get(timeout=SOON).command == line


def test_a_terminal_that_is_joined_after_its_prompt_tells_of_what_is_typed_next():
    told = []
    recorder = Recorder(columns=80, on_finished=told.append, nonce="n")
    aid = "aid=n-1"
    recorder.feed(f"echo hello\r\n\x1b]133;C;{aid}\x07hello\r\n".encode())
    recorder.feed(f"\x1b]133;D;0;{aid};ps=0\x07\x1b]133;A;{aid};sh=br\x07# \x1b]133;B;{aid}\x07".encode())
    assert [(one.command, one.output, one.status, one.pipeline) for one in told] == [
        ("echo hello", "hello\n", 0, (0,))
    ]


def numbered(kind, number):
    if kind == "A":
        return mark("D;0") + mark(f"A;sh=br;n={number}") + b"# " + mark("B")
    return mark(f"P;k=s;n={number}") + b"> " + mark("B")


def test_a_prompt_printed_again_below_a_submitted_line_does_not_finish_it(recorded):
    """bash answers a change of size so, when that comes between Enter and the command's start."""
    recorder = recorded.recorder
    recorded.type(b"", numbered("A", 11))
    recorder.announce("echo one")
    again = b"\r\x1b[K\r" + numbered("A", 11) + b"echo one"
    recorded.type(b"echo one\n", b"echo one", b"\r\n", again)
    assert (recorder.finished, recorded.seen) == (None, [])
    recorded.type(b"", mark("C") + b"one\r\n", numbered("A", 12))
    assert recorded.seen == [("echo one", "one\n", 0)]


def test_a_continuation_prompt_printed_again_adds_no_line(recorded):
    recorded.type(b"", numbered("A", 11))
    recorded.type(b"echo \\\r", b"echo \\\r\n", numbered("P", 5))
    again = b"\r\x1b[K\r" + numbered("P", 5) + b"one"
    recorded.type(b"one\r", b"one", b"\r\n", again, mark("C") + b"one\r\n", numbered("A", 12))
    assert [(one.command, one.output) for one in recorded.finished] == [("echo \\\none", "one\n")]
    assert recorded.recorder.continuations == 1


_NUMBER = rb"133;A;[^\x07]*;n=(\d+)\x07"


def test_bash_prints_the_number_of_a_prompt_again_and_gives_the_next_one_another(opened):
    console, printed, more = opened(interactive=True, columns=80), bytearray(), threading.Event()

    def keep(data):
        printed.extend(data)
        more.set()

    def numbers(count):
        # The first prompt may be drawn again for the size that the terminal is given, which ends no line.
        while len(found := re.findall(_NUMBER, bytes(printed).partition(b"\n")[2])) < count:
            assert more.wait(SOON)
            more.clear()
        return found

    assert console.wait_for_prompt(SOON)
    console.reader.subscribe(keep)
    console.write(b"\r")
    (first,) = numbers(1)
    console.write(b"echo")
    console.resize(70, 24)
    assert numbers(2)[1] == first
    console.write(b"\r")
    assert numbers(3)[2] != first
