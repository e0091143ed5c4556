"""Names that the kernel's functions, and the tools that show these, have for calls."""

from runner.profile.calls.syscalls import Arch, own_number

CALL_OF_FUNCTION = {
    "newstat": "stat",
    "newfstat": "fstat",
    "newlstat": "lstat",
    "newuname": "uname",
    "old_mmap": "mmap",
    "oldselect": "select",
    "olduname": "uname",
    "oldumount": "umount",
    "umount": "umount2",
    "pread": "pread64",
    "pwrite": "pwrite64",
    "sendfile64": "sendfile",
}
"""The call that each of these names means. Some are also names of calls, on other architectures or of older ones."""


def own_name(name: str, arch: Arch) -> str:
    """The call that a tool means by a name on an architecture which has no call of that name; else the name itself."""
    meant = CALL_OF_FUNCTION.get(name)
    if meant is None or own_number(name, arch) is not None or own_number(meant, arch) is None:
        return name
    return meant
