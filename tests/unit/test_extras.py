"""The command that adds an extra works in the program's environment, and takes no foreign distribution."""

import shlex
import sys

import pytest

from runner import extras


def test_pip_is_the_one_of_this_environment():
    words = shlex.split(extras.how_to_add("serve"))
    assert words == [sys.executable, "-m", "pip", "install", "seccomp-workshop[serve]"]


def test_an_environment_of_uv_has_no_pip(monkeypatch):
    monkeypatch.setattr(extras, "find_spec", lambda _name: None)
    words = shlex.split(extras.how_to_add("hub"))
    assert words == ["uv", "pip", "install", "--python", sys.executable, "seccomp-workshop[hub]"]


@pytest.mark.parametrize("folder", ["/opt/my tools", "/opt/it's"])
def test_a_path_survives_the_shell(monkeypatch, folder):
    monkeypatch.setattr(sys, "executable", f"{folder}/bin/python")
    assert shlex.split(extras.how_to_add("classroom"))[0] == f"{folder}/bin/python"
