"""The words of a command that starts a container: its options, and where the image is."""

import re
from collections.abc import Iterator
from typing import NamedTuple

_SHELL = re.compile(
    r"(?:(?:(?<![^\s=:,/(])(?:\"(?:\\.|[^\"\\])*\"|'[^']*'))|\$\([^()\n]*\)|[^\s;&|]|(?<=\\)[;&|])+|&&|\|\|?|;|&",
    re.DOTALL,
)
"""A word of a shell's, or what ends a command; a quote in the middle of a word may end a text around the command."""
_LISTED = re.compile(r"[A-Za-z]{0,2}(?:\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*')|[^\s,\"'\[\]]+")
"""A string in a list of a program's, or a name in one."""
_ENDS = frozenset(("&&", "||", "|", ";", "&"))
CONTINUED = ("\\", "`", "^")
"""The last sign of a line that goes on with the next one: in a shell, in PowerShell, and in Windows' cmd."""
_SWITCHES = frozenset(
    (
        *("detach", "disable-content-trust", "env-host", "help", "http-proxy", "init", "insecure-registry"),
        *("interactive", "no-healthcheck", "no-hostname", "no-hosts", "oom-kill-disable", "passwd"),
        *("privileged", "publish-all", "quiet", "read-only", "read-only-tmpfs", "replace", "rm", "rmi"),
        *("rootfs", "sig-proxy", "tls-verify", "tty", "unsetenv-all", "use-api-socket"),
    )
)
"""Options of `run` and `create` that take no value, with Docker, Podman or nerdctl."""
_WITH_VALUE = "acehlmpuvw"
"""The letters of options that take a value."""
_FILLED_IN = re.compile(r"[\"']?(?:\$|\{\{|<|\[|%|@|\*)")
"""A word that something is put in place of."""
_OF_IMAGE = re.compile(r"ima?ge?", re.IGNORECASE)
_TRUE = frozenset(
    ("--privileged", *(f"--privileged={value}" for value in ("true", "1", "t", "T", "TRUE", "True")))
)


class Word(NamedTuple):
    """A word without its quotes, and its range in the text; `filled_in` if it stands for another."""

    text: str
    start: int
    end: int
    filled_in: bool


class Started(NamedTuple):
    """What a command says: the offset of the `--privileged` that counts, where its options end, and where it ends.

    `image` is "" if none is named.
    """

    privileged: int | None
    image: str
    options_end: int
    end: int


def words(text: str, start: int, end: int, *, listed: bool) -> Iterator[Word]:
    """The words of one command, which is a list of strings in a program if `listed`."""
    for match in (_LISTED if listed else _SHELL).finditer(text, start, end):
        raw = match[0]
        if not listed and raw in _ENDS:
            return
        if raw in CONTINUED:
            continue
        bare = listed and raw[-1] not in "\"'"
        # A text that stands around the whole command ends in a quote.
        yield Word(
            raw.lstrip("bfru").strip("\"'") if listed and not bare else raw.strip("\"'`"),
            match.start(),
            match.end(),
            filled_in=bare or _FILLED_IN.match(raw) is not None,
        )


def started(given: list[Word], end: int) -> Started:
    """Read the words behind `run` or `create` of a command that ends at `end`."""
    privileged: int | None = None
    at = 0
    while at < len(given):
        word = given[at]
        following = given[at + 1] if at + 1 < len(given) else None
        if word.text == "--":
            at += 1
            break
        if word.text.startswith("-"):
            if word.text.partition("=")[0] == "--privileged":
                privileged = word.start if word.text in _TRUE else None
            at += 2 if _takes_next(word.text, following) else 1
        elif word.filled_in and not _OF_IMAGE.search(word.text) and _options_follow(given, at):
            at += 1
        else:
            break
    found = given[at] if at < len(given) else None
    return Started(privileged, found.text if found else "", found.start if found else end, end)


def _takes_next(option: str, following: Word | None) -> bool:
    """True if an option's value is the next word."""
    if following is None or "=" in option:
        return False
    if option.startswith("--"):
        return option[2:] not in _SWITCHES and not following.text.startswith("--")
    # Of letters in one word, the first that takes a value takes the rest of it.
    with_value = next((at for at, letter in enumerate(option) if letter in _WITH_VALUE), None)
    return with_value == len(option) - 1


def _options_follow(given: list[Word], at: int) -> bool:
    """True if an option is the next word that nothing is put in place of, so that the word is no image."""
    after = next((word for word in given[at + 1 :] if not word.filled_in), None)
    return after is not None and after.text.startswith("-")
