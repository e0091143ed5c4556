"""A shell's marks as its prompts print them."""

from runner.shell.prompt import NONCE


def mark(body: str) -> bytes:
    """A mark of this process's shells."""
    return f"\x1b]133;{body};aid={NONCE}-12\x07".encode()


def prompt(status: int, shell: str = "", number: int | None = None) -> bytes:
    """A prompt after a command that ended with `status`; `shell` has the letters of what the shell can."""
    numbered = "" if number is None else f";n={number}"
    return mark(f"D;{status}") + mark(f"A;sh={shell}{numbered}") + b"$ " + mark("B")
