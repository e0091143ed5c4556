"""The system's libseccomp through ctypes: names, numbers, and rules compiled to a BPF program.

The library is loaded at the first use: importing this module costs nothing, and works where it is missing.
"""

import ctypes
import errno
import os
from collections.abc import Iterable
from functools import lru_cache

from runner.errors import ExitCode, WorkshopError
from runner.language import tr

SONAME = "libseccomp.so.2"
NATIVE = 0
_UNKNOWN = -1
_OPTIMIZE = 8
_BINARY_TREE = 2
_API_LEVELS = (7, 6, 5)

TYPE_CHECKING = False  # typing is slow to import
if TYPE_CHECKING:
    from typing import ClassVar


class LibseccompMissingError(WorkshopError):
    """This machine has no libseccomp, so no filter can be compiled."""

    exit_code: "ClassVar[ExitCode]" = ExitCode.ENGINE


class LibseccompTooOldError(LibseccompMissingError):
    """This machine's libseccomp does not know an architecture, so no filter can be compiled for it."""


class RuleRefusedError(Exception):
    """libseccomp refuses a rule; `errno` is the C library's number."""

    def __init__(self, number: int) -> None:
        super().__init__(os.strerror(number))
        self.errno = number


class _Comparison(ctypes.Structure):
    """`struct scmp_arg_cmp`."""

    _fields_ = (
        ("arg", ctypes.c_uint),
        ("op", ctypes.c_int),
        ("datum_a", ctypes.c_uint64),
        ("datum_b", ctypes.c_uint64),
    )


class _Version(ctypes.Structure):
    """`struct scmp_version`."""

    _fields_ = (("major", ctypes.c_uint), ("minor", ctypes.c_uint), ("micro", ctypes.c_uint))


@lru_cache(maxsize=1)
def _library() -> ctypes.CDLL:
    try:
        library = ctypes.CDLL(SONAME)
    except OSError as error:
        raise LibseccompMissingError(
            tr(
                "cannot load {library}: simulating a profile needs the library that compiles it",
                library=SONAME,
            ),
            remedy=tr(
                "install it: `apt install libseccomp2`, `dnf install libseccomp` or `apk add libseccomp`"
            ),
        ) from error
    uint, integer, pointer = ctypes.c_uint32, ctypes.c_int, ctypes.c_void_p
    signatures: dict[str, tuple[object, list[object]]] = {
        "seccomp_init": (pointer, [uint]),
        "seccomp_release": (None, [pointer]),
        "seccomp_arch_add": (integer, [pointer, uint]),
        "seccomp_arch_remove": (integer, [pointer, uint]),
        "seccomp_arch_exist": (integer, [pointer, uint]),
        "seccomp_arch_native": (uint, []),
        "seccomp_attr_set": (integer, [pointer, integer, uint]),
        "seccomp_rule_add_array": (
            integer,
            [pointer, uint, integer, ctypes.c_uint, ctypes.POINTER(_Comparison)],
        ),
        "seccomp_export_bpf": (integer, [pointer, integer]),
        "seccomp_syscall_resolve_name": (integer, [ctypes.c_char_p]),
        "seccomp_syscall_resolve_name_arch": (integer, [uint, ctypes.c_char_p]),
        "seccomp_syscall_resolve_num_arch": (pointer, [uint, integer]),
        "seccomp_version": (ctypes.POINTER(_Version), []),
        "seccomp_api_set": (integer, [ctypes.c_uint]),
    }
    for name, (result, arguments) in signatures.items():
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
    # The library offers only the actions of the running kernel; a profile is compiled for any kernel.
    for level in _API_LEVELS:
        if library.seccomp_api_set(level) == 0:
            break
    return library


@lru_cache(maxsize=1)
def _free() -> ctypes.CDLL:
    libc = ctypes.CDLL(None)
    libc.free.argtypes = [ctypes.c_void_p]
    return libc


@lru_cache(maxsize=1)
def version() -> str:
    """The library's version, such as `2.5.4`."""
    found = _library().seccomp_version().contents
    return f"{found.major}.{found.minor}.{found.micro}"


def knows_architecture(token: int) -> bool:
    """True if the library can compile for an architecture."""
    # Every architecture has read; for an unknown architecture, the library returns a different error.
    return number("read", token) is not None


@lru_cache(maxsize=1)
def native_arch() -> int:
    """The token of the architecture that this machine runs."""
    return int(_library().seccomp_arch_native())


def _c_string(name: str) -> bytes | None:
    encoded = name.encode("utf-8", "replace")
    return None if b"\0" in encoded else encoded


@lru_cache(maxsize=4096)
def native_number(name: str) -> int | None:
    """The number for a call in a rule: negative for a call that only other architectures have, None if unknown."""
    encoded = _c_string(name)
    number = _UNKNOWN if encoded is None else int(_library().seccomp_syscall_resolve_name(encoded))
    return None if number == _UNKNOWN else number


@lru_cache(maxsize=16384)
def number(name: str, arch: int) -> int | None:
    """The number of a call on an architecture: negative if the architecture lacks it, None if the name is unknown."""
    encoded = _c_string(name)
    found = _UNKNOWN if encoded is None else int(_library().seccomp_syscall_resolve_name_arch(arch, encoded))
    return None if found == _UNKNOWN else found


@lru_cache(maxsize=16384)
def name(number: int, arch: int) -> str | None:
    """The name of a call's number on an architecture; None if the library does not know the number."""
    text = _library().seccomp_syscall_resolve_num_arch(arch, number)
    if not text:
        return None
    try:
        return ctypes.string_at(text).decode("ascii", "replace")
    finally:
        _free().free(text)


class Builder:
    """A filter under construction; use it as a context manager, since the library holds memory for it."""

    def __init__(self, default_action: int) -> None:
        self._library = _library()
        self._context = self._library.seccomp_init(default_action)
        if not self._context:
            raise RuleRefusedError(errno.EINVAL)

    def __enter__(self) -> "Builder":
        return self

    def __exit__(self, *_: object) -> None:
        self._library.seccomp_release(self._context)
        self._context = None

    def set_architectures(self, tokens: Iterable[int]) -> None:
        """Compile for these architectures, all with one byte order, instead of the native one."""
        wanted = tuple(dict.fromkeys(tokens))
        if native_arch() not in wanted:
            # Removed first: the library refuses to mix byte orders, even briefly.
            self._check(self._library.seccomp_arch_remove(self._context, NATIVE))
        for token in wanted:
            self._check(self._library.seccomp_arch_add(self._context, token), harmless=errno.EEXIST)

    def use_binary_tree(self) -> None:
        """Look calls up by bisection; a library without this feature compiles a list, with the same decisions."""
        self._library.seccomp_attr_set(self._context, _OPTIMIZE, _BINARY_TREE)

    def add(
        self, action: int, native_number: int, conditions: Iterable[tuple[int, int, int, int]] = ()
    ) -> None:
        """Add a rule; a condition is (argument, operator's number, first value, second value)."""
        comparisons = [_Comparison(*condition) for condition in conditions]
        array = (_Comparison * len(comparisons))(*comparisons)
        result = self._library.seccomp_rule_add_array(
            self._context, action, native_number, len(comparisons), array
        )
        self._check(result)

    def export(self) -> bytes:
        """The compiled BPF program, in the byte order of the filter's architectures."""
        descriptor = os.memfd_create("seccomp", os.MFD_CLOEXEC)
        try:
            self._check(self._library.seccomp_export_bpf(self._context, descriptor))
            os.lseek(descriptor, 0, os.SEEK_SET)
            with os.fdopen(os.dup(descriptor), "rb") as file:
                return file.read()
        finally:
            os.close(descriptor)

    def _check(self, result: int, *, harmless: int = 0) -> None:
        if result < 0 and -result != harmless:
            raise RuleRefusedError(-result)
