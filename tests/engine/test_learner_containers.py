"""On a real engine: a lesson's containers and the learner's `docker` command refer to the same containers."""

import queue
from dataclasses import replace

import pytest

from runner.check.outcome import Passed
from runner.lab.read.workshop import read_workshop
from runner.learner.session.events import CommandSeen, ConsoleOpened
from runner.learner.session.session import LearnerSession

pytestmark = pytest.mark.engine

LAB = """---
id: lab
title: Lab
minutes: 1
objectives: [See]
---

## Step

```container
name: box
command: [bash]
cap_add: [ALL]
```

```console in=box
# echo hello
hello
```

```check
id: said
describe: It was said
probe: {transcript: {in: box, command: echo}}
expect: {exit: 0, output: hello}
explain: So.
```
"""


class Learner:
    """A session, and its messages."""

    def __init__(self, session, told):
        self.session = session
        self._told = told
        self._consoles = {}

    def wait(self, wanted, seconds=60):
        while True:
            event = self._told.get(timeout=seconds)
            if isinstance(event, ConsoleOpened):
                self._consoles[event.target] = event.console
            if wanted(event):
                return event

    def types(self, target, text):
        if target not in self._consoles:
            self.wait(lambda event: isinstance(event, ConsoleOpened) and event.target == target)
        assert self.session.wait_for_prompt(target, 60)
        self._consoles[target].write(text.encode() + b"\r")

    def runs(self, target, text):
        self.types(target, text)
        return self.wait(
            lambda event: (
                isinstance(event, CommandSeen) and event.target == target and event.finished.command == text
            )
        ).finished.output


@pytest.fixture
def lab(tmp_path):
    (tmp_path / "workshop.toml").write_text('format = 1\nid = "w"\ntitle = "W"\nlabs = ["lab.md"]\n')
    (tmp_path / "lab.md").write_text(LAB)
    return read_workshop(tmp_path).workshop


@pytest.fixture
def learn(engine, lab, tmp_path):
    opened = []

    def learn():
        told = queue.Queue()
        session = LearnerSession(
            engine=engine, workshop=lab, lab=lab.labs[0], folder=tmp_path / f"l{len(opened)}", tell=told.put
        )
        opened.append(session)
        session.enter(lab.labs[0].steps[0], passed=frozenset(), done=())
        return Learner(session, told)

    yield learn
    for session in opened:
        session.close()


@pytest.fixture
def box(lab):
    return next(action.block for action in lab.labs[0].steps[0].actions)


def test_a_launched_container_has_the_name_that_the_lesson_shows(learn, box):
    learner = learn()
    assert isinstance(learner.session.launch(box), Passed)
    learner.wait(lambda event: isinstance(event, ConsoleOpened) and event.target == "box")
    assert learner.runs("host", "docker inspect --format '{{.Name}}' box").strip() == "/box"
    assert learner.runs("host", "docker ps --format '{{.Names}}'").split() == ["box"]


def test_of_two_learners_on_one_engine_each_finds_their_own_container(learn, box):
    hosts = []
    for learner in (learn(), learn()):
        assert isinstance(learner.session.launch(box), Passed)
        learner.wait(lambda event: isinstance(event, ConsoleOpened) and event.target == "box")
        # Engines from 28 on write no /etc/hostname for a container without a network.
        assert learner.runs("box", "uname -n; touch /tmp/$HOSTNAME-mine").strip() == "box"
        hosts.append(learner.runs("host", "docker inspect --format '{{.Id}}' box").strip())
        assert learner.runs("host", "docker exec box ls /tmp").strip() == "box-mine"
    assert len(set(hosts)) == 2


def test_to_type_the_line_that_is_shown_is_to_launch(learn, box):
    learner = learn()
    line = replace(box.spec, tty=True).docker_run(name="box")
    learner.types("host", line)
    learner.wait(lambda event: isinstance(event, ConsoleOpened) and event.target == "box")
    assert learner.session.running == {"box"}
    # Text typed in one appears in both: they are one terminal.
    learner.types("host", "echo hello")
    seen = learner.wait(lambda event: isinstance(event, CommandSeen) and event.target == "box")
    assert seen.finished.command == "echo hello"
    assert isinstance(seen.outcome, Passed)
