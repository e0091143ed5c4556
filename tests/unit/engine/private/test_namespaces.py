"""Errors on machines that refuse namespaces."""

import errno
import os

import pytest

from runner.engine.private import namespaces
from runner.errors import EngineError


@pytest.mark.parametrize(("number", "advised"), [(errno.EPERM, True), (errno.ENOSPC, False)])
def test_root_of_a_container_gets_a_remedy(
    number: int, advised: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(_flags: int) -> None:
        raise OSError(number, os.strerror(number), "unshare")

    monkeypatch.setattr(namespaces, "unshare", refused)
    with pytest.raises(EngineError, match="cannot make namespaces") as raised:
        namespaces.start(
            ["true"], ids="", arrange=lambda: None, settle=lambda: None, environment={}, descriptors={}
        )
    assert ("--privileged" in raised.value.remedy) == advised
