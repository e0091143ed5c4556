"""Without a terminal library, the app names the missing package, and the rest of the program works."""

import subprocess
import sys

import pytest

from runner.terminal.library import NoEmulatorError, library

HIDDEN = "import sys; sys.modules['pyghostty'] = None; from runner.cli.main import main; sys.exit(main(sys.argv[1:]))"


def test_the_library_is_found():
    assert library().is_file()


def test_a_wheel_without_it_is_told_from_no_wheel(monkeypatch, tmp_path):
    (tmp_path / "pyghostty").mkdir()
    (tmp_path / "pyghostty" / "__init__.py").touch()
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "pyghostty", raising=False)
    with pytest.raises(NoEmulatorError, match="without libghostty-vt"):
        library()


def test_the_app_says_what_is_missing():
    done = subprocess.run(
        ["script", "-qec", f'{sys.executable} -c "{HIDDEN}" run', "/dev/null"],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 2, done.stdout
    assert "pyghostty is not installed" in done.stdout
    assert "workshop verify" in done.stdout


def test_profiles_are_worked_with_all_the_same():
    done = subprocess.run(
        [sys.executable, "-c", HIDDEN, "profile", "simulate", "default", "reboot"],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
