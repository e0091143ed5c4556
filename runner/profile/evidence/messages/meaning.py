"""The meaning of a message, as its words give it."""

import re
from collections.abc import Iterator

from runner.profile.calls.groups import KNOWN
from runner.profile.evidence.messages.deaths import DEATH, death
from runner.profile.evidence.messages.engine_commands import ENGINE_COMMANDS, of_engine_command
from runner.profile.evidence.messages.functions import calls_of, flags_of
from runner.profile.evidence.messages.left_out import left_out
from runner.profile.evidence.messages.model import OF_PINGS, OF_PROCESSES, OF_THREADS, Told
from runner.profile.evidence.messages.named import NameSaid, names_said
from runner.profile.evidence.messages.options import OPTIONS
from runner.profile.evidence.messages.others import (
    OTHERS,
    hidden_call,
    other_kernel,
    other_module,
    own_sandbox,
)
from runner.profile.evidence.messages.phrases import first_phrase
from runner.profile.evidence.messages.programs import (
    FILES,
    PROGRAMS,
    PROGRAMS_ALONE,
    STARTS_PROCESS,
    STARTS_THREAD,
)
from runner.profile.evidence.messages.refused_profiles import refused_profile
from runner.profile.evidence.messages.runtimes import OF_RUNTIME, RUNTIME_ALONE, before_the_program
from runner.profile.evidence.messages.services import SERVICES, of_services_filter
from runner.profile.evidence.messages.status import STATUS, of_status

_REFUSAL = (
    r"(?i)not permitted|permission denied|no permission|bad system call|function not implemented|errno ?[=:] ?1\b"
    r"|\b(?:EPERM|ENOSYS|SIGSYS)\b|31/SYS|must be superuser"
)
"""A reason that a refused call gives."""
_DENIED = re.compile(r"operation not permitted|function not implemented", re.IGNORECASE)
_TOOLS = frozenset(
    (
        *("mount", "umount", "unshare", "chmod", "chown", "chroot", "mkdir", "mknod", "reboot", "sync"),
        *("open", "utime"),
    )
)
_FUNCTIONS = frozenset(
    (
        *("fopen", "opendir", "popen", "posix_spawn", "posix_spawnp", "readdir", "scandir", "shm_open"),
        *("sem_open", "mkstemp", "mkfifo", "openpty", "posix_openpt", "isatty", "tcgetattr", "tcsetattr"),
        *("initgroups", "killpg", "realpath", "semop", "sigaction", "statvfs", "waitpid"),
        *("execvp", "execv"),
    )
)
"""Functions of the C library that are no calls, and no words that a message has for something else."""
_LIBUV = re.compile(
    r"\b(?:EPERM|ENOSYS|EACCES): [a-z ]{5,40}, ([a-z_]+)"
    r"|\b(spawn|listen|connect|bind) (?:\S+ )?(?:EPERM|ENOSYS|EACCES)\b"
)
"""An error of Node: libuv's function behind the error, or before it."""
_FUNCTION = re.compile(r"\b(keyctl_[a-zA-Z_]+|sete[ug]id)\b")
_PING = re.compile(r"\bping6?: (?:icmp open |permission denied \()?(?:raw )?socket\b", re.IGNORECASE)
_FLAGS = {STARTS_THREAD: OF_THREADS, STARTS_PROCESS: OF_PROCESSES}
_FAILURE = r"(?:fail|error|unable|cannot|invalid)"
_SAID_OF_SECCOMP = r"ignored|denied|violat|blocked|killed|unknown"
"""What a line says that is about seccomp, and no list of names with that call in it, and no source code."""
_ALONE = "|".join(
    (
        "closing exec fds|STATX_MNT_ID|cloned binary|parse system call, ignoring|is not known, ignoring",
        "send listener fd|SCMP_ACT_NOTIFY cannot|neither a default action nor any syscalls",
        *(pattern for pattern, _, _ in OPTIONS),
        DEATH,
        OTHERS,
        STATUS,
        SERVICES,
        ENGINE_COMMANDS,
        *(pattern for pattern, _, _ in (*RUNTIME_ALONE, *PROGRAMS_ALONE)),
    )
).lower()
"""A sign, in lower case, of a line that may be about a refusal though it gives no reason; most lines have none."""


def reports_refusal(text: str) -> bool:
    """True for a line of a log that says that something was refused, or whose words are known to come of that."""
    if re.search(_REFUSAL, text):
        return True
    # Twice as fast as a search that ignores case, and each line of a log comes here.
    low = text.lower()
    sign = re.search(_ALONE, low) or (re.search(_FAILURE, low) and OF_RUNTIME.search(text))
    if sign is None and "seccomp" in low:
        found = told(text)
        return found is not None and (found.refused or re.search(_SAID_OF_SECCOMP, low) is not None)
    return sign is not None and told(text) is not None


def told(text: str) -> Told | None:
    """Read a message about seccomp; None if it is not a known one."""
    text = text.replace('\\"', '"')  # as JSON and the engine's log write it
    if aside := _not_refused_by_seccomp(text):
        return aside
    if _PING.search(text):
        return Told(("socket",), "a socket for pings could not be opened", flags=OF_PINGS)
    words = list(names_said(text))
    named = tuple(word.name for word in words if word.name in KNOWN)
    if refused := refused_profile(text, named):
        return refused
    if before := before_the_program(text):
        return before
    if function := _LIBUV.search(text) or _FUNCTION.search(text):
        name = next(filter(None, function.groups()))
        if calls := calls_of(name) or ((name,) if name in KNOWN else ()):
            return Told(calls, f"the message names the function {name}", flags=flags_of(name))
    if exact := _named(words):
        return exact
    found = first_phrase(PROGRAMS_ALONE, text) or first_phrase(PROGRAMS, text)
    found = found or (first_phrase(FILES, text) if _DENIED.search(text) else None)
    if found:
        return Told(*found, flags=_FLAGS.get(found[1], ""))
    if named:
        return Told(tuple(dict.fromkeys(_behind(named))), "the message names the call")
    killed = death(text)
    return Told((), killed) if killed else None


_ASIDE = (
    other_module,
    own_sandbox,
    other_kernel,
    hidden_call,
    of_status,
    of_services_filter,
    of_engine_command,
    left_out,
)
"""What tells the meaning and the next step of a text that is about no refusal by a container's profile."""


def _not_refused_by_seccomp(text: str) -> Told | None:
    for read in _ASIDE:
        if other := read(text):
            return Told((), other[0], step=other[1])
    return None


def _named(words: list[NameSaid]) -> Told | None:
    """What a message says that names calls, or functions of the C library; None for one that names a tool alone."""
    calls: dict[str, None] = {}
    functions = []
    for name, said_to_be_call in words:
        if name in _TOOLS:
            continue
        if said_to_be_call and name in KNOWN:
            calls[name] = None
        elif not said_to_be_call and (name in KNOWN or name in _FUNCTIONS):
            behind = calls_of(name)
            calls.update(dict.fromkeys(behind or (name,)))
            functions += [name] * (behind not in ((), (name,)))
    if not calls:
        return None
    if functions:
        flags = flags_of(functions[0])
        return Told(tuple(calls), f"the message names the function {functions[0]}", flags=flags)
    return Told(tuple(calls), "the message names the call")


def _behind(names: tuple[str, ...]) -> Iterator[str]:
    for name in names:
        yield from calls_of(name) or (name,)
