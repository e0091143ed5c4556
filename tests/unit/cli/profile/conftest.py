"""The profile commands as functions."""

import io
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from runner.cli.main import main

FILE = """{
  "defaultAction": "SCMP_ACT_ERRNO",
  "syscalls": [
    {"names": ["read", "fchmodat", "openat"], "action": "SCMP_ACT_ALLOW"},
    {"names": ["ptrace"], "action": "SCMP_ACT_KILL"},
    {"names": ["kexec_load"], "action": "SCMP_ACT_ERRNO", "errnoRet": 0},
    {"names": ["personality"], "action": "SCMP_ACT_ALLOW", "args": [{"index": 0, "value": 8, "op": "SCMP_CMP_EQ"}]}
  ]
}"""
PROFILE = '{"defaultAction": "SCMP_ACT_ALLOW",\n "syscalls": [{"name": "chmod", "action": "SCMP_ACT_ERRNO"}]}'
CHMOD = ("chmod", "--arch", "amd64")
"""The words for a call that it denies."""
MACHINE = os.uname_result(("Linux", "here", "6.18.0", "#1", "x86_64"))
"""The machine that a command judges for where its options name no other."""
Command = Callable[..., tuple[int, str, str]]


@pytest.fixture(autouse=True)
def _this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """A verdict depends on the architecture and the kernel, which are the tests' own, wherever they run."""
    monkeypatch.setattr("os.uname", lambda: MACHINE)


@pytest.fixture
def profile(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Command:
    """Run `workshop profile …`; returns the exit code and the output."""

    def run(*words: object, stdin: str | None = None) -> tuple[int, str, str]:
        if stdin is not None:
            monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        try:
            code = main(["profile", *map(str, words)])
        except SystemExit as end:
            code = int(end.code or 0)
        out, err = capsys.readouterr()
        return code, out, err

    return run


@pytest.fixture
def file(tmp_path: Path) -> str:
    """A small profile, as a command line names it."""
    path = tmp_path / "p.json"
    path.write_text(FILE)
    return str(path)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with `PROFILE`, and with files that hold or name profiles."""
    (tmp_path / "prof.json").write_text(PROFILE)
    (tmp_path / "compose.yml").write_text(
        "services:\n  app:\n    security_opt:\n      - seccomp:./prof.json\n"
    )
    inspect = [{"Name": "/web", "HostConfig": {"SecurityOpt": [f"seccomp={PROFILE}"]}}]
    (tmp_path / "inspect.json").write_text(json.dumps(inspect))
    (tmp_path / "two.yaml").write_text(
        "kind: SeccompProfile\nmetadata: {name: open}\nspec: {defaultAction: SCMP_ACT_ALLOW}\n---\n"
        "kind: SeccompProfile\nmetadata: {name: shut}\nspec:\n  defaultAction: SCMP_ACT_ALLOW\n"
        "  syscalls:\n    - names: [chmod]\n      action: SCMP_ACT_ERRNO\n"
    )
    return tmp_path
