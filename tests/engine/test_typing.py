"""In a real container: typed commands of any length are recognised, and terminal programs find their terminal."""

import queue

import pytest

from runner.content import LABS
from runner.lab.model.container import ContainerSpec
from runner.lab.model.workshop import HOST, ConsoleBlock
from runner.lab.read.workshop import read_workshop
from runner.shell.console import Console
from runner.shell.prompt import container_environment

pytestmark = pytest.mark.engine

COLUMNS = 80
LABS_COMMANDS = sorted(
    {
        command.text
        for lab in read_workshop(LABS / "seccomp").workshop.labs
        for step in lab.steps
        for action in step.actions
        if isinstance(action.block, ConsoleBlock) and action.block.target != HOST
        for command in action.block.commands
        if len(command.text) > 40
    }
)


@pytest.fixture
def typed(engine):
    """Type keys at a shell of 80 columns, as a person does; what the recorder took the command for, and its end."""
    spec = ContainerSpec(
        command=("bash",),
        tty=True,
        hostname="box",
        environment=container_environment(interactive=True, prompt="# "),
    )
    container = engine.start(spec, seccomp="unconfined", timeout=60)
    finished = queue.Queue()
    with Console.open(container.attach(), interactive=True, columns=COLUMNS, rows=24) as console:
        console.subscribe(finished.put)
        assert console.wait_for_prompt(60)

        def run(keys):
            console.write(keys.encode() + b"\r")
            return finished.get(timeout=60)

        yield run
    container.remove()


@pytest.mark.parametrize("text", [*LABS_COMMANDS, f"echo {'x' * 200} END", f"echo {'ä' * 90} 'ñ€'"])
def test_a_command_longer_than_the_terminal_is_wide_is_recognised(typed, text):
    assert typed(text).command == text


def test_a_long_command_is_recognised_while_it_is_edited(typed):
    text = f"echo {'word ' * 30}end"
    back, home = "\x1b[D" * 4, "\x01"
    assert typed(f"cho{text[4:]}{home}e\x05").command == text
    assert typed(f"{text[:-3]}xend{back}\x1b[C\x7f\x05").command.split()[-1] == "end"


@pytest.mark.parametrize(
    "program", ["clear", "tput cols", "top -b -n 1", "watch -n 0.1 -g date +%N", "reset"]
)
def test_programs_that_need_a_terminal_work(typed, program):
    ended = typed(program)
    assert ended.status == 0, ended.output


def test_the_folders_that_lessons_speak_of_are_there(typed):
    assert typed("cd /usr/local/bin && cd /mnt && cd /opt && cd /srv").status == 0
