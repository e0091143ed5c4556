"""Errors of `workshop verify` before it starts anything."""

import os
import subprocess
import sys

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


def test_known_labs_are_verified_without_their_parsers(tmp_path):
    """A fifth of the time until the first command is typed."""
    folder = write_template(tmp_path / "mine")
    program = """import sys
from runner.cli.main import main
assert main(["verify", sys.argv[1], "--engine", "unix:///none.sock"]) == 3
sys.exit(len({"markdown_it", "yaml"} & set(sys.modules)))"""
    environment = os.environ | {"XDG_CACHE_HOME": str(tmp_path)}
    run = [sys.executable, "-c", program, str(folder)]
    parsers = [subprocess.run(run, env=environment, check=False).returncode for _ in range(2)]
    assert parsers == [2, 0]
