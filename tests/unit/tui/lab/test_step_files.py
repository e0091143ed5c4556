"""The files of a step are placed, shown, and brought back once the workspace is gone."""

import asyncio
import shutil
from types import SimpleNamespace

import pytest

from runner.errors import WorkshopError
from runner.lab.model.workshop import FileBlock, Step
from runner.tui.lab.step_files import StepFiles
from tests.unit.learner.watched import step_of

LAB = """---
id: lab
title: A lab
minutes: 1
objectives: [Look]
---

## Look

```text file=note
hello
```

## Go on

Read.

```quiz
id: why
question: Why?
options: [{text: a, why: no}, {text: b, correct: true, why: "yes"}]
```
"""


class Session:
    def __init__(self, root):
        self.workspace = SimpleNamespace(root=root, path=lambda name: root / name)
        self.shown = []
        self.fault = None

    def place_files(self, step, *, fresh):
        if self.fault is not None:
            raise self.fault
        self.workspace.root.mkdir(exist_ok=True)
        for file in step.files:
            (self.workspace.root / file.name).write_text("fresh" if fresh else "kept")

    def show(self, target):
        self.shown.append(target)


class View:
    def __init__(self):
        self.work = {}
        self.files = []

    def beside(self, work, *, only=""):
        self.work[only] = work

    async def told(self):
        pass

    def show_files(self, texts):
        self.files.append(texts)


class Lab:
    """A lab whose files a test looks at."""

    def __init__(self, step: Step, root) -> None:
        self.step, self.session = step, Session(root)
        self.view, self.failures = View(), []

        async def ask(_doing, call):
            call()

        self.files = StepFiles(
            session=lambda: self.session,
            step=lambda: self.step,
            view=self.view,
            ask=ask,
            failed=self.failures.append,
        )


@pytest.fixture
def lab(tmp_path):
    root = tmp_path / "workspace"
    root.mkdir()
    lab = Lab(step_of(LAB, tmp_path), root)
    assert [type(file) for file in lab.step.files] == [FileBlock]
    return lab


async def test_they_are_shown_as_they_are_in_the_workspace(lab):
    assert lab.files.place(lab.session, fresh=True)
    lab.files.look()
    await lab.view.work["files"]()
    assert lab.view.files == [{"note": "fresh"}]


async def test_those_of_a_step_that_was_left_meanwhile_are_not_shown(lab):
    lab.files.look()
    looking = asyncio.create_task(lab.view.work["files"]())
    # Until it waits for its thread, whose answer cannot come before the next turn.
    await asyncio.sleep(0)
    lab.step = SimpleNamespace(files=())
    await looking
    assert lab.view.files == []
    lab.view.work.clear()
    lab.files.look()
    assert not lab.view.work, "there is nothing to look at"


def test_a_file_that_cannot_be_placed_is_told(lab):
    lab.session.fault = WorkshopError("the disk is full")
    assert not lab.files.place(lab.session, fresh=False)
    assert [str(error) for error in lab.failures] == ["the disk is full"]


async def test_a_workspace_that_is_gone_is_there_again_and_then_its_shells(lab):
    lab.files.keep()
    assert not lab.view.work, "it is there"
    shutil.rmtree(lab.session.workspace.root)
    assert lab.files.gone
    lab.files.keep()
    assert (lab.session.workspace.root / "note").read_text() == "kept"
    assert not lab.files.gone
    await lab.view.work["workspace"]()
    assert lab.session.shown == ["host"]


def test_shells_are_not_opened_in_one_that_cannot_be_made(lab):
    shutil.rmtree(lab.session.workspace.root)
    lab.session.fault = WorkshopError("the disk is full")
    lab.files.keep()
    assert not lab.view.work
    assert len(lab.failures) == 1


def test_without_an_engine_nothing_is_gone(lab):
    lab.session = None
    assert not lab.files.gone
    lab.files.keep()
    assert not lab.view.work
