"""Commands that start containers, on the lines of a script or in other text."""

import re
from collections.abc import Iterator
from itertools import chain, pairwise
from typing import NamedTuple

from runner.profile.holders.command.words import CONTINUED, Word, started, words

_ENGINE = re.compile(r"(?<![\w.-])(?:docker|podman|nerdctl)(?:\.exe)?(?P<quoted>[\"'])?(?:\}|(?=[\s,]))")
_STARTS = frozenset(("run", "create"))
_END = re.compile(r"&&|\|\||;")
_COMMENT = re.compile(r"(?:\A|(?<=\s))#")
_OF_PROSE = (
    *("a", "about", "also", "an", "and", "are", "as", "avoid", "be", "because", "but", "by"),
    *("can", "could", "don't", "from", "have", "instead", "is", "it", "like", "may", "might"),
    *("must", "need", "never", "not", "of", "only", "or", "please", "recommend", "running", "see"),
    *("should", "than", "that", "the", "this", "through", "to", "use", "used", "using", "via"),
    *("want", "we", "when", "will", "with", "without", "would", "you", "your"),
)
_PROSE = re.compile(rf"(?i)(?<![\w./=-])(?:{'|'.join(_OF_PROSE)})(?=[\s,.]|\Z)|(?<![\"'\w])[A-Za-z]+,\s")
"""Words that stand before a command in a sentence, and in no command."""
_NO_IMAGE = frozenset(
    (
        *("also", "and", "as", "because", "but", "by", "can", "flag", "for", "has", "if", "in", "is", "mode"),
        *("may", "needs", "on", "only", "option", "or", "so", "that", "the", "there", "this", "to", "unless"),
        *("when", "where", "which", "while", "will", "with", "without", "would"),
    )
)
"""Words that go on with a sentence where a command has its image."""


class Command(NamedTuple):
    """The range of characters of a command that starts a container, and the offset of `--privileged` or None.

    From `options_end` on, its words are the image's name and the arguments of the program in it.
    """

    start: int
    end: int
    privileged: int | None
    options_end: int


def commands(text: str) -> Iterator[Command]:
    """The commands of a text that start containers; a sentence that mentions one is none."""
    if not _ENGINE.search(text):
        return
    for begin, end in _lines(text):
        seen = begin
        for engine, following in pairwise(chain(_ENGINE.finditer(text, begin, end), (None,))):
            if engine is None or engine.start() < seen:
                continue
            given = _behind_start(text, engine, following.start() if following else end, end)
            if given is None:
                continue
            before = text[seen : engine.start()]
            if _COMMENT.search(before):
                break
            seen = given[-1].end if given else engine.end()
            segment = before[max((match.end() for match in _END.finditer(before)), default=0) :]
            found = started(given[1:], seen)
            spoken = engine["quoted"] is None and _PROSE.search(segment)
            if not spoken and found.image.rstrip(",.:").lower() not in _NO_IMAGE:
                yield Command(engine.start(), found.end, found.privileged, found.options_end)


def _behind_start(text: str, engine: re.Match[str], following: int, end: int) -> list[Word] | None:
    """The words from `run` or `create` on, which follow the engine and options of its own; None for another command.

    From the `following` word for an engine on, the search is that word's own, so that each word is looked at once.
    """
    listed = engine["quoted"] is not None
    before = None
    for word in words(text, engine.end(), following, listed=listed):
        if word.text in _STARTS:
            return list(words(text, word.start, end, listed=listed))
        own = word.text.startswith("-") or (before is not None and before.startswith("-"))
        if not own and word.text != "container":
            return None
        before = word.text
    return None


def _lines(text: str) -> Iterator[tuple[int, int]]:
    """The ranges of the lines, those that go on with the next one together with it."""
    start = position = 0
    while position < len(text):
        end = text.find("\n", position)
        end = len(text) if end < 0 else end
        goes_on = text[position:end].rstrip().endswith(CONTINUED)
        position = end + 1
        if not goes_on:
            yield start, end
            start = position
    if start < len(text):
        yield start, len(text)
