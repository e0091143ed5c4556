"""Installing: as root, through sudo, or not at all; and the script, in a root directory of the test's own."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from runner.engine.doctor import install
from runner.engine.doctor.findings import Finding, Fixes, Level
from runner.errors import EngineError

RANGE = ("usermod", "--add-subuids", "1-2", "me")
FIXES = Fixes(("dockerd", "newuidmap"), (RANGE,))


@pytest.fixture
def ran(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file that lists root's commands; all of them succeed, also sudo."""
    log = tmp_path / "ran"
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("apt-get", "sh", "usermod", "sudo"):
        (folder / name).write_text(f'#!/bin/bash\necho "{name} $*" >>{log}\n')
        (folder / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    monkeypatch.setattr("runner.engine.programs._SYSTEM", "/nowhere")
    monkeypatch.setattr(
        install, "packages_for", lambda programs: tuple(f"{name}-package" for name in programs)
    )
    return log


def be(uid: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: uid)


def test_root_updates_installs_and_does_the_rest(ran: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    be(0, monkeypatch)
    said: list[str] = []
    install.fix(FIXES, said.append)
    update, script, ids = ran.read_text().splitlines()
    assert update == "apt-get update"
    assert script.endswith("install_packages.sh dockerd-package newuidmap-package")
    assert ids == " ".join(RANGE)
    assert "no service" in " ".join(said)


def test_an_ordinary_user_does_it_through_sudo(ran: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    be(1000, monkeypatch)
    install.fix(FIXES, lambda _: None)
    lines = ran.read_text().splitlines()
    assert lines[0] == "sudo -n true"
    assert all(line.startswith("sudo ") for line in lines)
    assert len(lines) == 4


@pytest.mark.parametrize("sudo", ["exit 1", None])
def test_an_ordinary_user_gets_one_command_for_an_administrator(
    ran: Path, sudo: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    be(1000, monkeypatch)
    path = ran.parent / "bin/sudo"
    path.unlink()
    if sudo:
        path.write_text(f"#!/bin/bash\n{sudo}\n")
        path.chmod(0o755)
    monkeypatch.setenv("PATH", str(path.parent))
    with pytest.raises(EngineError, match="administrator") as raised:
        install.fix(FIXES, lambda _: None)
    *_, command = raised.value.remedy.splitlines()
    assert command.strip() == (
        "apt-get update; apt-get install --option DPkg::Lock::Timeout=600 --no-install-recommends "
        "dockerd-package newuidmap-package && " + " ".join(RANGE)
    )
    assert not ran.exists()


def test_a_password_that_was_refused_is_asked_for_again_only_on_request(
    ran: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    be(1000, monkeypatch)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    monkeypatch.setenv("XDG_CACHE_HOME", str(ran.parent / "cache"))
    (ran.parent / "bin/sudo").write_text(f'#!/bin/bash\necho "sudo $*" >>{ran}\nexit 1\n')

    def asked(fixes: Fixes, *, again: bool) -> tuple[bool, str]:
        ran.unlink(missing_ok=True)
        with pytest.raises(EngineError, match="administrator") as raised:
            install.fix(fixes, lambda _: None, again=again)
        return "sudo true" in ran.read_text().splitlines(), raised.value.remedy

    assert asked(FIXES, again=False)[0]
    again, remedy = asked(FIXES, again=False)
    assert not again
    assert "apt-get install" in remedy
    assert "`workshop doctor --fix`" in remedy
    assert asked(FIXES, again=True)[0]
    assert asked(Fixes(("dockerd",)), again=False)[0], "something else is missing now"


def test_without_apt_it_names_the_packages(ran: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (ran.parent / "bin/apt-get").unlink()
    monkeypatch.setenv("PATH", str(ran.parent / "bin"))
    with pytest.raises(EngineError, match="dockerd, newuidmap: this machine has no apt-get"):
        install.fix(FIXES, lambda _: None)


def test_a_command_that_fails_is_an_error_that_names_it(ran: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    be(0, monkeypatch)
    (ran.parent / "bin/usermod").write_text("#!/bin/bash\nexit 3\n")
    with pytest.raises(EngineError, match="usermod --add-subuids 1-2 me` failed with status 3"):
        install.fix(Fixes(commands=(RANGE,)), lambda _: None)


def test_fixes_of_several_findings_are_each_done_once() -> None:
    one = Finding("one", Level.MISSING, "", programs=("a", "b"), commands=(RANGE,))
    two = Finding("two", Level.MISSING, "", programs=("b", "c"), commands=(RANGE,))
    assert Fixes.of([one, two]) == Fixes(("a", "b", "c"), (RANGE,))
    assert not Fixes.of([Finding("three", Level.MISSING, "")])


SCRIPT = Path(install.__file__).with_name("install_packages.sh")
# A package that starts its service if it may, and enables it in any case.
APT_GET = """
echo "apt-get $*"
sh /usr/sbin/policy-rc.d theirs start && echo started
ln -s /lib/theirs.service /etc/systemd/system/multi-user.target.wants/theirs.service
ln -s ../init.d/theirs /etc/rc2.d/S01theirs
exit ${APT_STATUS:-0}
"""
PROGRAMS = {
    "apt-get": APT_GET,
    "systemctl": 'echo "systemctl $*"\nrm "/etc/systemd/system/multi-user.target.wants/$3"\n',
    "update-rc.d": 'echo "update-rc.d $*" >&2\nmv "/etc/rc2.d/S01$1" "/etc/rc2.d/K01$1"\n',
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The script's /etc and /usr/sbin: a system whose service `ours` is enabled."""
    for folder in ("etc/systemd/system/multi-user.target.wants", "etc/rc2.d", "sbin", "bin"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "etc/systemd/system/multi-user.target.wants/ours.service").symlink_to("/lib/ours.service")
    for name, text in PROGRAMS.items():
        (tmp_path / "bin" / name).write_text(f"#!/bin/sh\n{text}")
        (tmp_path / "bin" / name).chmod(0o755)
    return tmp_path


def installed(root: Path, **variables: str) -> "subprocess.CompletedProcess[str]":
    """Run the script on that system, in a separate mount namespace."""
    script = f"mount --bind {root}/etc /etc && mount --bind {root}/sbin /usr/sbin && exec sh {SCRIPT} theirs"
    command = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script]
    environment = {"PATH": f"{root}/bin:/usr/bin:/bin", **variables}
    return subprocess.run(command, env=environment, check=False, capture_output=True, text=True)


def test_installed_services_are_neither_started_nor_enabled(root: Path) -> None:
    done = installed(root)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "apt-get install --option DPkg::Lock::Timeout=600 --yes --no-install-recommends --no-remove theirs",
        "systemctl --quiet disable theirs.service",
    ]
    links = [path.name for path in sorted((root / "etc").rglob("*")) if path.is_symlink()]
    assert links == ["K01theirs", "ours.service"]
    assert list((root / "sbin").iterdir()) == []


@pytest.mark.parametrize("status", ["0", "100"])
def test_a_policy_of_the_machines_own_is_put_back(root: Path, status: str) -> None:
    own = root / "sbin/policy-rc.d"
    own.write_text("#!/bin/sh\nexit 104\n")
    own.chmod(0o755)
    assert installed(root, APT_STATUS=status).returncode == int(status)
    assert own.read_text() == "#!/bin/sh\nexit 104\n"
    assert [path.name for path in (root / "sbin").iterdir()] == ["policy-rc.d"]


@pytest.mark.parametrize(("own", "answer"), [(None, 0), ("exit 104", 104)])
def test_a_policy_that_was_left_forbids_nothing_to_others(root: Path, own: str | None, answer: int) -> None:
    """As after a power failure in mid-installation: apt-get does not return here."""
    if own:
        (root / "sbin/policy-rc.d").write_text(f"#!/bin/sh\n{own}\n")
        (root / "sbin/policy-rc.d").chmod(0o755)
    (root / "bin/apt-get").write_text("#!/bin/sh\nkill -KILL $PPID\n")
    assert installed(root).returncode == -signal.SIGKILL
    ask = f"mount --bind {root}/sbin /usr/sbin && exec /usr/sbin/policy-rc.d other start"
    command = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", ask]
    assert subprocess.run(command, check=False).returncode == answer
    (root / "bin/apt-get").write_text(f"#!/bin/sh\n{APT_GET}")
    assert installed(root).returncode == 0
    left = [path.read_text() for path in (root / "sbin").iterdir()]
    assert left == ([f"#!/bin/sh\n{own}\n"] if own else [])
