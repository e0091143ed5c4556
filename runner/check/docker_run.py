"""A `docker run` command line as typed → the container that it describes."""

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from runner.check.program import program_at
from runner.check.shell_words import tokens
from runner.engine.command_line import GLOBAL_VALUES, options_before_image
from runner.lab.model.container import ContainerSpec


@dataclass(frozen=True, slots=True)
class DockerRun:
    """A `docker run` line split into words; `first` and `image` are the indexes of the first option and of the image.

    `typed` are the words as typed, with quotes and substitutions; joined by blanks they give the line.
    """

    words: tuple[str, ...]
    typed: tuple[str, ...]
    first: int
    image: int
    options: tuple[tuple[str, str], ...]

    @property
    def name(self) -> str:
        """The container's name; "" if the engine may choose."""
        return dict(self.options).get("name", "")

    @property
    def spec(self) -> ContainerSpec:
        """The container, without options that do not affect confinement."""
        every: dict[str, list[str]] = {}
        for key, value in self.options:
            every.setdefault(key, []).append(value)
        last = {key: values[-1] for key, values in every.items()}
        environment = (entry.partition("=") for entry in every.get("env", ()))
        entrypoint = last.get("entrypoint", "")
        return ContainerSpec(
            image=self.words[self.image],
            command=self.words[self.image + 1 :],
            entrypoint=(entrypoint,) if entrypoint else (),
            cap_add=tuple(every.get("cap-add", ())),
            cap_drop=tuple(every.get("cap-drop", ())),
            security_opt=tuple(
                option.replace(":", "=", 1) if "=" not in option else option
                for option in every.get("security-opt", ())
            ),
            user=last.get("user", ""),
            working_dir=last.get("workdir", ""),
            hostname=last.get("hostname", ""),
            environment={key: value for key, equals, value in environment if equals},
            tmpfs=tuple(every.get("tmpfs", ())),
            read_only=last.get("read-only", "false") == "true",
            init=last.get("init", "false") == "true",
            privileged=last.get("privileged", "false") == "true",
        )

    def with_image(self, image: str) -> tuple[str, ...]:
        """The words with another image, which must not be fetched."""
        return (*self.words[: self.image], "--pull", "never", image, *self.words[self.image + 1 :])

    def with_program(self, program: str) -> tuple[str, ...]:
        """The words with another program, which gets the same arguments."""
        return (*self.words[: self.image + 1], program, *self.words[self.image + 2 :])


def docker_run(text: str) -> DockerRun | None:
    """Parse a simple command as a `docker run`; None if it is not one, or cannot be read."""
    try:
        pairs = tuple(_words(text))
    except ValueError:
        return None
    pairs = pairs[program_at([word for word, _ in pairs]) :]
    words = tuple(word for word, _ in pairs)
    first = _after_run(words)
    if first is None:
        return None
    read = options_before_image(words, first)
    if read is None:
        return None
    options, at = read
    typed = tuple(raw for _, raw in pairs)
    return DockerRun(words, typed, first, at, tuple(options)) if at < len(words) else None


def _words(text: str) -> Iterator[tuple[str, str]]:
    """The words of a simple command without redirections: each unquoted, and as typed.

    If a typed word becomes several, the first has the whole typed text, and the others have "".
    """
    target = False
    for token in tokens(text):
        if token.redirection:
            target = not token.text.endswith("-")
        elif target:
            target = False
        else:
            for number, word in enumerate(shlex.split(token.text)):
                yield word, "" if number else token.text


def _after_run(words: Sequence[str]) -> int | None:
    """The index of the word after `docker run`."""
    if not words or words[0].rpartition("/")[2] != "docker":
        return None
    at = 1
    while at < len(words) and words[at].startswith("-"):
        at += 2 if words[at] in GLOBAL_VALUES else 1
    at += words[at : at + 1] == ("container",)
    return at + 1 if words[at : at + 1] == ("run",) else None
