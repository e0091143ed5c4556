"""The time to read a large workshop: `python -m tools.bench.labs [LABS…]`.

Prints the seconds for each size and their ratio to the smallest, per lab: 1.0 means that time grows linearly.
"""

import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from runner.lab.lint import lint_workshop
from runner.lab.read.workshop import read_workshop

_STEPS = 3
_STEP = """
## Step {step}: take `chmod` away

A paragraph with *emphasis*, `code` and a [link](https://example.org/{step}), long enough to be a real one, so that the
parser has something to skip over. Another sentence says the same again in other words.

- first point
- second point

```container
name: box{step}
command: [bash]
security_opt: [seccomp=deny{step}.json]
```

```json file=deny{step}.json
{{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{{"names": ["chmod", "fchmodat"], "action": "SCMP_ACT_ERRNO"}}]}}
```

```console in=box{step} timeout=20
# chmod 777 /tmp
chmod: changing permissions of '/tmp': * (glob)
[1]

# grep Seccomp /proc/self/status
Seccomp:\\s+2 (re)
* (glob*)
```

```check
id: blocked-{step}
describe: chmod fails under your profile and works without one
probe: {{container: {{security_opt: [seccomp=deny{step}.json], command: [chmod, "777", /tmp]}}}}
expect: {{exit: nonzero, output: {{any: ["(?i)not permitted", "(?i)permission denied"]}}}}
control: {{security_opt: [seccomp=unconfined], expect: {{exit: 0}}}}
hints:
  - {{when: {{exit: 0}}, say: "chmod still succeeded. Which call did it really use?"}}
explain: A rule takes the call away; the other calls still work.
mutants: [{{security_opt: [seccomp=unconfined]}}]
```

```solve in=box{step}
# true
```

```hint
Look at the names in the rule.
```
"""


def write_workshop(folder: Path, labs: int, *, tracks: int = 0) -> None:
    """Write a workshop of `labs` labs, each of about the size of a real one, divided into `tracks`."""
    names = [f"lab-{number:05}" for number in range(labs)]
    manifest = 'format = 1\nid = "large"\ntitle = "Large"\nsummary = "Generated"\n'
    manifest += "" if tracks else f"labs = {_listed(names)}\n"
    for number in range(tracks):
        own = names[labs * number // tracks : labs * (number + 1) // tracks]
        manifest += f'[[tracks]]\nid = "t{number}"\ntitle = "Track {number}"\nlabs = {_listed(own)}\n'
    (folder / "workshop.toml").write_text(manifest, encoding="utf-8")
    body = "".join(_STEP.format(step=step) for step in range(_STEPS))
    for name in names:
        front = f"---\nid: {name}\ntitle: Lab {name}\nminutes: 10\nobjectives: [Read it]\n---\n\nHello.\n"
        (folder / f"{name}.md").write_text(front + body, encoding="utf-8")


def _listed(names: Sequence[str]) -> str:
    quoted = (f'"{name}.md"' for name in names)
    return f"[{', '.join(quoted)}]"


def measure(labs: int) -> tuple[float, float]:
    """Seconds to read and to lint a generated workshop."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_workshop(folder, labs)
        began = time.perf_counter()
        reading = read_workshop(folder)
        read = time.perf_counter() - began
        if reading.problems:
            raise SystemExit(f"the generated workshop is wrong: {reading.problems[0]}")
        began = time.perf_counter()
        lint_workshop(folder)
        return read, time.perf_counter() - began


def main() -> None:
    """Measure each size given on the command line."""
    sizes = [int(text) for text in sys.argv[1:]] or [250, 500, 1000, 2000]
    measure(10)
    first = 0.0
    for size in sizes:
        read, linted = measure(size)
        first = first or read / size
        print(f"{size:6} labs: read {read:.2f} s ({read / size / first:.2f} per lab), lint {linted:.2f} s")


if __name__ == "__main__":
    main()
