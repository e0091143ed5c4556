"""Output of commands: data to a file or standard output, messages to standard error."""

import sys
from collections.abc import Iterable
from pathlib import Path

from runner.errors import UsageError
from runner.files import replace_text
from runner.paths import Kind, look, why

_REMEDY = "name a file in a folder that can be written to"


def say(text: str) -> None:
    """Print a message for the user to standard error, apart from the data."""
    print(text, file=sys.stderr, flush=True)


def say_each(kind: str, sentences: Iterable[str]) -> None:
    """Print sentences to standard error, each as one of its kind."""
    for sentence in sentences:
        say(f"{kind}: {sentence}")


def agreed(question: str, *, doing: str) -> bool:
    """Ask a yes-or-no question; True for yes. `doing` names the operation that depends on the answer.

    Raises:
        UsageError: there is no terminal to ask in.
    """
    if not sys.stdin.isatty():
        raise UsageError(f"{doing} needs an answer, and there is no terminal to ask in", remedy="add --yes")
    return answered_yes(question)


def answered_yes(question: str) -> bool:
    """Ask a yes-or-no question; True for yes. Standard input must be a terminal."""
    print(f"{question} [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().casefold() in {"y", "yes"}


def check_target(target: str) -> None:
    """Refuse a file that could not be written later, before any work is done for it.

    Raises:
        UsageError: its folder does not exist, or it is a folder itself.
    """
    if target == "-":
        return
    if not target:
        raise UsageError("no file is named to write to", remedy=_REMEDY)
    found = look(target)
    reason = (
        "it is a folder" if found.kind is Kind.FOLDER else "" if found.kind is Kind.MISSING else found.problem
    )
    if not reason and (trouble := look(Path(target).parent).not_a(Kind.FOLDER)):
        reason = f"there is no folder {Path(target).parent}: {trouble}"
    if reason:
        raise UsageError(f"cannot write {target}: {reason}", remedy=_REMEDY)


def write_text(target: str, text: str) -> None:
    """Write `text` to a file atomically, or to standard output for `-`.

    A link is kept and its target is replaced; the file's permissions stay. Other kinds of file (`/dev/stdout`, a pipe)
    are written to directly.

    Raises:
        UsageError: the file cannot be written.
    """
    if target == "-":
        sys.stdout.write(text)
        return
    try:
        path = Path(target)
        if look(path).kind in {Kind.OTHER, Kind.SOCKET}:
            path.write_text(text, encoding="utf-8")
        else:
            replace_text(path.resolve(), text)
    except (OSError, ValueError, RuntimeError) as error:
        reason = (
            why(error) if isinstance(error, (OSError, ValueError)) else "a link that leads back to itself"
        )
        raise UsageError(f"cannot write {target}: {reason}", remedy=_REMEDY) from error


def write_told(target: str, text: str, *, said: str = "") -> None:
    """Write as `write_text` does, and tell the user of a file that was written, and whether one was there before.

    `said` is more about its content.

    Raises:
        UsageError: the file cannot be written.
    """
    before = exists(target)
    write_text(target, text)
    tell_written(target, before=before, said=said)


def exists(target: str) -> bool:
    """True if there is a file of that name, or anything else; False for standard output."""
    return target != "-" and look(target).kind is not Kind.MISSING


def tell_written(target: str, *, before: bool, said: str = "") -> None:
    """Tell the user of a file that was written, and whether one was there `before`; nothing of other targets."""
    if target != "-" and look(target).kind is Kind.FILE:
        say(f"{target}: {'overwritten' if before else 'written'}{f': {said}' if said else ''}")
