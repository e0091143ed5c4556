"""Lines typed before the shell asks for them are commands, too."""

import queue

import pytest

from runner.shell.recorder import Recorder
from tests.unit.shell.marked import prompt

SOON = 20.0


@pytest.mark.parametrize("shell", ["bash", "ash"])
def test_pasted_lines_are_commands(opened, shell):
    events = queue.Queue()
    console = opened(shell, interactive=True, columns=80)
    console.subscribe(events.put)
    assert console.wait_for_prompt(SOON)
    console.write(b"echo one\recho two; false\recho three\r")
    told = [events.get(timeout=SOON) for _ in range(3)]
    assert [(one.command, one.output, one.status) for one in told] == [
        ("echo one", "one\n", 0),
        ("echo two; false", "two\n", 1),
        ("echo three", "three\n", 0),
    ]


@pytest.mark.parametrize(
    ("keys", "printed"),
    [
        (b"rm\x03", b"rm^C\r\n"),
        (b"e\t\t", b"e\r\necho  env\r\n" + prompt(0, "r", 1) + b"e"),
        (b"\x0c", b"from behind\r\n" + prompt(0, "r", 1)),
    ],
    ids=["interrupted", "completed", "printed again"],
)
def test_a_new_line_at_a_prompt_is_no_command_by_itself(keys, printed):
    told = []
    recorder = Recorder(columns=40, on_finished=told.append)
    recorder.feed(prompt(0, "r", 1))
    recorder.sent(keys)
    for byte in printed + prompt(130, "r", 2):
        recorder.feed(bytes([byte]))
    assert told == []
