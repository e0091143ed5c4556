"""`workshop profile export`: every format."""

import pytest

from runner.cli.main import main

AMD64 = ("--arch", "amd64")


@pytest.mark.parametrize(
    "form", ["docker", "docker-compact", "docker-per-call", "oci", "pod", "operator", "systemd"]
)
def test_every_export_of_the_default_profile_works(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["profile", "export", "default", "--to", form, *AMD64]) == 0
    captured = capsys.readouterr()
    assert captured.out
    assert ("lost: the conditions" in captured.err) == (form == "systemd")
