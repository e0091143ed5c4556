"""Conditions on a call's arguments as people write them and as the workshop prints them: `(arg0 & 0x20000) == 0`."""

import itertools
import math
import re

from runner.errors import UsageError
from runner.language import tr
from runner.profile.calls.constants import argument
from runner.profile.calls.syscalls import MAX_ARGS, Arch
from runner.profile.filter.complement import opposite
from runner.profile.filter.effective import SIGNS
from runner.profile.model import Arg, Operator

_BEGINS = re.compile(r"(?P<call>\w+)(?:\s+(?:if\s+)?|(?=\())[\s(]*arg\d", re.IGNORECASE)
_CONDITION = re.compile(
    r"(?P<open>\()?\s*arg(?P<index>\d{1,9})\s*(?:&\s*(?P<mask>[^\s()=!<>&]+)\s*)?(?(open)\))\s*"
    r"(?P<sign>[=!]=|[<>]=?|=)\s*(?P<value>[^\s()=!<>&]+)\Z",
    re.IGNORECASE,
)
_MOST_SETS = 256
_OPERATORS = {"=": Operator.EQ} | {sign: operator for operator, sign in SIGNS.items()}


def is_conditional(text: str) -> bool:
    """True if the text is a call with conditions, and not with arguments."""
    return _BEGINS.match(text.strip()) is not None


def read_conditional(text: str, arch: Arch) -> tuple[str, list[tuple[Arg, ...]]]:
    """Return the call's name, and sets of conditions of which one must hold.

    The conditions are joined with `and`. A mask with `!=` makes several sets, since a rule cannot say it.

    Raises:
        UsageError: a condition cannot be read, or no rule can express it.
    """
    begin = _BEGINS.match(text.strip())
    assert begin is not None
    name, rest = begin["call"], text.strip()[begin.end("call") :]
    rest = re.sub(r"\s*\|\s*", "|", re.sub(r"^\s+if\s+", "", rest))
    each = [_read(part.strip(), name, arch) for part in re.split(r"\s+and\s+|\s*&&\s*", rest)]
    indexes = [alternatives[0].index for alternatives in each]
    twice = next((index for index in indexes if indexes.count(index) > 1), None)
    if twice is not None:
        raise UsageError(
            tr("{call}: a rule cannot join two conditions on argument {index}", call=name, index=twice),
            remedy=tr("write one, with a mask or a range, or two options"),
        )
    if math.prod(map(len, each)) > _MOST_SETS:
        raise UsageError(
            tr("{call}: it takes too many rules to say all of these at once", call=name),
            remedy=tr("write masks of fewer bits, or several options"),
        )
    return name, list(itertools.product(*each))


def _read(text: str, name: str, arch: Arch) -> list[Arg]:
    """The conditions of which one must hold."""
    match = _CONDITION.match(text)
    if match is None:
        raise UsageError(
            tr("{call}: {text} is no condition on an argument", call=name, text=repr(text)),
            remedy=tr(
                "write one as 'arg0 == 1' or '(arg0 & CLONE_NEWUSER) != 0', and join several with 'and'"
            ),
        )
    index = int(match["index"])
    if index >= MAX_ARGS:
        raise UsageError(
            tr("{call}: there is no argument arg{index}", call=name, index=index),
            remedy=tr("a system call has arg0 to arg{last}", last=MAX_ARGS - 1),
        )
    operator, value = _OPERATORS[match["sign"]], _number(match["value"], text, name, arch)
    if match["mask"] is None:
        return [Arg(index, value, operator)]
    mask = _number(match["mask"], text, name, arch)
    if operator not in (Operator.EQ, Operator.NE) or value & ~mask or not mask:
        raise UsageError(
            tr("{call}: with that mask, {text} cannot be a condition", call=name, text=repr(text)),
            remedy=tr("compare with == or !=, and with bits of the mask: '(arg0 & 0x30) == 0x10'"),
        )
    condition = Arg(index, mask, Operator.MASKED_EQ, value)
    return [condition] if operator is Operator.EQ else opposite(condition)


def _number(word: str, text: str, name: str, arch: Arch) -> int:
    read = argument(word, arch)
    if read.note:
        raise UsageError(
            tr("{call}: {word} in {text} is not a number", call=name, word=repr(word), text=repr(text)),
            remedy=tr("write a number, or one of the kernel's constants"),
        )
    return read.value
