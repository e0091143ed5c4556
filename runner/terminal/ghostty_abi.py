"""The C interface of libghostty-vt, as far as the emulator needs it.

The library describes its own types (`ghostty_type_json`): struct layouts, enum values and the bits of a
packed cell are taken from there, so only function signatures are written down here. It is loaded from
pyghostty's wheel without importing pyghostty, whose import parses 3,500 lines of C declarations.
"""

import ctypes
import json
from ctypes import POINTER, c_bool, c_int32, c_size_t, c_uint16, c_uint32, c_uint64, c_void_p
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from runner.terminal.library import library

WRITE_FN = ctypes.CFUNCTYPE(None, c_void_p, c_void_p, c_void_p, c_size_t)
BELL_FN = ctypes.CFUNCTYPE(None, c_void_p, c_void_p)

_SCALARS: dict[str, Any] = {
    "bool": c_bool,
    "pointer": c_void_p,
    "i32": ctypes.c_int32,
    "i64": ctypes.c_int64,
    "u8": ctypes.c_uint8,
    "u16": c_uint16,
    "u32": c_uint32,
    "u64": c_uint64,
}


class AbiMismatchError(ImportError):
    """The library has a version that this module cannot use."""


class ByValue(ctypes.Structure):
    """A tagged union of 24 bytes: libffi cannot pass one by value, but a struct laid out like it."""

    _fields_ = (("tag", c_int32), ("first", c_uint64), ("second", c_uint64))


@dataclass(frozen=True, slots=True)
class Bits:
    """A field of a packed integer."""

    shift: int
    mask: int

    def of(self, value: int) -> int:
        """The field's value in an integer."""
        return value >> self.shift & self.mask

    def to(self, value: int) -> int:
        """An integer with this value in the field, and zeros elsewhere."""
        return value << self.shift


class Abi:
    """The loaded library: its functions, and its types by name."""

    def __init__(self, path: Path) -> None:
        self._made: dict[str, Any] = {}
        self._blanks: dict[str, Any] = {}
        try:
            self.lib = ctypes.CDLL(str(path))
            self.lib.ghostty_type_json.restype = ctypes.c_char_p
            self._types: dict[str, Any] = json.loads(self.lib.ghostty_type_json())["types"]
            _declare(self.lib, self.struct("GhosttyTerminalSelectionFormatOptions"))
            for name in ("GhosttyPoint", "GhosttyTerminalScrollViewport"):
                if self._types[name]["size"] != ctypes.sizeof(ByValue):
                    raise AbiMismatchError(f"{path}: {name} has an unexpected size")
        except (OSError, AttributeError, KeyError, ValueError) as error:
            raise AbiMismatchError(f"{path}: not a usable libghostty-vt ({error})") from error

    def enum(self, name: str) -> dict[str, int]:
        """The values of an enum, by their names without prefix."""
        values: dict[str, int] = self._types[name]["values"]
        return values

    def cell_bits(self, name: str) -> Bits:
        """A field of a packed cell."""
        bits = self._types["GhosttyCell"]["bits"][name]
        return Bits(bits["lsb"], (1 << bits["width"]) - 1)

    def codepoint_mask(self) -> int:
        """The bits of a cell's content that hold its code point, when it holds one."""
        bits = self._types["GhosttyCell"]["bits"]["content"]["arms"]["CODEPOINT"]["bits"]["codepoint"]
        if bits["lsb"]:
            raise AbiMismatchError("the code point is not at the start of a cell's content")
        return (1 << int(bits["width"])) - 1

    def new(self, name: str, **fields: Any) -> Any:
        """A struct with its `size` fields filled in."""
        if name not in self._blanks:
            blank = self.struct(name)()
            _fill_sizes(blank)
            self._blanks[name] = blank
        value = type(self._blanks[name]).from_buffer_copy(self._blanks[name])
        for field, content in fields.items():
            setattr(value, field, content)
        return value

    def struct(self, name: str) -> Any:
        """The ctypes class of a type."""
        if name not in self._made:
            self._made[name] = self._make(name, self._types[name])
        return self._made[name]

    def _make(self, name: str, described: dict[str, Any]) -> Any:
        kind = described["kind"]
        if kind == "enum":
            return c_int32
        if kind == "alias":
            return _SCALARS[described["type"]]
        if kind == "union":
            # Only ever read as bytes; whole words keep its size and alignment.
            return c_uint64 * (described["size"] // 8)
        members = described["fields"].items()
        fields = [(field, _SCALARS.get(spec["type"]) or self.struct(spec["type"])) for field, spec in members]
        made = type(name, (ctypes.Structure,), {"_fields_": fields})
        if ctypes.sizeof(made) != described["size"]:
            raise AbiMismatchError(f"{name}: the library's layout has gaps that ctypes does not reproduce")
        return made


@cache
def load() -> Abi:
    """The library from the installed pyghostty wheel.

    Raises:
        NoEmulatorError: the library is missing.
        AbiMismatchError: its version is not one that this module can use.
    """
    return Abi(library())


def _fill_sizes(value: ctypes.Structure) -> None:
    for name, *_ in value._fields_:
        member = getattr(value, name)
        if name == "size":
            value.size = ctypes.sizeof(value)
        elif isinstance(member, ctypes.Structure):
            _fill_sizes(member)


def _declare(lib: ctypes.CDLL, format_options: Any) -> None:
    handle, out, word = c_void_p, c_void_p, c_size_t
    signatures: dict[str, tuple[Any, tuple[Any, ...]]] = {
        "terminal_new": (c_int32, (out, POINTER(handle), c_uint16, c_uint16)),
        "terminal_free": (None, (handle,)),
        "terminal_resize": (c_int32, (handle, c_uint16, c_uint16, c_uint32, c_uint32)),
        "terminal_set": (c_int32, (handle, c_int32, out)),
        "terminal_get": (c_int32, (handle, c_int32, out)),
        "terminal_vt_write": (None, (handle, ctypes.c_char_p, word)),
        "terminal_scroll_viewport": (None, (handle, ByValue)),
        "terminal_grid_ref": (c_int32, (handle, ByValue, out)),
        "terminal_grid_ref_track": (c_int32, (handle, ByValue, POINTER(handle))),
        "terminal_point_from_grid_ref": (c_int32, (handle, out, c_int32, out)),
        "terminal_select_word": (c_int32, (handle, out, out)),
        "terminal_select_line": (c_int32, (handle, out, out)),
        "terminal_selection_format_buf": (c_int32, (handle, format_options, out, word, POINTER(word))),
        "tracked_grid_ref_snapshot": (c_int32, (handle, out)),
        "tracked_grid_ref_free": (None, (handle,)),
        "render_state_new": (c_int32, (out, POINTER(handle))),
        "render_state_free": (None, (handle,)),
        "render_state_update": (c_int32, (handle, handle)),
        "render_state_clean": (c_int32, (handle,)),
        "render_state_get": (c_int32, (handle, c_int32, out)),
        "render_state_row_iterator_new": (c_int32, (out, POINTER(handle))),
        "render_state_row_iterator_free": (None, (handle,)),
        "render_state_row_iterator_next": (c_bool, (handle,)),
        "render_state_row_iterator_next_dirty": (c_bool, (handle, POINTER(c_uint16))),
        "render_state_row_get": (c_int32, (handle, c_int32, out)),
        "render_state_row_cells_new": (c_int32, (out, POINTER(handle))),
        "render_state_row_cells_free": (None, (handle,)),
        "render_state_row_cells_select": (c_int32, (handle, c_uint16)),
        "render_state_row_cells_get": (c_int32, (handle, c_int32, out)),
    }
    for name, (result, arguments) in signatures.items():
        function = getattr(lib, f"ghostty_{name}")
        function.restype, function.argtypes = result, arguments
