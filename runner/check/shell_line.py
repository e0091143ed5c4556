"""The commands in a typed line, each with its exit status as far as it is known."""

import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from runner.check.shell_words import Token, UnreadableLineError, tokens
from runner.language import tr

_STRUCTURES = frozenset(
    ["if", "for", "while", "until", "case", "select", "function", "coproc", "[[", "((", "then", "do"]
)
_SHELL = re.compile(r"(?:/\S*/)?(?:ba|da|a|z|k)?sh")
_SAID_STATUS = re.compile(r"(?:^|\D)([0-9]{1,3})\s*\Z")


@dataclass(frozen=True, slots=True)
class Part:
    """A simple command of a line; `status` is None if the shell did not report it, and `why` is the reason."""

    text: str
    status: int | None
    why: str = ""


@dataclass(frozen=True, slots=True)
class _Simple:
    text: str
    substitutes: bool


@dataclass(frozen=True, slots=True)
class _Pipeline:
    items: tuple["_Simple | _Group", ...]
    negated: bool


@dataclass(frozen=True, slots=True)
class _Chain:
    """Pipelines joined by `&&` and `||`."""

    pipelines: tuple[_Pipeline, ...]
    operators: tuple[str, ...]
    background: bool


@dataclass(frozen=True, slots=True)
class _Group:
    chains: tuple[_Chain, ...]


class _StructureError(ValueError):
    """A loop, a condition, or a function: the text does not show which commands ran, and how often."""


def parts(text: str, status: int, output: str, pipeline: Sequence[int] = ()) -> tuple[Part, ...]:
    """Return the simple commands of a line that ended with `status` and printed `output`, in the order of the text.

    `pipeline` has the exit statuses of the line's last pipeline, if the shell reported them. A line whose last command
    is `echo $?` has printed the status of the command before.
    """
    try:
        group = _Parser(text).parse()
    except UnreadableLineError:
        return (Part(text, status),)
    except _StructureError as error:
        why = tr("within {structure} the shell tells only how the whole of it ended", structure=error)
        return (Part(text, status), *(Part(found, None, why) for found in _inner_commands(text)))
    return tuple(_of_group(group, status, output, tuple(pipeline)))


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = list(tokens(text))
        self._at = 0

    def parse(self) -> _Group:
        group = self._group("")
        if self._at < len(self._tokens):
            raise UnreadableLineError(f"unexpected {self._tokens[self._at].text!r}")
        return group

    def _next(self) -> Token | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def _operator(self, *wanted: str) -> str:
        """Take the next token if it is one of these operators, and return it; else ""."""
        token = self._next()
        if token is None or not token.operator or token.text not in wanted:
            return ""
        self._at += 1
        return token.text

    def _group(self, end: str) -> _Group:
        chains: list[_Chain] = []
        while True:
            while self._operator(";", "\n"):
                pass
            token = self._next()
            if token is None or token.text == end or (token.operator and token.text == ")"):
                return _Group(tuple(chains))
            chains.append(self._chain())

    def _chain(self) -> _Chain:
        pipelines, operators = [self._pipeline()], []
        while operator := self._operator("&&", "||"):
            self._new_lines()
            operators.append(operator)
            pipelines.append(self._pipeline())
        background = self._operator(";", "\n", "&") == "&"
        return _Chain(tuple(pipelines), tuple(operators), background)

    def _pipeline(self) -> _Pipeline:
        token = self._next()
        negated = token is not None and token.text == "!" and not token.operator
        self._at += negated
        items = [self._command()]
        while self._operator("|", "|&"):
            self._new_lines()
            items.append(self._command())
        return _Pipeline(tuple(items), negated)

    def _new_lines(self) -> None:
        while self._operator("\n"):
            pass

    def _command(self) -> "_Simple | _Group":
        if self._operator("("):
            group = self._group(")")
            self._close(")")
            return group
        token = self._next()
        if token is not None and token.text == "{":
            self._at += 1
            group = self._group("}")
            self._close("}")
            return group
        return self._simple()

    def _close(self, bracket: str) -> None:
        token = self._next()
        if token is None or token.text != bracket:
            raise UnreadableLineError(f"{bracket} is missing")
        self._at += 1
        while (token := self._next()) is not None and not token.operator:
            self._at += 1

    def _simple(self) -> _Simple:
        words: list[Token] = []
        while (token := self._next()) is not None and not token.operator:
            words.append(token)
            self._at += 1
        if not words:
            raise UnreadableLineError("a command is missing")
        if words[0].text in _STRUCTURES:
            raise _StructureError(f"`{words[0].text}`")
        if token is not None and token.text == "(":
            raise _StructureError(tr("a function"))
        text = self._text[words[0].start : words[-1].end]
        return _Simple(text, any(word.substitutes for word in words))


def _of_group(group: _Group, status: int | None, output: str, pipeline: tuple[int, ...]) -> Iterator[Part]:
    chains = list(group.chains)
    said = _said(chains, status, output)
    if said is not None:
        chains.pop()
    for number, chain in enumerate(chains):
        last = number == len(chains) - 1
        if chain.background:
            why = tr("it runs in the background, and nothing has told how it ends")
            yield from _of_chain(chain, None, why)
        elif last and said is not None:
            yield from _of_chain(chain, said, output=output)
        elif last:
            yield from _of_chain(chain, status, output=output, pipeline=pipeline)
        else:
            why = tr("the shell tells only how {last} ended, behind it", last=_shown(chains[-1]))
            yield from _of_chain(chain, None, why)


def _said(chains: Sequence[_Chain], status: int | None, output: str) -> int | None:
    """The status that a last `echo $?` printed; None if there is none."""
    if len(chains) < 2 or status != 0:
        return None
    text = _shown(chains[-1]).strip("`")
    found = _SAID_STATUS.search(output)
    if re.fullmatch(r"echo\s+([^$;&|]*\$\?\"?|\$\{\?\})", text) and found and not chains[-2].background:
        return int(found[1])
    return None


def _of_chain(
    chain: _Chain, status: int | None, why: str = "", *, output: str = "", pipeline: tuple[int, ...] = ()
) -> Iterator[Part]:
    """The parts of a chain with a known `status`: 0 from `a && b` is that of both, 1 from `a || b` that of b."""
    known: list[tuple[int | None, str]] = [(status, why)]
    both = tr("joined by && or ||, either of the two may have ended so")
    for number in range(len(chain.operators), 0, -1):
        whole, reason = known[0]
        first: tuple[int | None, str] = (None, both)
        second: tuple[int | None, str] = (None, both)
        if whole is None:
            first = second = (None, reason)
        elif chain.operators[number - 1] == "&&":
            if whole == 0 or _spoke(chain.pipelines[number], chain.pipelines[:number], output):
                first, second = (0, ""), (whole, "")
        elif whole:
            second = (whole, "")
        known[:1] = [first, second]
    for number, (found, (its_status, reason)) in enumerate(zip(chain.pipelines, known, strict=True)):
        last = number == len(known) - 1
        yield from _of_pipeline(found, its_status, reason, output, pipeline if last else ())


def _spoke(found: _Pipeline, earlier: Sequence[_Pipeline], output: str) -> bool:
    """True if a message, which begins with its program's name, shows that this command failed."""
    *_, last = found.items
    others = {_program(item) for pipeline in earlier for item in pipeline.items}
    name = _program(last)
    speakers = {line.partition(":")[0] for line in output.splitlines()}
    return bool(name) and name in speakers and name not in others and not others & speakers


def _program(item: _Simple | _Group) -> str:
    if isinstance(item, _Group):
        return ""
    words = item.text.split()
    return next((word.rpartition("/")[2] for word in words if "=" not in word), "")


def _of_pipeline(
    found: _Pipeline, status: int | None, why: str, output: str, pipeline: tuple[int, ...]
) -> Iterator[Part]:
    if found.negated:
        why = why or tr("`!` turns its status round")
        status = 0 if status == 1 else None
    elif len(pipeline) == len(found.items) > 1:
        for item, its_status in zip(found.items, pipeline, strict=True):
            yield from _of_item(item, its_status, "", output)
        return
    *others, last = found.items
    for item in others:
        piped = tr("in a pipeline, the shell tells only how the last command ended")
        yield from _of_item(item, None, piped, output)
    yield from _of_item(last, status, why, output)


def _of_item(item: _Simple | _Group, status: int | None, why: str, output: str) -> Iterator[Part]:
    if isinstance(item, _Group):
        yield from _of_group(item, status, output, ())
        return
    yield Part(item.text, status, "" if status is not None else why)
    if item.substitutes:
        why = tr(
            "it runs within `{outer}`, and the shell tells only how that ended", outer=_shortened(item.text)
        )
        yield from (Part(text, None, why) for text in _inner_commands(item.text))
    elif status is not None and (script := _script(item.text)):
        yield from parts(script, status, output)


def _script(text: str) -> str:
    """The text that a shell runs with `-c`; "" if the command is something else."""
    try:
        words = shlex.split(text)
    except ValueError:
        return ""
    if len(words) > 2 and _SHELL.fullmatch(words[0]) and re.fullmatch(r"-[a-z]*c", words[1]):
        return words[2]
    return " ".join(words[1:]) if words[:1] == ["eval"] else ""


def _inner_commands(text: str) -> Iterator[str]:
    """The text of command substitutions, and of the pieces of a loop or a condition."""
    for piece in re.split(r"\$\(|[`;\n()]|&&|\|\||\b(?:do|then|else|in)\b", text)[1:]:
        if piece.strip():
            yield piece.strip()


def _shown(chain: _Chain) -> str:
    texts = [_shown_item(item) for pipeline in chain.pipelines for item in pipeline.items]
    return f"`{_shortened(texts[-1])}`"


def _shown_item(item: _Simple | _Group) -> str:
    return item.text if isinstance(item, _Simple) else "( … )"


def _shortened(text: str, limit: int = 40) -> str:
    return text if len(text) <= limit else f"{text[:limit]}…"
