"""Linux capabilities by the names that conditions of a profile use."""

import re

from runner.errors import UsageError
from runner.profile.version import Version
from runner.suggest import nearest

TYPE_CHECKING = False  # typing is slow to import
if TYPE_CHECKING:
    from collections.abc import Iterable


def _named(names: str) -> frozenset[str]:
    return frozenset(f"CAP_{name}" for name in names.split())


_IN_ORDER = (
    "CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE "
    "NET_BIND_SERVICE NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT "
    "SYS_PTRACE SYS_PACCT SYS_ADMIN SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE "
    "AUDIT_WRITE AUDIT_CONTROL SETFCAP MAC_OVERRIDE MAC_ADMIN SYSLOG WAKE_ALARM BLOCK_SUSPEND AUDIT_READ "
    "PERFMON BPF CHECKPOINT_RESTORE"
)
"""In the order of their numbers."""
ALL_CAPABILITIES = _named(_IN_ORDER)
"""The capabilities that `--cap-add ALL` gives on kernel 5.9 and newer, with an engine that knows them all."""

_REMEDY = "write default, all, none, a mask of CapBnd, or names such as CAP_SYS_ADMIN; `man 7 capabilities` lists them"
_FIELD = re.compile(r"Cap(?:Inh|Prm|Eff|Bnd|Amb):")
_MASK = re.compile(r"0[xX][0-9a-fA-F]{1,16}|[0-9a-fA-F]{16}")
_KNOWS_ALL_SINCE = Version.of("23")
_ADDED_ALL_WINS_SINCE = Version.of("20.10")
PRIVILEGED_PROFILE_SINCE = Version.of("27")
"""The engine from which on a privileged container keeps a profile that is named for it."""
_NEWEST = _named("PERFMON BPF CHECKPOINT_RESTORE")

DEFAULT_CAPABILITIES = _named(
    "CHOWN DAC_OVERRIDE FSETID FOWNER MKNOD NET_RAW SETGID SETUID SETFCAP SETPCAP NET_BIND_SERVICE "
    "SYS_CHROOT KILL AUDIT_WRITE"
)
"""The capabilities of a container without `--cap-add` and `--cap-drop`."""


def all_capabilities(engine: Version | None) -> frozenset[str]:
    """The capabilities that `--cap-add ALL` gives; engines before 23 lack the three newest (None: a current engine)."""
    return (
        ALL_CAPABILITIES - _NEWEST
        if engine is not None and not engine.reaches(_KNOWS_ALL_SINCE)
        else ALL_CAPABILITIES
    )


def container_capabilities(
    added: "Iterable[str]", dropped: "Iterable[str]", *, privileged: bool, engine: Version | None = None
) -> frozenset[str]:
    """A container's bounding set under an engine; None is a current one.

    ALL added gives every capability less those dropped by name; else ALL dropped leaves those added by name. With both,
    engines before 20.10 obey the ALL that is dropped. A privileged container has every capability, whatever is dropped.
    """
    every = all_capabilities(engine)
    if privileged:
        return every
    add_all, more = _names(added)
    drop_all, gone = _names(dropped)
    if engine is not None and not engine.reaches(_ADDED_ALL_WINS_SINCE):
        basis = every if add_all else DEFAULT_CAPABILITIES
        return more if drop_all else (basis - gone) | more
    if add_all:
        return every - gone
    return more if drop_all else (DEFAULT_CAPABILITIES - gone) | more


def _names(words: "Iterable[str]") -> tuple[bool, frozenset[str]]:
    """Split words into whether ALL is among them, and the capabilities that the others name."""
    given = {word.upper() for word in words}
    return "ALL" in given, frozenset(map(capability_name, given - {"ALL"}))


def capability_name(word: str) -> str:
    """The name as the kernel has it (`CAP_CHOWN`) of a word in any case, with or without `CAP_`."""
    return f"CAP_{short_name(word)}"


def short_name(word: str) -> str:
    """The name as Docker's options have it (`CHOWN`) of a word in any case, with or without `CAP_`."""
    return word.upper().removeprefix("CAP_")


def read_capabilities(text: str, engine: Version | None = None) -> frozenset[str]:
    """Read `default`, `all`, `none`, names in any case and with or without `CAP_`, or a mask as /proc shows it.

    Several are separated by commas or blanks (`default,SYS_ADMIN`), and taken together.

    Raises:
        UsageError: the kernel has no capability of that name, or of that bit of a mask.
    """
    words = [word for word in re.split(r"[\s,]+", text) if word and not _FIELD.fullmatch(word)]
    if not words:
        raise UsageError("no capability is named", remedy=_REMEDY)
    sets = {"all": all_capabilities(engine), "default": DEFAULT_CAPABILITIES, "none": frozenset[str]()}
    found = set[str]()
    for word in words:
        if word.lower() in sets:
            found |= sets[word.lower()]
        elif _MASK.fullmatch(word):
            found |= _masked(word)
        else:
            found.add(_capability(word, sets))
    return frozenset(found)


def _masked(word: str) -> frozenset[str]:
    """The capabilities of a mask, as `CapBnd:` in /proc/PID/status shows it.

    Raises:
        UsageError: it has a bit that stands for no capability.
    """
    mask, names = int(word, 16), _IN_ORDER.split()
    if mask >> len(names):
        raise UsageError(
            f"the mask {word} has bit {mask.bit_length() - 1}, and the last capability is bit {len(names) - 1}",
            remedy=_REMEDY,
        )
    return frozenset(f"CAP_{name}" for bit, name in enumerate(names) if mask >> bit & 1)


def _capability(word: str, sets: "Iterable[str]") -> str:
    """The full name of a capability; `sets` are the other words that may be meant.

    Raises:
        UsageError: the kernel has no capability of that name.
    """
    name = capability_name(word)
    if name not in ALL_CAPABILITIES:
        near = nearest(word.lower(), sets) or nearest(name, ALL_CAPABILITIES)
        raise UsageError(
            f"unknown capability '{word}'" + (f"; did you mean {near}?" if near else ""), remedy=_REMEDY
        )
    return name
