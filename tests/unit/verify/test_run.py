from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from runner.engine.api import Completed
from runner.lab.model.workshop import Workshop
from runner.lab.read.workshop import read_workshop
from runner.stage.stage import Stage
from runner.stage.workspace import Workspace
from runner.verify.result import OutcomeKind
from runner.verify.run import Plan, verify
from tests.fakes import FakeEngine

LAB = """---
id: lab
title: Lab
minutes: 1
objectives: [See]
---

## Step

```check
id: there
describe: It is there
probe: {container: {command: [look]}}
expect: {exit: 0}
explain: So.
precheck: pass
reason: it always is
```
"""


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    (tmp_path / "workshop.toml").write_text(
        'format = 1\nid = "w"\ntitle = "W"\nsummary = "S"\nlabs = ["lab.md"]\n[defaults]\nimage = "lab"\n'
    )
    (tmp_path / "lab.md").write_text(LAB)
    reading = read_workshop(tmp_path)
    assert reading.workshop is not None
    return reading.workshop


def kinds(workshop: Workshop, engine: FakeEngine) -> list[OutcomeKind]:
    @contextmanager
    def open_stage(_workshop: Workshop) -> Iterator[Stage]:
        workspace = Workspace.temporary(())
        yield Stage(
            engine=engine,
            workspace=workspace,
            environment={},
            container_environment={},
            open_console=lambda *_: pytest.fail("nothing is typed"),
        )
        workspace.remove()

    jobs = [(workshop, lab) for lab in workshop.labs]
    plan = Plan(jobs=jobs, at_once=1, deadline=60, fail_fast=False)
    return [result.kind for result in verify(plan, open_stage, lambda _event: None)]


def test_a_lab_that_fails_on_a_living_engine_has_failed(workshop: Workshop) -> None:
    engine = FakeEngine(programs={"look": Completed(1, "")})
    assert kinds(workshop, engine) == [OutcomeKind.FAILED]


def test_a_lab_that_fails_because_its_engine_died_is_the_engines_error(workshop: Workshop) -> None:
    engine = FakeEngine()

    def look(_call: object) -> Completed:
        engine.dead.set()
        return Completed(1, "")

    engine.programs["look"] = look
    assert kinds(workshop, engine) == [OutcomeKind.ERROR]
