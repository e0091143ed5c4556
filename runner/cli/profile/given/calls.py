"""System calls in the words of options."""

import re
import sys

from runner.errors import UsageError

TYPE_CHECKING = False  # typing is slow to import
if TYPE_CHECKING:
    from collections.abc import Iterable

    from runner.profile.calls.syscalls import Arch
    from runner.profile.model import Arg, Profile

    Calls = list[tuple[str, tuple[Arg, ...]]]
    """Calls by name, each with conditions on its arguments."""

_RUNTIMES = ("runc",)
_ANY = ("*", "_")
_DIGITS = 10
"""So many digits no number of a call has."""
_EVERYTHING = frozenset(("all", "any", "everything", "*"))
_LINE = re.compile(r"\s*\w+\(")
"""The beginning of a call as strace prints it: no blank stands before the bracket."""
_COMPARED = re.compile(r"\)\s*[=!<>]=[^\"]*\Z")
"""The end of a condition, which strace writes behind no call."""
_WITHOUT_CALL = re.compile(r"[\s(]*arg\d", re.IGNORECASE)


def runtime_calls(text: str, *, least: bool = False) -> tuple[str, ...]:
    """Return the calls that a runtime makes in a container, by its name and version: `runc`, `runc=1.1.5`.

    `least` leaves out the calls that it makes only now and then.

    Raises:
        UsageError: that runtime, or that version, is unknown.
    """
    from runner.cli.profile.given.versions import read_version
    from runner.profile.history.runtime_needs import GO_RUNTIME, base

    name, _, version = text.removeprefix("@").partition("=")
    if name not in _RUNTIMES and text.startswith("@"):
        raise UsageError(
            f"there is no set of calls {text.partition('=')[0]}; @{' and @'.join(_RUNTIMES)} is one",
            remedy=f"if it is systemd's, `systemd-analyze syscall-filter {text}` lists its calls: name those",
        )
    if name not in _RUNTIMES:
        raise UsageError(
            f"the calls of {name!r} in a container are unknown",
            remedy=f"name one of {', '.join(_RUNTIMES)}, with a version if you like: runc=1.1.5",
        )
    calls = base(read_version(version or None, "--runtime", remedy=f"write it as {name}=1.1.5"))
    return tuple(sorted(calls | ({"exit_group"} if least else GO_RUNTIME)))


def check_name(name: str, option: str = "") -> None:
    """Refuse a name that no architecture has for a call: misspelt, it would change nothing.

    Raises:
        UsageError: there is no such call; the error names the `option` that gives it.
    """
    from runner.profile.calls.groups import KNOWN
    from runner.profile.calls.meant import did_you_mean_call

    if name in _EVERYTHING:
        raise UsageError(
            f"no system call is called {name!r}",
            remedy="set the default action for all that no rule names: --action errno, or --action allow",
        )
    if name not in KNOWN:
        where = f"{option}: " if option else ""
        raise UsageError(
            f"{where}no system call is called {name!r}{did_you_mean_call(name)}",
            remedy="correct the name; `man 2 syscalls` lists them all",
        )


def edit_calls(texts: "Iterable[str]", profile: "Profile") -> "Calls":
    """Return the calls that an option of `edit` names, each with conditions on its arguments.

    The option gives names separated by commas or blanks, a call with arguments in the form of `simulate` (`*` for any)
    or with conditions (`clone (arg0 & CLONE_NEWUSER) != 0`), a line of strace, or the calls of a runtime (`@runc`,
    `@runc=1.1.5`).

    Raises:
        UsageError: there is no such call, or an argument cannot be a condition.
    """
    from runner.cli.profile.given.options import read_arch
    from runner.profile.calls.syscalls import arch
    from runner.profile.written_conditions import is_conditional, read_conditional

    machine = arch(read_arch(None))
    found: Calls = []
    for text in texts:
        if not text.strip(" ,"):
            raise UsageError("no system call is named", remedy="name one, such as chmod")
        conditional = map(is_conditional, text.split(","))
        if _WITHOUT_CALL.match(text):
            raise _no_condition(text)
        if (_LINE.match(text) and not is_conditional(text)) or ("(" in text and not any(conditional)):
            found += _of_line(text, profile, machine)
            continue
        for item in text.split(","):
            if is_conditional(item):
                name, alternatives = read_conditional(item, machine)
                check_name(name)
                found += [(name, args) for args in alternatives]
                continue
            if _WITHOUT_CALL.match(item):
                raise _no_condition(item)
            words = item.split()
            if words and words[0].startswith("@"):
                found += [(name, ()) for word in words for name in runtime_calls(word)]
            elif words:
                found += _of_words(words, machine)
    return found


def _no_condition(text: str) -> UsageError:
    return UsageError(
        f"{text.strip()[:60]!r} is no condition on a call",
        remedy="write the call, then its arguments by number, and join several with 'and': "
        "'clone (arg0 & CLONE_NEWUSER) != 0 and arg1 == 0'",
    )


def _of_words(words: list[str], arch: "Arch") -> "Calls":
    """Read names, or one name and its arguments."""
    from runner.profile.calls.constants import argument
    from runner.profile.calls.groups import KNOWN
    from runner.profile.calls.modes import decimal_mode
    from runner.profile.calls.spelling import plain
    from runner.profile.calls.syscalls import MAX_ARGS, of_number
    from runner.profile.model import Arg, Operator

    named = [plain(word) for word in words]
    if len(words) == 1 and named[0].isdecimal() and len(named[0]) < _DIGITS:
        named = [of_number(int(named[0]), arch).name]
        if named[0] not in KNOWN:
            raise UsageError(
                f"no system call of {arch.go} with the number {words[0]} is known here",
                remedy="name the call",
            )
    if all(name in KNOWN for name in named):
        return [(name, ()) for name in named]
    words = [named[0], *words[1:]]
    check_name(words[0])
    if len(words) > MAX_ARGS + 1:
        raise UsageError(
            f"{len(words) - 1} arguments for {words[0]}: a system call takes at most {MAX_ARGS}",
            remedy="separate several calls with commas",
        )
    conditions = []
    for index, word in enumerate(words[1:]):
        if word in _ANY:
            continue
        if mode := decimal_mode(words[0], index, word):
            print(f"note: {words[0]}: {mode}", file=sys.stderr)
        value = argument(word, arch)
        if value.note:
            raise UsageError(
                f"argument {index} of {words[0]}, {word!r}, is a text: {value.note}",
                remedy="write * for an argument that may be anything",
            )
        conditions.append(Arg(index, value.value, Operator.EQ))
    return [(words[0], tuple(conditions))]


def _of_line(text: str, profile: "Profile", arch: "Arch") -> "Calls":
    """The calls of a pasted line, with conditions on the arguments that the profile's rules already test."""
    from runner.profile.evidence import SeenCall, read_evidence
    from runner.profile.evidence.arguments import values
    from runner.profile.model import Arg, Operator

    if _COMPARED.search(text):
        raise _no_condition(text)
    seen: list[SeenCall] = []
    read_evidence(text, arch, observer=seen.append)
    known = [call for call in seen if not call.name.startswith("#")]
    if not known:
        raise UsageError(
            f"{text[:60]!r} is not a system call",
            remedy="write its name, and arguments behind it: 'socket AF_VSOCK'",
        )
    found = []
    for call in known:
        looked_at = {arg.index for rule in profile.rules if call.name in rule.names for arg in rule.args}
        shown = values(call, arch)
        found.append(
            (
                call.name,
                tuple(
                    Arg(index, value, Operator.EQ)
                    for index, value in enumerate(shown)
                    if index in looked_at and value is not None
                ),
            )
        )
    return found
