"""The structure of a shell's command line: chains of pipelines, and groups of them."""

from dataclasses import dataclass

from runner.check.shell_words import DEEPEST, Token, UnreadableLineError, tokens
from runner.language import tr

_STRUCTURES = frozenset(
    ["if", "for", "while", "until", "case", "select", "function", "coproc", "[[", "((", "then", "do"]
)


@dataclass(frozen=True, slots=True)
class Simple:
    """A simple command; `substitutes` is true if it runs others within itself, as `$(…)` does."""

    text: str
    substitutes: bool


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Commands joined by `|`; `!` before them makes it `negated`."""

    items: tuple["Simple | Group", ...]
    negated: bool


@dataclass(frozen=True, slots=True)
class Chain:
    """Pipelines joined by `&&` and `||`."""

    pipelines: tuple[Pipeline, ...]
    operators: tuple[str, ...]
    background: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Chains one after another: a whole line, or what brackets or braces enclose."""

    chains: tuple[Chain, ...]


class StructureError(ValueError):
    """A loop, a condition, or a function: the text does not show which commands ran, and how often."""


def read_line(text: str) -> Group:
    """The structure of a line.

    Raises:
        UnreadableLineError: it is not a whole command line, or is too deeply nested.
        StructureError: it is more than commands in a row.
    """
    return _Parser(text).parse()


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = list(tokens(text))
        self._at = 0
        self._depth = 0

    def parse(self) -> Group:
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

    def _group(self, end: str) -> Group:
        chains: list[Chain] = []
        self._depth += 1
        if self._depth > DEEPEST:
            raise UnreadableLineError("too many brackets in each other")
        while True:
            while self._operator(";", "\n"):
                pass
            token = self._next()
            if token is None or token.text == end or (token.operator and token.text == ")"):
                self._depth -= 1
                return Group(tuple(chains))
            chains.append(self._chain())

    def _chain(self) -> Chain:
        pipelines, operators = [self._pipeline()], []
        while operator := self._operator("&&", "||"):
            self._new_lines()
            operators.append(operator)
            pipelines.append(self._pipeline())
        background = self._operator(";", "\n", "&") == "&"
        return Chain(tuple(pipelines), tuple(operators), background)

    def _pipeline(self) -> Pipeline:
        token = self._next()
        negated = token is not None and token.text == "!" and not token.operator
        self._at += negated
        items = [self._command()]
        while self._operator("|", "|&"):
            self._new_lines()
            items.append(self._command())
        return Pipeline(tuple(items), negated)

    def _new_lines(self) -> None:
        while self._operator("\n"):
            pass

    def _command(self) -> "Simple | Group":
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

    def _simple(self) -> Simple:
        words: list[Token] = []
        while (token := self._next()) is not None and not token.operator:
            words.append(token)
            self._at += 1
        if not words:
            raise UnreadableLineError("a command is missing")
        if words[0].text in _STRUCTURES:
            raise StructureError(f"`{words[0].text}`")
        if token is not None and token.text == "(":
            raise StructureError(tr("a function"))
        text = self._text[words[0].start : words[-1].end]
        return Simple(text, any(word.substitutes for word in words))
