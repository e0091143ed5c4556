"""Textual's key events as the bytes that xterm sends for them."""

from codecs import getincrementaldecoder

from runner.terminal.emulator import Modes

_CURSOR = {"up": "A", "down": "B", "right": "C", "left": "D", "end": "F", "home": "H"}
_EDIT = {"insert": 2, "delete": 3, "pageup": 5, "pagedown": 6}
_FUNCTION = {1: "P", 2: "Q", 3: "R", 4: "S"}
_FUNCTION_TILDE = dict(zip(range(5, 13), (15, 17, 18, 19, 20, 21, 23, 24), strict=True))
_FUNCTION_ROW = 12
_SHIFT, _ALT, _CTRL = 1, 2, 4
_MODIFIERS = {"shift": _SHIFT, "alt": _ALT, "meta": _ALT, "ctrl": _CTRL}

_PUNCTUATION = {
    "space": " ",
    "at": "@",
    "left_square_bracket": "[",
    "left_square_brace": "[",
    "backslash": "\\",
    "right_square_bracket": "]",
    "right_square_brace": "]",
    "circumflex_accent": "^",
    "underscore": "_",
    "minus": "-",
    "slash": "/",
    "question_mark": "?",
    "grave_accent": "`",
    "tilde": "~",
}
# The bytes that a PC keyboard sends with Ctrl for keys outside ASCII's control columns.
_CONTROL = {
    " ": 0,
    "2": 0,
    "`": 0,
    "3": 27,
    "4": 28,
    "5": 29,
    "6": 30,
    "7": 31,
    "-": 31,
    "/": 31,
    "8": 127,
    "?": 127,
}


def encode_key(key: str, character: str | None, modes: Modes) -> bytes:
    """The bytes of a key by Textual's name (`ctrl+shift+up`) and character; b"" if it sends nothing."""
    *names, base = key.split("+") if key != "+" else [key]
    modifiers = sum({_MODIFIERS.get(name, 0) for name in names})
    sequence = _special(base, modifiers, modes)
    if sequence is not None:
        return sequence
    if modifiers & _CTRL:
        data = _control(_PUNCTUATION.get(base, base))
    elif character is not None and not _is_control(character):
        data = character.encode()
    elif modifiers & _ALT:
        text = _PUNCTUATION.get(base, base)
        data = text.encode() if len(text) == 1 else b""
    else:
        data = b""
    return b"\x1b" + data if modifiers & _ALT and data else data


def key_text(key: str, character: str | None) -> bytes:
    """The text of a key without a modifier, the same in all modes; b"" for a key without text."""
    return character.encode() if character and "+" not in key and not _is_control(character) else b""


def encode_paste(text: str, modes: Modes) -> bytes:
    """Pasted text as `PasteEncoder` sends it, in brackets if the program asked."""
    encoder = PasteEncoder(modes)
    return encoder.begin + encoder.encode(text) + encoder.end


class PasteEncoder:
    """Encodes the parts of a paste, with line ends as the Enter key sends them.

    Other control characters are left out: they would be keys, or the end of the brackets.
    """

    def __init__(self, modes: Modes) -> None:
        bracketed = modes.bracketed_paste
        self.begin = b"\x1b[200~" if bracketed else b""
        self.end = b"\x1b[201~" if bracketed else b""
        self._after_return = False
        self._decoder = getincrementaldecoder("utf-8")(errors="replace")

    def encode(self, text: str) -> bytes:
        """The bytes of the next part."""
        if self._after_return and text.startswith("\n"):
            text = text[1:]
        self._after_return = text.endswith("\r")
        return text.replace("\r\n", "\r").translate(_PASTED).encode()

    def transcode(self, data: bytes) -> bytes:
        """The bytes of the next part, given as UTF-8 divided anywhere."""
        return self.encode(self._decoder.decode(data))


# Without control characters, except tabs and line ends.
_PASTED: dict[int, str | None] = {
    **dict.fromkeys(code for code in (*range(0x20), *range(0x7F, 0xA0)) if chr(code) not in "\r\t"),
    ord("\n"): "\r",
}


def _is_control(char: str) -> bool:
    return char < " " or "\x7f" <= char <= "\x9f"


def _special(base: str, modifiers: int, modes: Modes) -> bytes | None:
    if base in _CURSOR:
        if modifiers:
            return f"\x1b[1;{modifiers + 1}{_CURSOR[base]}".encode()
        return f"\x1b{'O' if modes.application_cursor else '['}{_CURSOR[base]}".encode()
    if base in _EDIT:
        return _tilde(_EDIT[base], modifiers)
    if base[:1] == "f" and base[1:].isdecimal():
        return _function(int(base[1:]), modifiers)
    plain = _plain(base, modifiers, modes)
    if plain is None:
        return None
    return b"\x1b" + plain if modifiers & _ALT else plain


def _plain(base: str, modifiers: int, modes: Modes) -> bytes | None:
    match base:
        case "enter":
            return b"\r\n" if modes.newline else b"\r"
        case "tab":
            return b"\x1b[Z" if modifiers & _SHIFT else b"\t"
        case "escape":
            return b"\x1b"
        case "backspace":
            erase, other = (b"\x08", b"\x7f") if modes.backarrow_sends_backspace else (b"\x7f", b"\x08")
            return other if modifiers & _CTRL else erase
        case _:
            return None


def _function(number: int, modifiers: int) -> bytes:
    # A keyboard has twelve; xterm numbers the shifted ones 13 to 24, the ones with Ctrl 25 to 36.
    row, place = divmod(number - 1, _FUNCTION_ROW)
    modifiers |= {1: _SHIFT, 2: _CTRL}.get(row, 0)
    if place + 1 in _FUNCTION_TILDE:
        return _tilde(_FUNCTION_TILDE[place + 1], modifiers)
    letter = _FUNCTION[place + 1]
    return f"\x1b[1;{modifiers + 1}{letter}".encode() if modifiers else f"\x1bO{letter}".encode()


def _tilde(number: int, modifiers: int) -> bytes:
    return f"\x1b[{number};{modifiers + 1}~".encode() if modifiers else f"\x1b[{number}~".encode()


def _control(char: str) -> bytes:
    if char in _CONTROL:
        return bytes([_CONTROL[char]])
    if len(char) == 1 and "@" <= char.upper() <= "_":
        return bytes([ord(char.upper()) & 0x1F])
    return b""
