"""The error for a busy shell names the program, and the keys that end it."""

import pytest

from runner.engine.api import Completed, ContainerGone
from runner.lab.model.container import ContainerSpec
from runner.lab.model.workshop import HOST
from runner.learner.session.busy import ShellBusyError, foreground_program
from tests.fakes import FakeEngine


@pytest.mark.parametrize(
    ("program", "way"),
    [
        ("vim", ":q!"),
        ("less", "q ends"),
        ("top", "q ends"),
        ("nano", "Ctrl-X"),
        ("python3", "Ctrl-D"),
        ("bash", "exit and Enter"),
        ("sleep", "Ctrl-C ends it there; if that does nothing, Ctrl-\\ or q"),
        ("", "Ctrl-C ends it there; if that does nothing, Ctrl-\\ or q"),
    ],
)
def test_the_keys_are_those_of_the_program(program, way):
    error = ShellBusyError(HOST, program)
    assert way in error.remedy
    assert str(error) == f"{f'The program {program}' if program else 'A program'} still runs in your shell"


def test_an_unfinished_command_is_no_program():
    error = ShellBusyError("box", "", unfinished=True)
    assert "command in box is not finished" in error.sentences
    assert error.sentences.endswith("Ctrl-C drops it there.")
    assert "program" not in error.sentences


def test_a_container_is_named():
    assert "in box" in str(ShellBusyError("box", "cat"))


def container(**programs):
    engine = FakeEngine(programs)
    return engine.start(ContainerSpec(image="lab", command=("sh",), tty=True), seccomp="", timeout=1)


def test_the_program_in_the_foreground_of_a_container():
    stat = "1 (od) d) sh) S 0 1 1 34816 42 4194560 0 0"
    asked = {r"/proc/1/stat": Completed(0, stat), r"/proc/42/comm": Completed(0, "sleep\n")}
    assert foreground_program(container(**asked)) == "sleep"


@pytest.mark.parametrize(
    "answer",
    [
        Completed(0, "1 (sh) S 0 1 1 34816 1 4194560 0 0"),
        Completed(0, "1 (sh) S 0 1 1 0 -1 4194560 0 0"),
        Completed(127, "cat: not found"),
        Completed(0, ""),
        ContainerGone("gone"),
    ],
)
def test_an_unknown_program_has_no_name(answer):
    assert foreground_program(container(stat=answer)) == ""
