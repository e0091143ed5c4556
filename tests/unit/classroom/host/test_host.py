"""The end of a class."""

from pathlib import Path

import pytest

from runner.box.box import Content
from runner.box.resources import ClassResources
from runner.classroom.host.host import Host
from runner.classroom.host.sockets import listen
from runner.classroom.settings import Settings
from runner.engine.private.cgroup import EngineCgroup


@pytest.mark.parametrize("gone", [True, False])
def test_a_class_says_what_it_could_not_remove(
    gone: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(EngineCgroup, "remove", lambda _group, **_: gone)
    resources = ClassResources.under(tmp_path)
    resources.run.mkdir(parents=True)
    settings = Settings("A class", "Grace", 1, (), "ABCD-2345", "WXYZ-6789")
    Host(resources, Content((), ()), settings, listen("127.0.0.1", 0, 0), screen=[]).close()
    assert ("sudo workshop clean" in capsys.readouterr().err) is not gone
