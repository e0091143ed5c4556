"""The app over an engine whose containers are shells of this machine."""

import os
from collections.abc import Sequence
from contextlib import asynccontextmanager, closing, suppress
from pathlib import Path

import pytest

from runner.engine.api import EngineUnavailable
from runner.lab.model.workshop import Workshop
from runner.lab.read.workshop import read_workshop
from runner.learner.home import progress_file
from runner.learner.progress.journal import Journal
from runner.record.sqlite.store import SqliteStore
from runner.shell.pty import HostStream
from runner.stream import Stream
from runner.tui.app import WorkshopApp
from runner.tui.attending.side import OpenClass
from runner.tui.screens.lab.demo import Tempo
from runner.tui.widgets.status import StatusLine
from tests.fakes import FakeContainer, FakeEngine
from tests.tui.learner import Learner

MANIFEST = """
format = 1
id = "tiny"
title = "A tiny workshop"
summary = "Two labs for tests."
labs = ["01-one.md", "02-two.md"]
files = ["profiles"]
"""

ONE = """---
id: one
title: The first lab
minutes: 3
objectives: [Say hello]
---

What it is about.

## Say it

Launch a container:

```container
name: box
command: [sh]
```

```console in=box
# echo one
one
# echo two
two
```

```console
$ echo at home
at home
```

Now say **hello** in box.

```check
id: hello
describe: Somebody said hello
probe: {transcript: {in: box, command: '^echo'}}
expect: {exit: 0, output: '^hello$'}
hints:
  - {when: {output: goodbye}, say: That is what one says at the end.}
explain: Words are output too.
mutants: [{run: echo goodbye, in: box, why: another word}]
```

```check
id: note
describe: There is a note
probe: {file: note}
expect: {exists: true}
explain: Files stay.
mutants: [{run: "true", why: nothing was written}]
```

```hint
First level
```

```hint
Second level
```

```solve in=box
# echo hello
hello
```

```solve
$ touch note
```

## Think

```json file=profiles/mine.json edit
{"defaultAction": "SCMP_ACT_ALLOW"}
```

```quiz
id: why
question: Why?
options:
  - {text: Because., why: That is no reason.}
  - {text: For a reason., correct: true, why: There is always one.}
```
"""

TWO = ONE.replace("id: one", "id: two").replace("The first lab", "The second lab")


class LocalContainer(FakeContainer):
    """A container whose first process is a shell of this machine."""

    def attach(self) -> Stream:
        environment = {**os.environ, **self.spec.environment}
        return HostStream(["/bin/bash", "--norc"], environment=environment, directory=Path("/"))


class LocalEngine(FakeEngine):
    """An engine that starts such containers."""

    def start(self, spec, *, seccomp, name="", timeout):  # noqa: ARG002 (nothing here takes time)
        self.check_alive()
        self._check(spec)
        container = LocalContainer(self, spec, seccomp, name)
        self.containers[container.id] = container
        return container

    def sweep(self):
        self.check_alive()
        super().sweep()

    def close(self):
        with suppress(EngineUnavailable):
            super().close()


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    folder = tmp_path / "tiny"
    (folder / "profiles").mkdir(parents=True)
    (folder / "profiles" / "allow.json").write_text('{"defaultAction": "SCMP_ACT_ALLOW"}')
    (folder / "workshop.toml").write_text(MANIFEST)
    (folder / "01-one.md").write_text(ONE)
    (folder / "02-two.md").write_text(TWO)
    reading = read_workshop(folder)
    assert not reading.errors, reading.errors
    return reading.workshop


@pytest.fixture
def engine() -> LocalEngine:
    return LocalEngine()


@pytest.fixture
def sit_down(workshop: Workshop, engine: LocalEngine, tmp_path: Path):
    """Opens the app for a learner: `async with sit_down("one") as learner`; without a lab, at the picker."""

    @asynccontextmanager
    async def sit_down(
        lab: str = "",
        *,
        size: tuple[int, int] = (120, 40),
        failures: Sequence[Exception] = (),
        toasts: bool = False,
        demo: Tempo | None = None,
        open_class: OpenClass | None = None,
    ):
        state = tmp_path / "state"
        with closing(Journal(SqliteStore(progress_file(state)), "me")) as journal:
            failing = list(failures)

            def open_engine(progress, *, agreed):
                if failing:
                    raise failing.pop(0)
                if engine.dead.is_set():
                    raise EngineUnavailable("the fake engine is gone")
                progress("opening")
                return engine

            first = next(((workshop, one) for one in workshop.labs if one.id == lab), None)
            app = WorkshopApp(
                workshops=[workshop],
                journal=journal,
                open_engine=open_engine,
                state=state,
                first=first,
                demo=demo,
                open_class=open_class,
            )
            async with app.run_test(size=size, notifications=toasts) as pilot:
                learner = Learner(app, pilot, engine, journal)
                if lab and not failures and demo is None:
                    await learner.until(lambda: learner.terminal() is not None)
                    await learner.until(lambda: not learner.screen.query_one(StatusLine).busy)
                yield learner
                app.shared_engine.close()

    return sit_down
