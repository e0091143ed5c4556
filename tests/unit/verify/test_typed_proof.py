"""Proofs of steps in which commands are typed."""

from runner.engine.api import Completed
from runner.shell.recorder import CommandFinished
from runner.verify.result import OutcomeKind, Proof
from tests.unit.verify.proven import chmod, proofs

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

    class Echo:
        """A console that knows `echo WORD > FILE`."""

        def __init__(self, workspace):
            self._workspace = workspace

        def subscribe(self, _listener):
            pass

        def run(self, text, limit):
            limits[text] = limit
            _, word, _, name = text.split()
            self._workspace.write(name, word)
            return CommandFinished(text, "", 0, 0.0, 0.0)

        def close(self):
            pass

    result = verified(chmod, text=LISTED, open_console=lambda _target, workspace, _container: Echo(workspace))
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


def test_a_mutant_of_a_container_has_what_was_typed_there_since_its_launch(verified):
    """Without that, the check would fail for want of it, whatever the mutant changes."""
    typed = []

    class Typed:
        """A console that notes what is typed."""

        def __init__(self):
            self._texts = []
            typed.append(self._texts)

        def subscribe(self, _listener):
            pass

        def run(self, text, _limit):
            self._texts.append(text)
            return CommandFinished(text, "", 0, 0.0, 0.0)

        def close(self):
            pass

    def program(call):
        """The container's own goes on."""
        return None if call.kind == "start" else Completed(0, "there")

    result = verified(program, text=LATER, open_console=lambda *_: Typed())
    assert proofs(result)[Proof.SOLVED] is OutcomeKind.PASSED
    assert typed == [["gone with the first one"], *[["touch /tmp/made", "chmod /tmp/made"]] * 2]
