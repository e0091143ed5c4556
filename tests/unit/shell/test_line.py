"""A line is told as it was typed, also if the window's width changes before Enter."""

import queue
import re
import threading

from runner.shell.recorder import Recorder
from tests.unit.shell.marked import mark, prompt

SOON = 20.0


def test_a_line_that_bash_prints_again_in_a_narrower_window():
    """bash clears its rows, prints prompt and line, and moves within the rows of the new width."""
    told = []
    recorder = Recorder(columns=40, on_finished=told.append)
    recorder.feed(prompt(0, "br", 11) + b"echo " + b"x" * 40)
    recorder.resized(30)
    recorder.feed(b"\r\x1b[K\r\x1b[A\x1b[K\r" + prompt(0, "br", 11) + b"echo " + b"x" * 40)
    recorder.feed(b"y" * 12 + b"z" + b" \r\x1b[A" + b"\x1b[C" * 29 + b"\x1b[Kz")
    recorder.feed(b"\r\n" + mark("C") + prompt(0, "br", 12))
    assert [one.command for one in told] == ["echo " + "x" * 40 + "y" * 12 + "z"]


def test_a_line_that_ash_prints_again_in_a_narrower_window(opened):
    printed, more, events = bytearray(), threading.Event(), queue.Queue()

    def keep(data):
        printed.extend(data)
        more.set()

    def wait(arrived):
        while not arrived():
            assert more.wait(SOON)
            more.clear()

    console = opened("ash", interactive=True, columns=50, subscribers=[keep])
    console.subscribe(events.put)
    assert console.wait_for_prompt(SOON)
    line = "echo one two three four five six seven"
    console.write(line.encode())
    wait(lambda: printed.endswith(b"seven"))
    typed = len(printed)
    console.resize(30, 24)
    # ash notices a change that comes just before it waits for a key only after the key.
    console.write(b" ")
    wait(lambda: re.search(rb";n=\d+\x07.*seven", bytes(printed[typed:]), re.DOTALL))
    console.write(b"eight\r")
    assert events.get(timeout=SOON).command == f"{line} eight"
