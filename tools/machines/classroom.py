"""A class on the machine: a user who can become root holds it, and a learner takes part by ssh."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from tools.machines.person import (
    FOLDER,
    SCREEN_SECONDS,
    SETUP_SECONDS,
    Person,
    answer,
    ended,
    go_on,
    in_lab,
    picker,
    run,
)
from tools.machines.steps import Wrong
from tools.machines.terminal import Terminal

_INSTALL = ".venv/bin/pip install --quiet 'seccomp-workshop[classroom]'"
_JOIN = "ssh -tt -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -p 2222 {name}@127.0.0.1"
_CODE = re.compile(r"class code\s+(\S+)")
_QUESTION = "May the instructor see your terminal?"
_INTERRUPT = "\x03"
_INTERRUPTED = "status-130"


def prepare(person: Person) -> str:
    """Install what a class needs, and have the machine looked at; returns a line on the result.

    Raises:
        Wrong: it cannot hold one.
    """
    person.machine.ask(person.account, f"cd {FOLDER} && {_INSTALL}", seconds=SETUP_SECONDS)
    looked = person.machine.run(
        person.account, f"cd {FOLDER} && {_become(person)}.venv/bin/workshop doctor --classroom"
    )
    if looked.status != 0:
        raise Wrong(f"`workshop doctor --classroom`: {looked.output[-2000:]}")
    return "`workshop doctor --classroom` is content"


def hold(person: Person) -> str:
    """Hold a class until a learner's check has passed in their box; returns a line on the result.

    Raises:
        Wrong: something was not as expected.
        ScreenError: a screen did not appear.
    """
    with _class(person) as instructor:
        with _joined(person, instructor, "Ada") as learner:
            answer(learner, _QUESTION, "y")
            learner.sees(picker, seconds=SCREEN_SECONDS)
            learner.type("\r")
            learner.sees(in_lab, seconds=SCREEN_SECONDS)
            go_on(learner)
        instructor.type(_INTERRUPT)
        screen = instructor.sees(ended, seconds=SCREEN_SECONDS)
    if _INTERRUPTED not in screen:
        raise Wrong(f"the class did not end as one that is interrupted; the screen:\n{screen}")
    return "a check passed in a learner's box"


def hang_up(person: Person) -> str:
    """Lose the terminal of a class in which a learner is; returns a line on the result.

    Raises:
        ScreenError: a screen did not appear.
    """
    with _class(person) as instructor, _joined(person, instructor, "Bob") as learner:
        learner.sees(_QUESTION, seconds=SCREEN_SECONDS)
    return "its terminal is gone while a learner is there"


@contextmanager
def _class(person: Person) -> Iterator[Terminal]:
    with person.at_prompt() as instructor:
        run(instructor, f"{_become(person)}.venv/bin/workshop classroom --no-screen --seats 2")
        yield instructor


@contextmanager
def _joined(person: Person, instructor: Terminal, name: str) -> Iterator[Terminal]:
    """The terminal of a learner who has just joined."""
    code = _CODE.search(instructor.sees(_has_code, seconds=SCREEN_SECONDS))
    assert code is not None
    with Terminal([*person.machine.ssh(person.account, "-tt"), _JOIN.format(name=name)]) as learner:
        learner.sees("password:", seconds=SCREEN_SECONDS)
        learner.type(f"{code[1]}\r")
        yield learner


def _become(person: Person) -> str:
    return "" if person.account == "root" else "sudo "


def _has_code(screen: str) -> bool:
    """the class's code"""
    return _CODE.search(screen) is not None
