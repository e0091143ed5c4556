"""Errors of `workshop verify` before it starts anything."""

import pytest

from runner.cli.main import main
from runner.errors import ExitCode
from runner.lab.template import write_template


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--jobs", "0"], "whole number"),
        (["--jobs", "many"], "whole number"),
        (["--deadline", "nan"], "number of seconds"),
        (["--deadline", "-1"], "number of seconds"),
    ],
)
def test_invalid_numbers_are_named(capsys, options, said):
    with pytest.raises(SystemExit) as ended:
        main(["verify", *options])
    assert ended.value.code == ExitCode.USAGE
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("option", ["--json", "--junit"])
def test_a_report_that_could_not_be_written_is_refused_first(capsys, tmp_path, option):
    for target in (tmp_path, tmp_path / "missing" / "out"):
        assert main(["verify", option, str(target)]) == ExitCode.USAGE
        assert str(target) in capsys.readouterr().err


def test_without_docker_on_path_labs_that_type_it_are_an_error_and_no_failure(capsys, tmp_path, monkeypatch):
    folder = write_template(tmp_path / "mine")
    lab = next(folder.glob("*.md"))
    lab.write_text(lab.read_text() + "\n## More\n\nLook.\n\n```console\n$ docker ps\n```\n")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert main(["verify", str(folder)]) == ExitCode.ENGINE
    said = capsys.readouterr().err
    assert "`docker`" in said
    assert "next: run `workshop doctor --fix`" in said
