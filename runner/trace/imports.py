"""The C library functions that a program's ELF file imports, and so the calls that it could make."""

import io
from collections.abc import Collection, Iterator

from elftools.elf.elffile import ELFFile
from elftools.elf.sections import SymbolTableSection

from runner.profile.calls.c_library import CALLS
from runner.profile.calls.groups import KNOWN
from runner.profile.calls.vdso import VDSO

_CLASS = 4
_NARROW = b"\x01"
"""The byte of an ELF file that tells whether it is one of 32 bits, and its value then."""
_MAPPED = frozenset(name for names in VDSO.values() for name in names)
"""Calls answered by code that the kernel maps into each program, of any architecture."""
_REMAINS = frozenset(
    (
        *("bdflush", "create_module", "ftime", "get_kernel_syms", "getpmsg", "gtty", "nfsservctl", "profil"),
        *("putpmsg", "query_module", "stty", "ulimit", "uselib", "ustat"),
    )
)
"""Functions named as calls that the library has for old programs only, and that make none of that name."""
_WIDER = ("32", "64", "_time64")
"""What follows a call's name in newer calls of 32-bit architectures."""


def imported(program: bytes) -> Iterator[tuple[str, Collection[str]]]:
    """The functions imported by an ELF file that make system calls, each with these calls.

    Empty for other files, and for static programs, which import nothing.
    """
    narrow = program[_CLASS : _CLASS + 1] == _NARROW
    for function in sorted(_undefined(program)):
        name, calls = _calls(function.removeprefix("__"))
        if calls and narrow:
            newer = tuple(call + suffix for call in calls for suffix in _WIDER)
            calls = (*calls, *(call for call in newer if call in KNOWN))
        if calls:
            yield name, calls


def _calls(function: str) -> tuple[str, Collection[str]]:
    """A function's name without the size of file offsets, and its calls, of which some have that in their names."""
    plain = function.removesuffix("64")
    for name in (function, plain):
        if name in CALLS:
            return name, CALLS[name]
    for name in (plain, function, f"{plain}64"):
        if name in KNOWN - _MAPPED - _REMAINS:
            return (plain if name == plain else function), (name,)
    return function, ()


def why_not_looked_into(program: bytes) -> str:
    """The reason why a program's file does not tell what it could call; "" if it does."""
    if not program:
        return "its file could not be read"
    if not program.startswith(b"\x7fELF"):
        return "a script, whose interpreter is another program"
    return "" if _undefined(program) else "a static program, which imports nothing"


def _undefined(program: bytes) -> set[str]:
    try:
        elf = ELFFile(io.BytesIO(program))
        return {
            symbol.name
            for section in elf.iter_sections()
            if isinstance(section, SymbolTableSection) and section.name == ".dynsym"
            for symbol in section.iter_symbols()
            if symbol["st_shndx"] == "SHN_UNDEF" and symbol.name
        }
    except Exception:  # noqa: BLE001 - for a damaged file, the library raises any error that its parser runs into
        return set()
