"""A lab with one check, programs for it, and what came of its proofs."""

from runner.engine.api import Completed, StartRefused
from runner.verify.result import kind_of

LAB = """---
id: lab
title: Lab
minutes: 1
objectives: [See]
---

## Step

```json file=mine.json edit
{"defaultAction": "SCMP_ACT_ALLOW"}
```

```check
id: blocked
describe: chmod is blocked
probe: {container: {security_opt: [seccomp=mine.json], command: [chmod]}}
expect: {exit: 1}
explain: So.
CONTROL
mutants:
  - {security_opt: [seccomp=unconfined], why: no filter}
  - {file: mine.json, content: '{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": []}', why: nothing denied}
EXTRA
```

```solve file=mine.json
{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["chmod"], "action": "SCMP_ACT_ERRNO"}]}
```
"""


def chmod(call):
    """Fails where the profile names chmod, as the kernel would make it."""
    return Completed(1 if "chmod" in call.seccomp else 0, "")


def engine_refuses(call):
    """Refuse what no engine starts: an invalid profile, and a missing program."""
    usable = call.seccomp in {"", "unconfined"} or call.seccomp.startswith("{")
    return Completed(0, "") if usable and "/no-such-folder" not in call.argv[0] else StartRefused("refused")


def proofs(result):
    return {proof: kind_of(outcome) for proof, outcome in result.checks[0].proofs.items()}
