import os
import pwd
from pathlib import Path

import pytest

from runner import folders
from runner.errors import UsageError
from runner.folders import cache_folder, config_home, home, runtime_home, state_folder

ANN = {"HOME": "/home/ann"}


def test_without_variables_everything_is_below_the_home_folder() -> None:
    assert state_folder(ANN) == Path("/home/ann/.local/state/seccomp-workshop")
    assert cache_folder(ANN) == Path("/home/ann/.cache/seccomp-workshop")
    assert config_home(ANN) == Path("/home/ann/.config")
    assert runtime_home(ANN) is None


@pytest.mark.parametrize("named", ["relative", ".", "", "~/x"])
def test_a_relative_path_is_ignored_as_the_specification_has_it(named: str) -> None:
    variables = ("XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_RUNTIME_DIR")
    environ = ANN | dict.fromkeys(variables, named)
    assert state_folder(environ) == state_folder(ANN)
    assert cache_folder(environ) == cache_folder(ANN)
    assert config_home(environ) == config_home(ANN)
    assert runtime_home(environ) is None


def test_variables_move_them() -> None:
    environ = ANN | {"XDG_STATE_HOME": "/s", "XDG_CACHE_HOME": "/c", "XDG_RUNTIME_DIR": "/r"}
    assert state_folder(environ) == Path("/s/seccomp-workshop")
    assert cache_folder(environ) == Path("/c/seccomp-workshop")
    assert runtime_home(environ) == Path("/r")


def test_one_variable_names_the_state_folder_itself() -> None:
    assert state_folder(ANN | {"WORKSHOP_STATE_DIR": "/learners/7"}) == Path("/learners/7")


@pytest.mark.parametrize("environ", [{}, {"HOME": ""}, {"HOME": "here"}])
def test_without_a_home_in_the_environment_the_system_is_asked(environ: dict[str, str]) -> None:
    assert home(environ) == Path(pwd.getpwuid(os.getuid()).pw_dir)


def test_a_user_without_any_home_is_told_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(_uid: int) -> None:
        raise KeyError("uid not found")

    monkeypatch.setattr(folders.pwd, "getpwuid", unknown)
    with pytest.raises(UsageError, match="no home folder") as raised:
        home({})
    assert "HOME" in raised.value.remedy


def test_another_users_runtime_folder_is_ignored(tmp_path: Path) -> None:
    environ, mine = {"XDG_RUNTIME_DIR": str(tmp_path)}, tmp_path.stat().st_uid
    assert runtime_home(environ, uid=mine) == tmp_path
    assert runtime_home(environ, uid=mine + 1) is None
