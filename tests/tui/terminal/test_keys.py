"""Textual's keys as the bytes xterm sends."""

import pytest

from runner.terminal.emulator import Modes
from runner.tui.widgets.terminal.keys import encode_key, encode_paste

PLAIN = Modes()


@pytest.mark.parametrize(
    ("key", "character", "expected"),
    [
        ("a", "a", b"a"),
        ("A", "A", b"A"),
        ("plus", "+", b"+"),
        ("ü", "ü", "ü".encode()),
        ("你", "你", "你".encode()),
        ("space", " ", b" "),
        ("enter", "\r", b"\r"),
        ("tab", "\t", b"\t"),
        ("shift+tab", None, b"\x1b[Z"),
        ("escape", "\x1b", b"\x1b"),
        ("backspace", "\x7f", b"\x7f"),
        ("ctrl+backspace", None, b"\x08"),
        ("alt+backspace", None, b"\x1b\x7f"),
        ("delete", None, b"\x1b[3~"),
        ("insert", None, b"\x1b[2~"),
        ("pageup", None, b"\x1b[5~"),
        ("ctrl+pagedown", None, b"\x1b[6;5~"),
        ("up", None, b"\x1b[A"),
        ("down", None, b"\x1b[B"),
        ("right", None, b"\x1b[C"),
        ("left", None, b"\x1b[D"),
        ("home", None, b"\x1b[H"),
        ("end", None, b"\x1b[F"),
        ("shift+up", None, b"\x1b[1;2A"),
        ("alt+left", None, b"\x1b[1;3D"),
        ("ctrl+right", None, b"\x1b[1;5C"),
        ("ctrl+shift+end", None, b"\x1b[1;6F"),
        ("alt+ctrl+shift+home", None, b"\x1b[1;8H"),
        ("f1", None, b"\x1bOP"),
        ("f4", None, b"\x1bOS"),
        ("f5", None, b"\x1b[15~"),
        ("f10", None, b"\x1b[21~"),
        ("f12", None, b"\x1b[24~"),
        ("f13", None, b"\x1b[1;2P"),
        ("f17", None, b"\x1b[15;2~"),
        ("shift+f5", None, b"\x1b[15;2~"),
        ("ctrl+f1", None, b"\x1b[1;5P"),
        ("alt+a", None, b"\x1ba"),
        ("alt+A", "A", b"\x1bA"),
        ("alt+enter", None, b"\x1b\r"),
        ("ctrl+a", "\x01", b"\x01"),
        ("ctrl+c", "\x03", b"\x03"),
        ("ctrl+j", "\n", b"\n"),
        ("ctrl+p", "\x10", b"\x10"),
        ("ctrl+q", "\x11", b"\x11"),
        ("ctrl+z", "\x1a", b"\x1a"),
        ("ctrl+shift+a", None, b"\x01"),
        ("alt+ctrl+x", None, b"\x1b\x18"),
        ("ctrl+@", "\x00", b"\x00"),
        ("ctrl+space", None, b"\x00"),
        ("ctrl+left_square_bracket", None, b"\x1b"),
        ("ctrl+backslash", "\x1c", b"\x1c"),
        ("ctrl+right_square_bracket", "\x1d", b"\x1d"),
        ("ctrl+circumflex_accent", "\x1e", b"\x1e"),
        ("ctrl+underscore", "\x1f", b"\x1f"),
        ("ctrl+minus", None, b"\x1f"),
        ("ctrl+slash", None, b"\x1f"),
        ("ctrl+2", None, b"\x00"),
        ("ctrl+8", None, b"\x7f"),
        ("caps_lock", None, b""),
        ("left_shift", None, b""),
    ],
)
def test_a_key_sends_what_xterm_sends(key, character, expected):
    assert encode_key(key, character, PLAIN) == expected


@pytest.mark.parametrize(
    ("key", "expected"), [("up", b"\x1bOA"), ("home", b"\x1bOH"), ("ctrl+up", b"\x1b[1;5A")]
)
def test_application_cursor_keys(key, expected):
    """Full-screen programs ask for these; a modifier makes no difference to them."""
    assert encode_key(key, None, Modes(application_cursor=True)) == expected


def test_backspace_and_newline_modes():
    assert encode_key("backspace", None, Modes(backarrow_sends_backspace=True)) == b"\x08"
    assert encode_key("enter", "\r", Modes(newline=True)) == b"\r\n"


def test_a_paste_has_the_line_ends_of_typing():
    assert encode_paste("a\r\nb\nc", PLAIN) == b"a\rb\rc"


def test_a_paste_types_no_control_keys():
    """But keeps what joins an emoji, which is no control character."""
    assert encode_paste("a\x03b👨\u200d👩\x9b", PLAIN) == "ab👨\u200d👩".encode()


def test_a_bracketed_paste_cannot_end_its_own_bracket():
    """A pasted end mark would let the rest of the text run as commands."""
    data = encode_paste("safe\x1b[201~rm -rf /\n\tx", Modes(bracketed_paste=True))
    assert data == b"\x1b[200~safe[201~rm -rf /\r\tx\x1b[201~"
