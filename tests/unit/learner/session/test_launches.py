"""A container of the lesson that the learner starts by typing its line."""

import queue
import threading
from dataclasses import replace

import pytest

from runner.lab.read.workshop import read_workshop
from runner.learner.session.events import ConsoleOpened
from runner.learner.session.launches import LaunchesByHand
from runner.learner.session.session import LearnerSession
from runner.shell.recorder import CommandFinished
from tests.fakes import FakeEngine

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
```

```check
id: there
describe: There
probe: {file: there}
expect: {exists: true}
explain: So.
mutants: [{run: "true", why: nothing}]
```
"""
LINE = "docker run -it --rm --name box lab bash"


class SlowEngine(FakeEngine):
    """Lists a container some time after its program has begun, as a busy engine does."""

    looks = 0

    def find(self, name):
        self.looks += 1
        return super().find(name) if self.looks > 3 else None

    def for_session(self, session):
        self.session = session
        return self


@pytest.fixture
def workshop(tmp_path):
    (tmp_path / "workshop.toml").write_text('format = 1\nid = "w"\ntitle = "W"\nlabs = ["lab.md"]\n')
    (tmp_path / "lab.md").write_text(LAB)
    return read_workshop(tmp_path).workshop


def test_the_terminals_thread_is_not_held_up_by_what_is_made_of_a_line():
    """Nor does a line that cannot be understood keep later ones from being seen."""
    looking, may_go_on, asked = threading.Event(), threading.Event(), queue.Queue()

    def block(name):
        looking.set()
        assert may_go_on.wait(30)
        asked.put(name)
        if name == "first":
            raise RecursionError

    launches = LaunchesByHand(block=block, adopt=lambda _block: True)
    for name in ("first", "second"):
        launches.saw(CommandFinished(f"docker run --name {name} lab", "", 0, 0.0, 0.0))
    assert looking.wait(30)
    may_go_on.set()
    assert [asked.get(timeout=30) for _ in range(2)] == ["first", "second"]
    launches.close()


def test_it_counts_as_launched_once_the_engine_lists_it(workshop, tmp_path):
    engine, told = SlowEngine(), queue.Queue()
    (lab,) = workshop.labs
    with LearnerSession(
        engine=engine, workshop=workshop, lab=lab, folder=tmp_path / "kept", tell=told.put
    ) as session:
        session.enter(lab.steps[0], passed=frozenset(), done=())
        spec = replace(next(action.block.spec for action in lab.steps[0].actions), tty=True)
        engine.start(spec, seccomp="", name="box", timeout=1)
        # As the terminal's thread tells it: the container's own prompt ends the line.
        session._saw("host", CommandFinished(LINE, "", 0, 0.0, 0.0))
        while not (isinstance(event := told.get(timeout=30), ConsoleOpened) and event.target == "box"):
            pass
        assert session.running == {"box"}
