"""A small workshop to start from."""

import re
from pathlib import Path

from runner.errors import UsageError
from runner.paths import Kind, look, why

_MANIFEST = """\
format = 1
id = "{id}"
title = "{title}"
summary = "What a learner takes home, in a sentence."
labs = ["01-first.md"]

# What every container of this workshop gets unless its lab says otherwise.
[defaults]
image = "lab"
cap_add = ["ALL"]
security_opt = ["apparmor=unconfined"]
network_mode = "none"
"""

_LAB = """\
---
id: first
title: Take mkdir away
minutes: 5
objectives:
  - Write a profile that denies one system call, and prove that it does
---

Say here why this matters. What follows a heading of level 2 is a step.

## See it work

Launch a container without a profile, and make a directory in it.

```container
name: free
command: [bash]
security_opt: [seccomp=unconfined]
```

```console in=free
# mkdir /tmp/kept
# ls /tmp
kept
```

```check
id: made
describe: A directory was made in the container without a profile
probe: {exec: {in: free, run: [test, -d, /tmp/kept]}}
expect: {exit: 0}
explain: No filter is installed, so the kernel executes every call.
mutants:
  - {run: touch /tmp/kept, in: free, why: A file is not a directory}
```

```hint
Launch the container, then click the command.
```

## Deny it

This profile allows everything. Let it answer `mkdir` and `mkdirat` with an error.

```json file=mine.json edit
{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": []
}
```

```check
id: denied
describe: mkdir fails under your profile, and touch still works
probe:
  container:
    security_opt: [seccomp=mine.json]
    command: [sh, -c, "touch /tmp/file && mkdir /tmp/made"]
expect: {exit: 1, output: "(?i)not permitted"}
control: {security_opt: [seccomp=unconfined], expect: {exit: 0}}
hints:
  - {when: {exit: 0}, say: "mkdir still works. Are both calls in the list of names?"}
  - {when: {refused: profile}, say: "The engine cannot use the file as a profile. Is it JSON, the action spelt right?"}
  - {when: {started: false}, say: "No container starts under your profile: it denies what the runtime itself needs."}
explain: A rule replaces the default action for the calls that it names; all others are still allowed.
mutants:
  - {security_opt: [seccomp=unconfined], why: No profile at all}
  - file: mine.json
    content: '{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["rmdir"], "action": "SCMP_ACT_ERRNO"}]}'
    why: It denies another call
```

```hint
A rule has `names`, a list of system calls, and an `action`: `SCMP_ACT_ERRNO`.
```

```solve file=mine.json
{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [
    {"names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO"}
  ]
}
```
"""


def write_template(folder: Path) -> Path:
    """Write a workshop that lints clean and verifies into the new or empty folder `folder`.

    The folder's name becomes the workshop's title and id.

    Raises:
        UsageError: the folder is not empty, or cannot be written.
    """
    title = "".join(filter(str.isprintable, folder.absolute().name))
    identity = re.sub(r"[^a-z0-9]+", "-", title.casefold()).strip("-") or "workshop"
    quoted = title.replace("\\", "\\\\").replace('"', '\\"')
    try:
        found = look(folder)
        if found.exists and (found.kind is not Kind.FOLDER or any(folder.iterdir())):
            raise UsageError(f"{folder}: something is there already", remedy="name a new or an empty folder")
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "01-first.md").write_text(_LAB, encoding="utf-8")
        manifest = _MANIFEST.replace("{id}", identity).replace("{title}", quoted)
        (folder / "workshop.toml").write_text(manifest, encoding="utf-8")
    except (OSError, ValueError) as error:
        raise UsageError(
            f"cannot write {folder}: {why(error)}", remedy="name a folder that can be made"
        ) from error
    return folder
