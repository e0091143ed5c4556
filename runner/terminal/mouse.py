"""Mouse events encoded in the protocol that a program asked for (xterm's protocols)."""

from dataclasses import dataclass
from enum import Enum

from runner.terminal.emulator import Modes, MouseFormat, MouseTracking

LEFT, MIDDLE, RIGHT, NO_BUTTON = 0, 1, 2, 3
WHEEL_UP, WHEEL_DOWN, WHEEL_LEFT, WHEEL_RIGHT = 64, 65, 66, 67

_MOTION = 32
_SHIFT, _ALT, _CTRL = 4, 8, 16
_X10_OFFSET = 32
_X10_LIMIT = 255 - _X10_OFFSET
_UTF8_LIMIT = 2047 - _X10_OFFSET


class MouseAction(Enum):
    """An action of a button, or of the wheel (a press)."""

    PRESS = "press"
    RELEASE = "release"
    MOVE = "move"


@dataclass(frozen=True, slots=True, kw_only=True)
class MouseInput:
    """One mouse event; `x` and `y` are cells from the top left of the terminal, counted from 0."""

    action: MouseAction
    button: int
    x: int
    y: int
    shift: bool = False
    alt: bool = False
    ctrl: bool = False


def encode_mouse(event: MouseInput, modes: Modes) -> bytes:
    """The bytes of an event; b"" if the program did not ask for this kind."""
    if not _wanted(event, modes.mouse):
        return b""
    code = event.button
    if event.action is MouseAction.MOVE:
        code += _MOTION
    if modes.mouse is not MouseTracking.PRESS:
        code += _SHIFT * event.shift + _ALT * event.alt + _CTRL * event.ctrl
    column, line = event.x + 1, event.y + 1
    released = event.action is MouseAction.RELEASE
    if modes.mouse_format is MouseFormat.SGR:
        return b"\x1b[<%d;%d;%d%c" % (code, column, line, b"m" if released else b"M")
    if released:
        code = code & ~NO_BUTTON | NO_BUTTON
    if modes.mouse_format is MouseFormat.URXVT:
        return b"\x1b[%d;%d;%dM" % (code + _X10_OFFSET, column, line)
    limit = _UTF8_LIMIT if modes.mouse_format is MouseFormat.UTF8 else _X10_LIMIT
    if max(column, line) > limit:
        return b""
    encoding = "utf-8" if modes.mouse_format is MouseFormat.UTF8 else "latin-1"
    values = (code + _X10_OFFSET, column + _X10_OFFSET, line + _X10_OFFSET)
    return b"\x1b[M" + "".join(map(chr, values)).encode(encoding)


def _wanted(event: MouseInput, tracking: MouseTracking) -> bool:
    if event.action is MouseAction.PRESS:
        return tracking is not MouseTracking.NONE and (
            tracking is not MouseTracking.PRESS or event.button < NO_BUTTON
        )
    if event.action is MouseAction.RELEASE:
        return tracking >= MouseTracking.NORMAL
    if event.button == NO_BUTTON:
        return tracking is MouseTracking.ANY
    return tracking >= MouseTracking.DRAG
