"""A workshop of one lab, written around the part that a test is about."""

from pathlib import Path

import pytest

from runner.lab.lint import lint_workshop
from runner.lab.read.workshop import read_workshop

MANIFEST = """\
format = 1
id = "w"
title = "W"
labs = ["lab.md"]
files = ["profiles"]

[defaults]
cap_add = ["ALL"]
security_opt = ["apparmor=unconfined"]
"""

FRONT = """\
---
id: lab
title: Lab
minutes: 5
objectives: [Test it]
---
"""

ALLOW = '{"defaultAction": "SCMP_ACT_ALLOW"}'


class Folder:
    """A workshop folder under test."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def write(self, *, lab: str | bytes = FRONT, manifest: str | bytes = MANIFEST) -> "Folder":
        for name, content in (("lab.md", lab), ("workshop.toml", manifest)):
            data = content.encode() if isinstance(content, str) else content
            (self.path / name).write_bytes(data)
        return self

    def step(self, text: str) -> "Folder":
        """Write a lab whose only step is `text`; its first line is line 10."""
        return self.write(lab=f"{FRONT}\n## Step\n\n{text}")

    def read(self):
        return read_workshop(self.path)

    def blocks(self):
        reading = self.read()
        assert reading.problems == ()
        return reading.workshop.labs[0].steps[0].blocks

    def lint(self) -> list[str]:
        """The problems as `file:line rule`."""
        return [
            f"{problem.span.path.name}:{problem.span.line} {problem.rule}"
            for problem in lint_workshop(self.path)
        ]

    def messages(self) -> str:
        return "\n".join(problem.message for problem in lint_workshop(self.path))


@pytest.fixture
def folder(tmp_path):
    path = tmp_path / "w"
    (path / "profiles").mkdir(parents=True)
    (path / "profiles" / "allow.json").write_text(ALLOW)
    return Folder(path)
