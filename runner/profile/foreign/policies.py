"""Detects seccomp policies in other tools' formats that cannot be read, and names what to give instead.

A format has its place here if people keep it as text, lines of it have a sign of their own, and something else that
they have can be read.
"""

import re
from typing import NamedTuple

from runner.profile.evidence.strace_line import RESULT


class Foreign(NamedTuple):
    """A tool's output by its name, and the next step; `tells` if it may hold messages about refusals."""

    name: str
    remedy: str
    tells: bool = False


_LIST = "give the names alone, of the calls that are allowed"
_DENIES = "if it denies calls, `workshop profile edit allow --deny NAME,NAME` makes such a profile"
_FIREJAIL = Foreign("a profile of firejail", f"{_LIST}; {_DENIES}")
_MINIJAIL = Foreign(
    "a policy of minijail",
    "give the names that it allows without conditions, and add the others with "
    "`workshop profile edit FILE --allow 'socket AF_UNIX'`",
)
_SNAP = Foreign(
    "a template of snap's seccomp",
    "give the names that it allows without conditions: "
    "grep -E '^[a-z_0-9]+$' FILE | workshop profile import -",
)
_KAFEL = Foreign("a policy of kafel, as nsjail takes it", f"{_LIST}; {_DENIES}")
_LXD = Foreign(
    "a configuration of LXD or Incus",
    "write its calls as a policy of LXC: a line `2`, a line `denylist` or `allowlist`, and a call on each line",
)
_LXC = Foreign("a container's configuration of LXC", "give the policy that its `lxc.seccomp.profile` names")
_SOURCE = Foreign(
    "source code for libseccomp",
    "give the names of the rules that allow: "
    "grep SCMP_ACT_ALLOW FILE | grep -o 'SCMP_SYS([a-z0-9_]*)' | workshop profile import -",
)
_FLATPAK = Foreign(
    "metadata of Flatpak", "its filter is compiled into Flatpak: give a log of strace of the program"
)
_BUBBLEWRAP = Foreign(
    "a command of bubblewrap", "it takes a compiled filter: give a log of strace of the program"
)
_DOCKER_INFO = Foreign(
    "the output of `docker info`",
    "it only names a profile: give that file; for `builtin`, name `default@VERSION`, such as default@28.5.2",
)
_TERRAFORM = Foreign(
    "Terraform's configuration of Kubernetes",
    "give the pod as it became: `kubectl get pod NAME -o yaml`, or the profile that `localhost_profile` names, "
    "which lies on the node below /var/lib/kubelet/seccomp",
)

_BEATS = Foreign(
    "a policy of Elastic's Beats",
    f"{_LIST}, under `action: allow`; {_DENIES}",
)

_SIGNS = (
    (_BEATS, r"^[ \t]*(?:seccomp\.)?default_action:[ \t]*[a-z_]+[ \t]*$"),
    (
        _FIREJAIL,
        r"^seccomp(?:\.32)?\.(?:drop|keep)[ \t]"
        r"|^(?:include \S+\.(?:local|inc|profile)|caps\.(?:drop|keep) .*|nonewprivs|noroot|private-dev)[ \t]*$",
    ),
    (
        _MINIJAIL,
        r"^@(?:frequency|include|denylist|default)\b"
        r"|^[a-z_][a-z0-9_]*:[ \t]*(?:arg[0-5] |(?:1;[ \t]*)?return [A-Z\d])",
    ),
    (
        _SNAP,
        r"^# snap-seccomp version information:|^@(?:unrestricted|complain)[ \t]*$|^[lf]?chown\w*[ \t]+-[ \t]+u:"
        r"|^~[a-z_]+[ \t]+-",
    ),
    (
        _KAFEL,
        r"^[ \t]*POLICY[ \t]+\w+[ \t\n]*\{|^[ \t]*(?:ALLOW|DENY|KILL|ERRNO\(\w+\))[ \t]*\{"
        r"|^[ \t]*seccomp_(?:string|policy_file):",
    ),
    (_LXD, r"^[ \t]*\"?security\.syscalls\.(?:deny|allow|intercept|blacklist|whitelist)"),
    (_LXC, r"^[ \t]*lxc\.seccomp(?:\.profile)?[ \t]*="),
    (_SOURCE, r"\bseccomp_rule_add(?:_exact)?(?:_array)?[ \t]*\([ \t]*\w+[ \t]*,"),
    (_FLATPAK, r"\A\s*\[(?:Application|Context)\][ \t]*$"),
    (_BUBBLEWRAP, r"\bbwrap\b.*--(?:add-)?seccomp(?:-fd)?[ =]\d"),
    (_TERRAFORM, r"^[ \t]*seccomp_profile[ \t]*\{[ \t]*$"),
    (
        _DOCKER_INFO,
        r"^[ \t]*Security Options:[ \t]*$|\"SecurityOptions\"\s*:\s*\[\s*\"name="
        r"|^\[(?:name=\S+ )*name=seccomp,profile=",
    ),
)
_EVIDENCE = re.compile(RESULT + r"|\bsyscall=|\btype=1326\b")
"""Signs of a log, whose lines may quote anything."""
_SEARCHES = tuple((tool, re.compile(sign, re.MULTILINE)) for tool, sign in _SIGNS)


def foreign_policy(head: str) -> Foreign | None:
    """Return the tool whose policy a text is, by its beginning; None if it may be readable."""
    if _EVIDENCE.search(head):
        return None
    return next((tool for tool, sign in _SEARCHES if sign.search(head)), None)
