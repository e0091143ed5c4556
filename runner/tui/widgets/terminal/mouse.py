"""Conversion of Textual's mouse events to a terminal's."""

from textual import events

from runner.terminal.mouse import (
    NO_BUTTON,
    WHEEL_DOWN,
    WHEEL_LEFT,
    WHEEL_RIGHT,
    WHEEL_UP,
    MouseAction,
    MouseInput,
)

_WHEEL = {
    events.MouseScrollUp: WHEEL_UP,
    events.MouseScrollDown: WHEEL_DOWN,
    events.MouseScrollLeft: WHEEL_LEFT,
    events.MouseScrollRight: WHEEL_RIGHT,
}


def wheel_button(event: events.MouseEvent) -> int:
    """The button number of a wheel movement."""
    return _WHEEL[type(event)]


def mouse_input(
    event: events.MouseEvent, action: MouseAction, x: int, y: int, *, button: int | None = None
) -> MouseInput:
    """An event at a cell; `button` is for events without one in Textual."""
    if button is None:
        # Textual counts buttons from 1; 0 means none.
        button = event.button - 1 if event.button else NO_BUTTON
    return MouseInput(
        action=action, button=button, x=x, y=y, shift=event.shift, alt=event.meta, ctrl=event.ctrl
    )
