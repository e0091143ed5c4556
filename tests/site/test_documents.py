"""What the documents name is there: commands with their options, targets of make, paths, modules. The profile tools'
examples run as they are typed."""

import re
import shlex
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from functools import cache
from io import StringIO
from pathlib import Path

import pytest

from runner.cli.main import COMMANDS, main, whole_parser

ROOT = Path(__file__).parents[2]
DOCUMENTS = [
    *(ROOT / name for name in ("README.md", "CHANGELOG.md")),
    *sorted((ROOT / "docs").glob("*.md")),
    *sorted((ROOT / ".github").rglob("*.md")),
]
NEEDS_ENGINE = {"generate", "test", "trace"}
TOP = {path.name for path in ROOT.iterdir() if path.is_dir()} - {"build", "dist"}


def fenced(document: Path) -> Iterator[str]:
    """The commands of a document's fences, without their prompts."""
    for language, content in re.findall(
        r"^```(console|sh)\b.*?\n(.*?)^```$", document.read_text(), re.M | re.S
    ):
        for line in content.splitlines():
            if language == "sh" or line.startswith(("$ ", "# ")):
                yield line.removeprefix("$ ").removeprefix("# ")


def spans(document: Path) -> Iterator[str]:
    """The words in backticks of a document's prose."""
    prose = re.sub(r"^(````*).*?^\1$", "", document.read_text(), flags=re.M | re.S)
    yield from (" ".join(span.split()) for span in re.findall(r"`([^`]+)`", prose))


def commands(document: Path) -> Iterator[list[str]]:
    """The words of each `workshop` command that a document names."""
    for text in (*fenced(document), *spans(document)):
        for part in re.split(r"\s+[|>]\s+|&&", text):
            if re.match(r"(?:sudo )?(?:\.venv/bin/)?workshop\b(?!-|\.)", part.strip()):
                words = shlex.split(part, comments=True)
                yield words[words[0] == "sudo" :][1:]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_command_and_option_exists(document):
    unknown = [" ".join(words) for words in commands(document) if words and not known(words)]
    assert not unknown


@cache
def whole() -> ArgumentParser:
    """The parser of all commands."""
    return whole_parser()


def known(words: list[str]) -> bool:
    """Whether the command exists, and has each option that is given before the words of another program."""
    parser = whole()
    while (
        choices := next((action.choices for action in parser._actions if action.nargs == "A..."), None)
    ) is not None:
        if not words or words[0].startswith(("-", "…")):
            break
        if words[0] not in choices:
            return False
        parser, words = choices[words[0]], words[1:]
    options = [word.partition("=")[0] for word in words if re.match(r"--?[a-z]", word)]
    if getattr(parser, "forwards", ""):
        options = [option for option in options if option.startswith("--")]
    return all(option in parser._option_string_actions for option in options)


def test_a_command_or_an_option_that_is_not_there_is_noticed():
    assert known(["profile", "lint", "--explain", "ID"])
    assert not known(["profile", "lint", "--explan", "ID"])
    assert not known(["profil"])
    assert all(known([name]) for name in COMMANDS)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_target_of_make_exists(document):
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M))
    named = {
        match[1]
        for text in (*fenced(document), *spans(document))
        if (match := re.match(r"make ([a-z-]+)", text))
    }
    assert named <= targets


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_path_of_the_repository_exists(document):
    named = {span.rstrip("/") for span in spans(document) if re.fullmatch(r"[\w.-]+(?:/[\w.*-]+)+/?", span)}
    here = {path for path in named if path.split("/")[0] in TOP}
    assert not [path for path in here if not list(ROOT.glob(path))]


@pytest.mark.parametrize("name", ["architecture.md", "decisions.md", "CONTRIBUTING.md"])
def test_every_module_exists(name):
    """Under its dotted name, or the end of one; the last word may also be something in it."""
    files = {
        path.relative_to(ROOT).with_suffix("").as_posix(): path for path in (ROOT / "runner").rglob("*.py")
    }
    files |= {place.removesuffix("/__init__"): path for place, path in files.items()}
    packages = {place.split("/")[-2] for place in files if "/" in place}

    def found(place: str) -> list[Path]:
        return [path for known, path in files.items() if f"/{known}".endswith(f"/{place}")]

    def is_there(words: list[str]) -> bool:
        inside = found("/".join(words[:-1]))
        return bool(found("/".join(words)) or any(words[-1] in path.read_text() for path in inside))

    named = {span for span in spans(ROOT / "docs" / name) if re.fullmatch(r"[a-z_]+(?:\.[a-z_]+)+", span)}
    assert not [each for each in named if each.split(".")[0] in packages and not is_there(each.split("."))]


@pytest.mark.parametrize("name", ["README.md", "docs/profiles.md"])
def test_the_examples_of_the_profile_tools_run_as_typed(name, tmp_path, monkeypatch):
    """Those that need no engine, one after another in an empty folder; a comment says which exit with 1."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "trace.log").write_text('7 chmod("my.json", 0600) = 0\n7 exit_group(0) = ?\n')
    ran = 0
    for line in fenced(ROOT / name):
        written = re.match(r"printf ('.*') > (\S+)$", line)
        if written:
            Path(written[2]).write_text(shlex.split(written[1])[0].encode().decode("unicode_escape"))
        command = re.match(r"(workshop profile ([a-z]+) .*?)(?: > (\S+))?(?:\s+#(.*))?$", line)
        if command is None or command[2] in NEEDS_ENGINE:
            continue
        out, err = StringIO(), StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            code = main(shlex.split(command[1])[1:])
        assert code == ("exits with 1" in (command[4] or "")), line + err.getvalue()
        if command[3]:
            Path(command[3]).write_text(out.getvalue())
        ran += 1
    assert ran > 5
