import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest

from runner.engine.api import Completed
from runner.lab.model.workshop import Workshop
from runner.lab.read.workshop import read_workshop
from runner.stage.stage import Stage
from runner.stage.workspace import Workspace
from runner.verify import run
from runner.verify.result import LabResult, OutcomeKind
from runner.verify.run import LabStarted, Plan, verify
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


def results(
    workshop: Workshop,
    engine: FakeEngine,
    *,
    times: int = 1,
    fail: Callable[[], None] = lambda: None,
    fail_fast: bool = False,
    progress: Callable[[object], None] = lambda _event: None,
) -> Sequence[LabResult]:
    """Those of the labs, each verified so many `times`, one after another; `fail` is called as a stage is opened."""

    @contextmanager
    def open_stage(_workshop: Workshop) -> Iterator[Stage]:
        fail()
        workspace = Workspace.temporary(())
        yield Stage(
            engine=engine,
            workspace=workspace,
            environment={},
            container_environment={},
            open_console=lambda *_: pytest.fail("nothing is typed"),
        )
        workspace.remove()

    jobs = [(workshop, lab) for lab in workshop.labs] * times
    return verify(Plan(jobs=jobs, at_once=1, deadline=60, fail_fast=fail_fast), open_stage, progress)


def kinds(workshop: Workshop, engine: FakeEngine) -> list[OutcomeKind]:
    return [result.kind for result in results(workshop, engine)]


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


def test_at_the_deadline_a_lab_that_runs_fails_and_one_that_has_not_begun_is_skipped(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    looking, swept, now = threading.Event(), threading.Event(), [0.0]
    monkeypatch.setattr(run, "time", SimpleNamespace(monotonic=lambda: now[0]))

    class Engine(FakeEngine):
        def sweep(self) -> None:
            super().sweep()
            swept.set()

    def look(_call: object) -> Completed:
        looking.set()
        assert swept.wait(30)
        return Completed(1, "")

    def progress(event: object) -> None:
        if isinstance(event, LabStarted):
            assert looking.wait(30)
            now[0] = 1000.0

    engine = Engine(programs={"look": look})
    begun, other = results(workshop, engine, times=2, progress=progress)
    assert (begun.kind, other.kind) == (OutcomeKind.FAILED, OutcomeKind.SKIPPED)
    assert "still running" in str(begun.problems)
    assert "not reached" in str(other.problems)


def test_a_failure_ends_the_run_however_late_it_is_reported(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    futures: list[Future[object]] = []

    class Pool(ThreadPoolExecutor):
        def submit(self, *args, **given):
            futures.append(super().submit(*args, **given))
            return futures[-1]

    def progress(_event: object) -> None:
        assert not wait(futures, timeout=30).not_done

    monkeypatch.setattr(run, "ThreadPoolExecutor", Pool)
    engine = FakeEngine(programs={"look": Completed(1, "")})
    begun, other = results(workshop, engine, times=2, fail_fast=True, progress=progress)
    assert (begun.kind, other.kind) == (OutcomeKind.FAILED, OutcomeKind.SKIPPED)
    assert "an earlier lab failed" in str(other.problems)


def test_a_lab_that_raises_something_unheard_of_does_not_take_the_others_results_along(
    workshop: Workshop,
) -> None:
    failures = iter([RecursionError("too deep")])

    def fail() -> None:
        for failure in failures:
            raise failure

    first, second = results(workshop, FakeEngine(), times=2, fail=fail)
    assert first.kind is OutcomeKind.ERROR
    assert "RecursionError: too deep" in str(first.problems)
    assert second.checks[0].id == "there"
    assert "RecursionError" not in str(second)
