"""Proofs of steps in which commands are typed."""

import pytest

from runner.engine.api import Completed
from runner.shell.recorder import CommandFinished
from runner.verify.result import OutcomeKind, Proof
from tests.unit.verify.proven import chmod, proofs


class FakeConsole:
    """A console in which every command succeeds at once, and does what `typed(command, limit)` does."""

    def __init__(self, typed):
        self._typed = typed

    def subscribe(self, _listener):
        pass

    def run(self, text, limit):
        self._typed(text, limit)
        return CommandFinished(text, "", 0, 0.0, 0.0)

    def close(self):
        pass


LISTED = """---
id: lab
title: Lab
minutes: 1
objectives: [See]
---

## Step

```check
id: listed
describe: The call is listed
probe: {file: calls.txt}
expect: {exists: true, output: chmod}
explain: So.
mutants: [{run: echo mkdir > calls.txt, why: another call}]
```

```solve timeout=90
$ echo chmod > calls.txt
```
"""


def test_a_mutants_command_may_take_as_long_as_the_solutions(verified):
    limits = {}

    def open_console(_target, workspace, _container):
        def echo(text, limit):
            """Do what `echo WORD > FILE` does."""
            limits[text] = limit
            _, word, _, name = text.split()
            workspace.write(name, word)

        return FakeConsole(echo)

    result = verified(chmod, text=LISTED, open_console=open_console)
    assert proofs(result)[Proof.MUTANTS] is OutcomeKind.PASSED
    assert limits["echo mkdir > calls.txt"] == limits["echo chmod > calls.txt"] >= 90


LATER = """---
id: lab
title: Lab
minutes: 1
objectives: [See]
---

## Make it

```container
name: box
command: [chmod]
```

```console in=box
# gone with the first one
```

## Make it again

```container
name: box
command: [chmod]
```

```console in=box
# touch /tmp/made
```

## Look at it

```console in=box
# chmod /tmp/made
```

```check
id: there
describe: It is there
probe: {exec: {in: box, run: [chmod]}}
expect: {exit: 0, output: there}
precheck: {pass: It was made before}
explain: So.
mutants: [{security_opt: [seccomp=unconfined], why: no filter}]
```
"""


@pytest.fixture
def typed(verified):
    """Verify a lab in consoles that note what is typed; returns the result, and the commands of each console."""

    def typed(text):
        consoles = []

        def open_console(*_):
            texts = []
            consoles.append(texts)
            return FakeConsole(lambda text, _limit: texts.append(text))

        def program(call):
            """The container's own goes on; its file is there until a command removes it."""
            if call.kind == "start":
                return None
            return Completed(0, "" if "rm /tmp/made" in consoles[-1] else "there")

        return verified(program, text=text, open_console=open_console), consoles

    return typed


def test_a_mutant_of_a_container_has_what_was_typed_there_since_its_launch(typed):
    """Without that, the check would fail for want of it, whatever the mutant changes."""
    result, consoles = typed(LATER)
    assert proofs(result)[Proof.SOLVED] is OutcomeKind.PASSED
    assert consoles == [["gone with the first one"], *[["touch /tmp/made", "chmod /tmp/made"]] * 2]


def test_a_mutants_command_is_typed_in_place_of_the_steps_own_after_the_earlier_ones(typed):
    result, consoles = typed(
        LATER.replace("security_opt: [seccomp=unconfined]", "run: rm /tmp/made, in: box")
    )
    assert proofs(result)[Proof.MUTANTS] is OutcomeKind.PASSED
    assert consoles[-1] == ["touch /tmp/made", "rm /tmp/made"]
