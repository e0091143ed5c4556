"""What programs write for a terminal: dmesg and grep with colours, and the ends of a hyperlink."""

import re

_PATTERN = r"\x1b\[[0-9;:?]*[a-zA-Z]|\x1b\][^\x07\n]*(?:\x07|\x1b\\)"
_IN_TEXT = re.compile(_PATTERN)
_IN_BYTES = re.compile(_PATTERN.encode())


def plain(text: str) -> str:
    """The text without what is for a terminal alone."""
    return _IN_TEXT.sub("", text)


def plain_bytes(block: bytes) -> bytes:
    """The same for bytes, of which most have none."""
    return _IN_BYTES.sub(b"", block) if b"\x1b" in block else block
