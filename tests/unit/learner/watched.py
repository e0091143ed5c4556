"""A step with two checks, and an examiner of it whose surroundings a test sets up."""

import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from runner.check.context import ProbeContext
from runner.engine.api import Completed, Container
from runner.lab.model.workshop import Step
from runner.lab.read.workshop import read_workshop
from runner.learner.session.events import CheckJudged, CommandSeen
from runner.learner.session.examiner import Examiner
from runner.shell.recorder import CommandFinished
from tests.fakes import FakeEngine, wait_until

LAB = """---
id: lab
title: A lab
minutes: 1
objectives: [Look]
---

## Look

```container
name: box
```

```console in=box
# cat /file
content
```

```check
id: seen
describe: The file was read
probe: {transcript: {in: box, command: cat}}
expect: {exit: 0, output: secret}
explain: Reading is knowing.
mutants: [{run: cat /other, in: box, why: another file}]
```

```check
id: there
describe: The file is there
probe: {host: [test, -e, note]}
expect: {exit: 0}
explain: It stays.
mutants: [{run: "true", why: nothing}]
```

```quiz
id: why
question: Why?
options: [{text: a, why: no}, {text: b, correct: true, why: "yes"}]
```
"""


def step_of(text: str, tmp_path: Path) -> Step:
    """The first step of a lab with this text."""
    (tmp_path / "workshop.toml").write_text('format = 1\nid = "w"\ntitle = "W"\nlabs = ["lab.md"]\n')
    (tmp_path / "lab.md").write_text(text)
    reading = read_workshop(tmp_path)
    assert not reading.errors, reading.errors
    return reading.workshop.labs[0].steps[0]


class Watched:
    """An examiner over a probe context that a test sets up, and what it told."""

    def __init__(
        self,
        tmp_path,
        *,
        quiet: float = 0.02,
        ages: Sequence[float] = (),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.folder = tmp_path
        self.containers: dict[str, Container] = {}
        self.typed: dict[str, list[CommandFinished]] = {"box": []}
        self.there = False
        self.output = ""
        self.probed = 0
        self.may_answer = threading.Event()
        """Cleared, it holds up the probe on the host."""
        self.may_answer.set()
        self._told: list[CheckJudged | CommandSeen] = []
        self._changed = threading.Condition()
        self.engine = FakeEngine()
        context = ProbeContext(
            self.engine,
            tmp_path,
            self.containers,
            self.typed,
            lambda option: option,
            lambda *_: "",
            self._host,
        )
        self.examiner = Examiner(context, self._tell, quiet=quiet, ages=ages, clock=clock)

    def types(self, command: str, output: str, status: int = 0, *, console: str = "box") -> None:
        finished = CommandFinished(command, output, status, 0.0, 0.0)
        self.typed.setdefault(console, []).append(finished)
        self.examiner.saw(console, finished)

    def wait_for(self, condition):
        with self._changed:
            found = None
            assert self._changed.wait_for(lambda: [one for one in self._told if condition(one)], 10), (
                self._told
            )
            found = [one for one in self._told if condition(one)]
        return found[0]

    def judged(self, check: str, kind: type) -> CheckJudged:
        return self.wait_for(
            lambda one: (
                isinstance(one, CheckJudged) and one.check.id == check and isinstance(one.outcome, kind)
            )
        )

    def seen(self, command: str) -> CommandSeen:
        return self.wait_for(lambda one: isinstance(one, CommandSeen) and one.finished.command == command)

    @property
    def told(self) -> list[CheckJudged | CommandSeen]:
        with self._changed:
            return list(self._told)

    def forget(self) -> None:
        with self._changed:
            self._told.clear()

    def wait_until_probed(self) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: self.probed, 10)

    def wake(self) -> None:
        """Have the examiner look anew at what there is to do."""
        with self.examiner._woken:
            self.examiner._woken.notify_all()

    def rest(self) -> None:
        """Wait until the examiner has done all that there is to do now."""
        woken = self.examiner._woken

        def waits() -> bool:
            with woken:
                return bool(woken._waiters)

        # It may have begun to wait before there was anything.
        self.wake()
        assert wait_until(waits)

    def _tell(self, happening) -> None:
        with self._changed:
            self._told.append(happening)
            self._changed.notify_all()

    def _host(self, _argv, _timeout) -> Completed:
        # What it finds is from its beginning.
        there, output = self.there, self.output
        with self._changed:
            self.probed += 1
            self._changed.notify_all()
        assert self.may_answer.wait(60)
        return Completed(0 if there else 1, output)
