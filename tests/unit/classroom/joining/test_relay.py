"""The socket at which an app of this machine finds its class."""

import tempfile
from pathlib import Path

import pytest

from runner.classroom.joining.found_class import FoundClass
from runner.classroom.joining.membership import Membership
from runner.classroom.joining.relay import relaying
from runner.errors import WorkshopError


def test_a_socket_that_cannot_be_made_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its path is longer than one may be."""
    deep = tmp_path / ("x" * 120)
    deep.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(deep))
    found = FoundClass("https://class.example", None)
    with (
        pytest.raises(WorkshopError, match="cannot make a socket") as refused,
        relaying(found, Membership("", "", "", "")),
    ):
        pass
    assert "TMPDIR" in refused.value.remedy
    assert list(deep.iterdir()) == []
