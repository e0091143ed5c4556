"""Explanations of docker's messages on a refused command line: the file, the image or the option at fault."""

import os
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import islice
from pathlib import Path

from runner.check.shell_line import parts
from runner.check.watched_run import NEVER_STARTED
from runner.engine.image_names import meant, plain
from runner.language import tr
from runner.shell.prompt import NOT_FOUND
from runner.shell.recorder import CommandFinished
from runner.suggest import nearest

_NO_PROFILE = re.compile(r"opening seccomp profile \((?P<word>.+?)\) failed: (?P<why>[^\n]+)", re.DOTALL)
"""docker's message for a `seccomp=` value that is neither a keyword nor a readable file."""
_NO_JSON = re.compile(r"compacting json for seccomp profile \((?P<word>.+?)\) failed: (?P<why>.+)")
_NO_OPTION = re.compile(r'[Ii]nvalid --security-opt(?: \d+)?: "(?P<word>[^"]*)"')
_NO_IMAGE = re.compile(r"(?:Unable to find image '(?P<word>[^']+)' locally|No such image: (?P<other>\S+))")
_NO_NETWORK = re.compile(
    r"(?:Error response from daemon|failed to resolve|ERROR):[^\n]*(?:dial tcp|: lookup \S+|registry-1\.docker\.io)"
    r"|failed to resolve source"
)
"""What docker and its builders print about a registry that cannot be reached; a program's own message is not meant."""
_NOT_LOWER = re.compile(
    r"invalid reference format: repository name \((?:library/)?(?P<word>[^)]+)\) must be low"
)
_NOT_DECODED = re.compile(
    r"Decoding seccomp profile failed: invalid character '(?P<word>.)' looking for beginning"
)
_NO_CAPABILITY = re.compile(r'invalid Cap(?:Add|Drop): unknown capability: "(?:CAP_)?(?P<word>[^"]*)"')
_NO_PROGRAM = re.compile(
    r"Error response from daemon:.*\bexec(?:utable file|:) [`\"](?P<word>(?:-|seccomp[=:]|apparmor[=:])[^`\"]*)[`\"]:?"
    r" (?:executable file )?not found"
)
"""The engine's message for an option that stands where the program belongs, in the words of runc and of crun."""
_FROM_ENGINE = "Error response from daemon:"
_NO_FLAG = re.compile(r"unknown flag: (?P<word>--\S+)")
_WORDS = ("unconfined", "builtin")
"""The keywords that `seccomp=` accepts besides a file."""
_OPTIONS = ("seccomp", "apparmor", "label", "no-new-privileges", "systempaths")
_FLAGS = (
    *("--security-opt", "--cap-add", "--cap-drop", "--name", "--rm", "--network", "--privileged", "--user"),
    *(
        "--interactive",
        "--tty",
        "--detach",
        "--volume",
        "--env",
        "--entrypoint",
        "--userns",
        "--pid",
        "--init",
    ),
)
_NEW_CONTAINER = re.compile(r"\bdocker\b.*\b(?:run|create)\b", re.DOTALL)
_DOCKER = re.compile(r"^(?:sudo\s+)?docker\b")
_MOST_FILES = 2000
_MOST_SHOWN = 6


def may_be_dockers(status: int | None, output: str) -> bool:
    """True if a command with this exit status, None if it is unknown, may not have come as far as its program."""
    return status in {None, NEVER_STARTED} or (status == NOT_FOUND and _FROM_ENGINE in output)


def refused_by_docker(finished: CommandFinished) -> bool:
    """True if a `docker run` or `docker create` in the line failed itself, or may have: its status is not known.

    So does any other command of docker's that could not reach a registry.
    """
    found = parts(finished.command, finished.status, finished.output, finished.pipeline)
    return any(
        may_be_dockers(part.status, finished.output)
        if _NEW_CONTAINER.search(part.text)
        else part.status != 0 and _DOCKER.search(part.text) and _NO_NETWORK.search(finished.output)
        for part in found
    )


def docker_said(
    output: str, workspace: Path, images: Callable[[], Collection[str]], *, pulls: bool = True
) -> str:
    """The fault of a command line that docker refused with `output`, in words; "" if unknown.

    `workspace` is searched for the file that was meant, `images` returns the names of the engine's images, and `pulls`
    is true if it may get others from a registry.
    """
    # Lines from a terminal end with a carriage return, too.
    output = output.replace("\r\n", "\n")
    explained: Sequence[tuple[re.Pattern[str], Callable[[re.Match[str]], str]]] = (
        (_NO_PROFILE, lambda match: _no_file(match["word"], match["why"], workspace)),
        (_NO_JSON, lambda match: _no_json(match["word"], match["why"])),
        (_NO_OPTION, lambda match: _no_option(match["word"])),
        (_NO_IMAGE, lambda match: _no_image(match["word"] or match["other"], images(), pulls=pulls)),
        (_NOT_LOWER, lambda match: _no_image(match["word"], images(), pulls=pulls)),
        (_NOT_DECODED, lambda match: _not_decoded(match["word"])),
        (_NO_CAPABILITY, lambda match: _no_capability(match["word"])),
        (_NO_PROGRAM, lambda match: _behind_image(match["word"])),
        (_NO_FLAG, lambda match: _no_flag(match["word"])),
    )
    if not pulls:
        explained = (*explained, (_NO_NETWORK, lambda _: _no_network(images())))
    found = ((explain, pattern.search(output)) for pattern, explain in explained)
    return next((explain(match) for explain, match in found if match), "")


def _no_file(word: str, why: str, workspace: Path) -> str:
    if word.lstrip().startswith("{"):
        return tr("seccomp= takes the name of a file here, not the profile's text.")
    if "is a directory" in why:
        inside = _several(name for name in _files(workspace) if name.startswith(f"{word.strip('./')}/"))
        said = tr("{word} is a folder, not a profile.", word=word)
        return f"{said} {tr('In it are {files}.', files=inside)}" if inside else said
    if "permission denied" in why:
        return tr("You may not read the file {word}.", word=word)
    if "not a directory" in why:
        return tr("There is no file {word}: a part of that path is no folder.", word=word)
    if "no such file" not in why:
        return tr("Docker cannot read the file {word}: {why}.", word=word, why=_first_line(why))
    if word.startswith("~"):
        return tr("There is no file {word}: the shell leaves ~ as it is there. Write $HOME.", word=word)
    if re.search(r"[/.]", word):
        return _missing_file(word, workspace)
    near = nearest(word.lower(), _WORDS)
    if near:
        return tr(
            "Docker takes {word} for the name of a file, and there is no such file. Did you mean {near}?",
            word=word,
            near=near,
        )
    return tr(
        "Docker takes {word} for the name of a file, and there is no such file. Is it the word that you mean?",
        word=word,
    )


def _missing_file(word: str, workspace: Path) -> str:
    files = _files(workspace)
    same = [name for name in files if name.rpartition("/")[2] == word.rpartition("/")[2]]
    near = same[0] if same else nearest(word, files)
    if near:
        return tr("There is no file {word}. Did you mean {near}?", word=word, near=near)
    return tr("There is no file {word}.", word=word)


def _no_json(word: str, why: str) -> str:
    return tr("The file {word} is there, and it is no JSON: {why}.", word=word, why=_first_line(why))


def _no_option(word: str) -> str:
    name, equals, value = word.replace(":", "=", 1).partition("=")
    if word.endswith(".json") and not equals:
        return tr("--security-opt takes a name and a value: seccomp={word}.", word=word)
    if name in _OPTIONS and not value:
        return tr("--security-opt {name} has no value: write {name}=VALUE, without blanks.", name=name)
    near = nearest(name, _OPTIONS)
    if near:
        return tr("--security-opt has no option {word}. Did you mean {near}?", word=name, near=near)
    return tr("--security-opt has no option {word}.", word=name)


def _no_image(word: str, images: Collection[str], *, pulls: bool) -> str:
    said = (
        tr("The engine has no image {word}.", word=plain(word))
        if pulls
        else tr("The workshop's own engine has no image {word}, and no network to pull it.", word=plain(word))
    )
    near = meant(word, images)
    if near:
        return f"{said} {tr('Did you mean {near}?', near=near)}"
    return _with_those_there(said, images)


def _no_network(images: Collection[str]) -> str:
    return _with_those_there(
        tr("The workshop's own engine has no network: nothing can be pulled, pushed or searched."), images
    )


def _with_those_there(said: str, images: Collection[str]) -> str:
    there = _several(sorted(set(map(plain, images))))
    return f"{said} {tr('There are: {images}.', images=there)}" if there else said


def _not_decoded(first: str) -> str:
    if first == "b":
        return tr(
            "This engine is too old for seccomp=builtin: its own profile is in force without any option."
        )
    return tr("The engine cannot read the profile: it is no JSON object.")


def _no_flag(word: str) -> str:
    near = nearest(word.partition("=")[0], _FLAGS)
    if near:
        return tr("docker run has no option {word}. Did you mean {near}?", word=word, near=near)
    return tr("docker run has no option {word}.", word=word)


def _no_capability(word: str) -> str:
    from runner.profile.capabilities import ALL_CAPABILITIES  # noqa: PLC0415 - only a mistake needs it

    names = (name.removeprefix("CAP_") for name in sorted(ALL_CAPABILITIES))
    near = nearest(word.upper(), ["ALL", *names])
    if near:
        return tr("There is no capability {word}. Did you mean {near}?", word=word, near=near)
    return tr("There is no capability {word}.", word=word)


def _behind_image(word: str) -> str:
    return tr(
        "Docker takes {word} for the program to start, since it stands behind the image's name. Options go before it.",
        word=word,
    )


def _files(workspace: Path) -> Sequence[str]:
    """The JSON files below the workspace, by their paths from there."""
    found = (
        os.path.relpath(f"{folder}/{name}", workspace)
        for folder, _, names in os.walk(workspace)
        for name in names
        if name.endswith(".json")
    )
    return sorted(islice(found, _MOST_FILES))


def _several(names: "Iterator[str] | Sequence[str]") -> str:
    listed = list(names)
    more = ", …" if len(listed) > _MOST_SHOWN else ""
    return ", ".join(listed[:_MOST_SHOWN]) + more


def _first_line(text: str) -> str:
    return next(iter(text.strip().splitlines()), "").rstrip(". ")
