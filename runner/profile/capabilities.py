"""Linux capabilities by the names that conditions of a profile use."""

from runner.errors import UsageError
from runner.profile.version import Version
from runner.suggest import nearest

TYPE_CHECKING = False  # typing is slow to import
if TYPE_CHECKING:
    from collections.abc import Iterable


def _named(names: str) -> frozenset[str]:
    return frozenset(f"CAP_{name}" for name in names.split())


ALL_CAPABILITIES = _named(
    "CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE "
    "NET_BIND_SERVICE NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT "
    "SYS_PTRACE SYS_PACCT SYS_ADMIN SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE "
    "AUDIT_WRITE AUDIT_CONTROL SETFCAP MAC_OVERRIDE MAC_ADMIN SYSLOG WAKE_ALARM BLOCK_SUSPEND AUDIT_READ "
    "PERFMON BPF CHECKPOINT_RESTORE"
)
"""The capabilities that `--cap-add ALL` gives on kernel 5.9 and newer, with an engine that knows them all."""

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
        ALL_CAPABILITIES - _NEWEST if engine is not None and engine < _KNOWS_ALL_SINCE else ALL_CAPABILITIES
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
    if engine is not None and engine < _ADDED_ALL_WINS_SINCE:
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
    return f"CAP_{word.upper().removeprefix('CAP_')}"


def read_capabilities(text: str, engine: Version | None = None) -> frozenset[str]:
    """Read `default`, `all`, `none`, or names separated by commas, in any case and with or without `CAP_`.

    Raises:
        UsageError: the kernel has no capability of that name.
    """
    sets = {"all": all_capabilities(engine), "default": DEFAULT_CAPABILITIES, "none": frozenset[str]()}
    named = sets.get(text.strip().lower())
    if named is not None:
        return named
    return frozenset(_capability(word.strip()) for word in text.split(",") if word.strip())


def _capability(word: str) -> str:
    name = capability_name(word)
    if name not in ALL_CAPABILITIES:
        near = nearest(word.lower(), ("default", "all", "none")) or nearest(name, ALL_CAPABILITIES)
        raise UsageError(
            f"unknown capability '{word}'" + (f"; did you mean {near}?" if near else ""),
            remedy="write default, all, none, or names such as CAP_SYS_ADMIN; `man 7 capabilities` lists them",
        )
    return name
