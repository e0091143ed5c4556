"""The words of docker's command line: which options take a value, and where the image is."""

from collections.abc import Sequence

GLOBAL_VALUES = frozenset(
    [
        "-H",
        "--host",
        "-c",
        "--context",
        "-l",
        "--log-level",
        "--config",
        "--tlscacert",
        "--tlscert",
        "--tlskey",
    ]
)
"""Options of `docker` itself that take a value."""
SWITCHES = frozenset(
    [
        *(
            "detach",
            "disable-content-trust",
            "help",
            "init",
            "interactive",
            "no-healthcheck",
            "oom-kill-disable",
        ),
        *("privileged", "publish-all", "quiet", "read-only", "rm", "sig-proxy", "tty", "use-api-socket"),
    ]
)
"""Options of `docker run` that take no value."""
SHORT_SWITCHES = "ditPq"
_SHORT = {
    "a": "attach",
    "c": "cpu-shares",
    "e": "env",
    "h": "hostname",
    "l": "label",
    "m": "memory",
    "p": "publish",
    "u": "user",
    "v": "volume",
    "w": "workdir",
    "d": "detach",
    "i": "interactive",
    "t": "tty",
    "P": "publish-all",
    "q": "quiet",
}


def options_before_image(words: Sequence[str], first: int) -> tuple[list[tuple[str, str]], int] | None:
    """The options from the index `first` on, by name and value, and the index of the image.

    None if they cannot be read; the index may be behind the last word.
    """
    options: list[tuple[str, str]] = []
    at = first
    while at < len(words) and words[at].startswith("-") and words[at] != "--":
        read = read_option(words, at)
        if read is None:
            return None
        found, at = read
        options += found
    return options, at + (list(words[at : at + 1]) == ["--"])


def read_option(words: Sequence[str], at: int) -> tuple[list[tuple[str, str]], int] | None:
    """The option at `at` and the index of the word after it; None if its value is missing."""
    word = words[at]
    if word.startswith("--"):
        name, equals, value = word[2:].partition("=")
        name = {"net": "network"}.get(name, name)
        if equals:
            return [(name, value)], at + 1
        if name in SWITCHES:
            return [(name, "true")], at + 1
        return ([(name, words[at + 1])], at + 2) if at + 1 < len(words) else None
    return _short(words, at)


def _short(words: Sequence[str], at: int) -> tuple[list[tuple[str, str]], int] | None:
    found: list[tuple[str, str]] = []
    letters = words[at][1:]
    for number, letter in enumerate(letters):
        name = _SHORT.get(letter)
        if name is None:
            return None
        if letter in SHORT_SWITCHES:
            found.append((name, "true"))
            continue
        value = letters[number + 1 :].removeprefix("=")
        if value:
            return [*found, (name, value)], at + 1
        return ([*found, (name, words[at + 1])], at + 2) if at + 1 < len(words) else None
    return found, at + 1
