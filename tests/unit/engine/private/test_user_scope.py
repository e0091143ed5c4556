"""The cgroup that an ordinary user's systemd gives: on a machine of the test's own making."""

import os
from pathlib import Path

import pytest

from runner.engine.private import user_scope

ME = os.geteuid()
USER = f"user.slice/user-{ME}.slice/user@{ME}.service"
SCOPE = f"{USER}/app.slice/seccomp-workshop-0123abcd.scope"


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """cgroup v2, systemd, and this user with a session and delegation."""
    user = tmp_path / "cgroup" / USER
    user.mkdir(parents=True)
    (user / "cgroup.controllers").write_text("cpu memory pids\n")
    (tmp_path / "cgroup/cgroup.controllers").write_text("cpuset cpu io memory pids\n")
    (tmp_path / "run/systemd").mkdir(parents=True)
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "systemd-run").write_text("#!/bin/sh\n")
    (programs / "systemd-run").chmod(0o755)
    monkeypatch.setenv("PATH", str(programs))
    monkeypatch.setattr("runner.engine.programs._SYSTEM", "/nowhere")
    return tmp_path


def obstacle(machine: Path) -> str:
    return user_scope.obstacle(
        root=machine / "cgroup", environ={"XDG_RUNTIME_DIR": str(machine / "run")}, uid=ME
    )


def test_nothing_speaks_against_it_on_a_machine_of_today(machine: Path) -> None:
    assert obstacle(machine) == ""


@pytest.mark.parametrize(
    ("gone", "said"),
    [
        ("cgroup/cgroup.controllers", "cgroup v2"),
        ("bin/systemd-run", "systemd-run"),
        ("run/systemd", "session"),
    ],
)
def test_missing_programs_are_named(machine: Path, gone: str, said: str) -> None:
    (machine / gone).rename(machine / "elsewhere")
    assert said in obstacle(machine)


def test_controllers_that_are_not_delegated_are_named(machine: Path) -> None:
    (machine / "cgroup" / USER / "cgroup.controllers").write_text("pids\n")
    assert "memory" in obstacle(machine)


def test_the_scope_is_delegated_and_bounded(machine: Path) -> None:
    words = user_scope.scoped(["program", "--option"])
    assert words[0] == str(machine / "bin/systemd-run")
    assert words[-3:] == ["--", "program", "--option"]
    assert {"--user", "--scope", "--property=Delegate=yes", "--property=MemorySwapMax=0"} <= set(words)
    limits = dict(word.removeprefix("--property=").split("=") for word in words if "--property" in word)
    assert 0 < int(limits["MemoryMax"]) < os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    assert int(limits["TasksMax"]) > 1000


def test_each_scope_has_a_name_of_its_own() -> None:
    assert user_scope.scoped([])[5] != user_scope.scoped([])[5]


def test_without_a_session_variable_the_usual_folder_is_meant() -> None:
    assert user_scope.variables({}, uid=7) == {"XDG_RUNTIME_DIR": "/run/user/7"}
    assert user_scope.variables({"XDG_RUNTIME_DIR": "/x"}, uid=7) == {"XDG_RUNTIME_DIR": "/x"}


def enter(machine: Path, path: str) -> str:
    (machine / "me").write_text(f"0::/{path}\n")
    return user_scope.enter(root=machine / "cgroup", me=machine / "me")


@pytest.mark.parametrize(("on", "given"), [("cpu memory pids", True), ("memory", False), ("", False)])
def test_the_supervisor_steps_below_the_scope_which_is_given_if_it_bounds(
    machine: Path, on: str, given: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    scope = machine / "cgroup" / SCOPE
    scope.mkdir(parents=True)
    # A kernel lists the controllers enabled one by one; a file keeps the last write.
    read = user_scope.text_if_any
    monkeypatch.setattr(
        user_scope, "text_if_any", lambda path: on if path.name.endswith("_control") else read(path)
    )
    assert enter(machine, SCOPE) == (f"/{SCOPE}" if given else "")
    assert (scope / "engine/cgroup.procs").read_text() == str(os.getpid())
    assert (scope / "cgroup.subtree_control").read_text() == "+pids"


@pytest.mark.parametrize("path", ["", "user.slice/session-3.scope", SCOPE.replace("abcd.", "abcd-else.")])
def test_in_any_other_group_it_stays_where_it_is(machine: Path, path: str) -> None:
    (machine / "cgroup" / path).mkdir(parents=True, exist_ok=True)
    assert enter(machine, path) == ""
    assert not (machine / "cgroup" / path / "engine").exists()
