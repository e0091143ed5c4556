"""Files of lines that name profiles: configurations of Podman and CRI-O, units of services, scripts, HCL."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from runner.profile.capabilities import PRIVILEGED_PROFILE_SINCE
from runner.profile.holders.command.commands import commands
from runner.profile.holders.found import Place
from runner.profile.holders.tree import Tree

_SETTING = re.compile(
    r"""(?mx)^[ \t]*(?P<key>(?:privileged_|unset_)?seccomp_profile|[sS]eccompProfile)[ \t]*=[ \t]*
    (?P<quote>["']?)(?P<value>[^"'\n]*?)(?P=quote)[ \t]*(?:\#[^\n]*)?$"""
)
_DAEMON = re.compile(r"--seccomp-profile[= ]+[\"']?(?P<value>[^\s\"']+)")
"""The default that an engine is started with."""
_LISTED = re.compile(r"[\"']--security-opt[\"'][ \t]*,[ \t]*[\"']seccomp[=:](?P<value>[^\"'\n]+)")
"""The option of `docker run` as two strings of a list, whose comma is between them."""
_QUOTED = re.compile(
    r"(?<!\w)([\"'`])seccomp[=:](?P<value>[^\s\"'`{}$+%]+)\1(?=\s*[,)\]}]|\s*$)", re.MULTILINE
)
"""The option as a string of a list in a program."""
_FLAG = re.compile(
    r"--security(?:-opt)?[= ]+(?:'seccomp[=:](?P<single>[^'\n]+)|\"seccomp[=:](?P<double>[^\"\n]+)"
    r"|seccomp[=:](?:'(?P<inner>[^'\n]+)|\"(?P<inmost>[^\"\n]+)|(?P<bare>[^\s\"']+)))"
)
"""The option on a command line, where quotes may stand around all of it or around the profile.

Apptainer and Singularity call it `--security`, and take the same files.
"""
_COMMENT = re.compile(r"""[ \t]*(?:;|//)|(?:[^"'#]|"[^"\n]*"|'[^'\n]*'|(?<!\s)#)*?(?<!\S)#""")
"""A line up to the sign that begins its comment; within quotes, or behind a letter, `#` begins none."""
_CRI_KEY = "unset_seccomp_profile"
_HEADING = re.compile(r"(?m)^[ \t]*\[\[?[ \t]*[\"']?([A-Za-z][\w-]*)[^\]\n{}:,]*\]\]?[ \t]*(?:[#;].*)?$")
_DESCRIBING = frozenset(("Container", "Kube", "Pod", "containers", "crio", "plugins", "runners"))
"""Sections of Podman's, CRI-O's, containerd's and GitLab's files in which a profile could be named."""
_HCL_LIST = re.compile(r"\bsecurity_opts?[ \t]*=[ \t]*\[[^\]]{0,4000}")
_HCL_OPTION = re.compile(r"[\"']seccomp[=:](?P<value>(?:\$\{[^}\n]*\}|[^\"'\n])+)")


class Setting(NamedTuple):
    """A profile's name in a line of settings, with its 1-based line and column.

    `cri` is true if it is in the words of the Container Runtime Interface, such as `localhost/FILE`.
    """

    value: str
    line: int
    column: int
    cri: bool


def flagged(text: str) -> Iterator[tuple[int, str]]:
    """The profiles that the options of command lines name, each with its place; of a command's, the last one.

    What stands behind the image's name is an argument of the program in the container.
    """
    found = [
        (match.start(match.lastgroup or ""), match[match.lastgroup or ""]) for match in _FLAG.finditer(text)
    ]
    given = list(commands(text)) if found else []
    begins = [command.start for command in given]
    for index, (start, value) in enumerate(found):
        later = found[index + 1][0] if index + 1 < len(found) else len(text)
        own = bisect_right(begins, start) - 1
        if own < 0 or start >= given[own].end or start < given[own].options_end <= later:
            yield start, value


def privileged_commands(text: str, tree: Tree | None = None) -> Iterator[Place]:
    """The places of a command line that start a privileged container; all are at `tree`, if the text is its value."""
    if "--privileged" not in text:
        return
    seen, line = 0, 1
    for command in commands(text):
        if command.privileged is None:
            continue
        # Each character is counted once, so that the search stays linear.
        line, seen = line + text.count("\n", seen, command.privileged), command.privileged
        given = [value for _, value in flagged(text[command.start : command.end])]
        before = str(PRIVILEGED_PROFILE_SINCE) if given and given[-1] != "unconfined" else ""
        at = (tree.line, tree.column) if tree else (line, seen - text.rfind("\n", 0, seen))
        yield Place("", f"line {at[0]}", "--privileged", *at, before)


def begins_with_section(text: str) -> bool:
    """True if the first line with content is the heading of a section, and not a list of JSON."""
    line = text.lstrip("\ufeff \t\r\n").partition("\n")[0]
    return _HEADING.match(line.rstrip()) is not None


def describes_containers(text: str) -> bool:
    """True for a file of sections in which a profile could be named."""
    return any(match[1] in _DESCRIBING for match in _HEADING.finditer(text))


def is_containerds(text: str) -> bool:
    """True for a configuration of containerd, which leaves the choice of a profile to Kubernetes."""
    return any(match[1] == "plugins" for match in _HEADING.finditer(text))


def settings(text: str) -> Iterator[Setting]:
    """The profiles that lines name, in their order; comments name none."""
    found = [
        (match.start("value"), match["value"], match["key"] == _CRI_KEY)
        for match in _SETTING.finditer(text)
        if match["value"]
    ]
    found += [(start, value, False) for start, value in flagged(text)]
    for sign in (_DAEMON, _LISTED, _QUOTED):
        found += [(match.start("value"), match["value"], False) for match in sign.finditer(text)]
    for options in _HCL_LIST.finditer(text):
        inner = _HCL_OPTION.finditer(options[0])
        found += [(options.start() + match.start("value"), match["value"], False) for match in inner]
    # Each character is looked at once, so that the search stays linear.
    seen, begin, number, comment = 0, 0, 1, _comment(text, 0)
    for start, value, cri in sorted(dict.fromkeys(found)):
        if newlines := text.count("\n", seen, start):
            begin, number = text.rfind("\n", seen, start) + 1, number + newlines
            comment = _comment(text, begin)
        seen = start
        if start < comment:
            yield Setting(value, number, start - begin + 1, cri)


def _comment(text: str, line: int) -> int:
    """Where the comment of the line that begins at `line` begins, or the line ends."""
    end = text.find("\n", line)
    end = len(text) if end < 0 else end
    comment = _COMMENT.match(text, line, end)
    return comment.end() if comment else end


def has_settings(text: str) -> bool:
    """True if any line names a profile, or turns seccomp off."""
    return next(settings(text), None) is not None or next(privileged_commands(text), None) is not None
