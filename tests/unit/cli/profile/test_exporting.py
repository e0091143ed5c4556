"""`workshop profile export`: every format."""

import pytest

from runner.cli.main import main

AMD64 = ("--arch", "amd64")


@pytest.mark.parametrize(
    "form", ["docker", "docker-compact", "docker-per-call", "oci", "pod", "operator", "systemd"]
)
def test_every_export_of_the_default_profile_works(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    machine = () if form.startswith("docker") else AMD64
    assert main(["profile", "export", "default", "--to", form, *machine]) == 0
    captured = capsys.readouterr()
    assert captured.out
    assert ("lost: the conditions" in captured.err) == (form == "systemd")


@pytest.mark.parametrize(
    "option", [("--caps", "all"), ("--arch", "arm64"), ("--kernel", "4.4")], ids=lambda option: option[0]
)
@pytest.mark.parametrize("form", ["docker", "docker-compact", "docker-per-call"])
def test_dockers_own_form_is_for_every_container(
    form: str, option: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["profile", "export", "default", "--to", form, *option]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert f"{option[0]} has no effect" in captured.err
    assert "--to oci" in captured.err
