"""Mouse events as xterm's protocols write them."""

import pytest

from runner.terminal.emulator import Modes, MouseFormat, MouseTracking
from runner.terminal.mouse import (
    LEFT,
    NO_BUTTON,
    RIGHT,
    WHEEL_DOWN,
    WHEEL_UP,
    MouseAction,
    MouseInput,
    encode_mouse,
)


def event(action=MouseAction.PRESS, button=LEFT, x=4, y=9, **modifiers):
    return MouseInput(action=action, button=button, x=x, y=y, **modifiers)


def modes(tracking=MouseTracking.NORMAL, form=MouseFormat.SGR):
    return Modes(mouse=tracking, mouse_format=form)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (event(), b"\x1b[<0;5;10M"),
        (event(MouseAction.RELEASE), b"\x1b[<0;5;10m"),
        (event(button=RIGHT, ctrl=True), b"\x1b[<18;5;10M"),
        (event(button=WHEEL_UP), b"\x1b[<64;5;10M"),
        (event(button=WHEEL_DOWN, alt=True, shift=True), b"\x1b[<77;5;10M"),
        (event(x=300, y=200), b"\x1b[<0;301;201M"),
    ],
)
def test_sgr(given, expected):
    assert encode_mouse(given, modes()) == expected


def test_the_original_protocol_forgets_which_button_was_released():
    assert encode_mouse(event(), modes(form=MouseFormat.X10)) == b"\x1b[M %*"
    assert encode_mouse(event(MouseAction.RELEASE), modes(form=MouseFormat.X10)) == b"\x1b[M#%*"


def test_the_original_protocol_cannot_say_a_far_column():
    assert encode_mouse(event(x=222), modes(form=MouseFormat.X10)) == b"\x1b[M \xff*"
    assert encode_mouse(event(x=223), modes(form=MouseFormat.X10)) == b""
    assert encode_mouse(event(x=223), modes(form=MouseFormat.UTF8)) == "\x1b[M \u0100*".encode()


def test_urxvt():
    assert encode_mouse(event(), modes(form=MouseFormat.URXVT)) == b"\x1b[32;5;10M"


@pytest.mark.parametrize(
    ("tracking", "wanted"),
    [
        (MouseTracking.NONE, set()),
        (MouseTracking.PRESS, {"press"}),
        (MouseTracking.NORMAL, {"press", "wheel", "release"}),
        (MouseTracking.DRAG, {"press", "wheel", "release", "drag"}),
        (MouseTracking.ANY, {"press", "wheel", "release", "drag", "move"}),
    ],
)
def test_a_program_gets_what_it_asked_for_and_no_more(tracking, wanted):
    events = {
        "press": event(),
        "wheel": event(button=WHEEL_UP),
        "release": event(MouseAction.RELEASE),
        "drag": event(MouseAction.MOVE),
        "move": event(MouseAction.MOVE, NO_BUTTON),
    }
    assert {name for name, given in events.items() if encode_mouse(given, modes(tracking))} == wanted


def test_motion_is_marked():
    assert encode_mouse(event(MouseAction.MOVE), modes(MouseTracking.DRAG)) == b"\x1b[<32;5;10M"
    assert encode_mouse(event(MouseAction.MOVE, NO_BUTTON), modes(MouseTracking.ANY)) == b"\x1b[<35;5;10M"
