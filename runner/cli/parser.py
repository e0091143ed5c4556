"""Command-line parsers that suggest the word that was probably meant."""

import argparse

from runner.suggest import did_you_mean

TYPE_CHECKING = False  # typing is slow to import
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any, NoReturn


_ANY_WIDTH = 80


class _Once(argparse._StoreAction):  # noqa: SLF001 - argparse has no public class to build a store action on
    """Stores an option's value, and refuses a second one, which would silently replace the first."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: "Any",
        option_string: str | None = None,
    ) -> None:
        if self.option_strings:
            given = namespace.__dict__.setdefault("_given", set())
            if self.dest in given:
                parser.error(f"{option_string} is given more than once, and only one can count")
            given.add(self.dest)
        super().__call__(parser, namespace, values, option_string)


class _Formatter(argparse.HelpFormatter):
    """Reads the terminal's width only when there is something to format.

    argparse creates one for each argument that is added, and each would read it, with a module that is slow to import.
    """

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=_ANY_WIDTH)

    def format_help(self) -> str:
        asked = argparse.HelpFormatter(self._prog)
        self._width, self._max_help_position = asked._width, asked._max_help_position  # noqa: SLF001 - its own class
        return super().format_help()


class Parser(argparse.ArgumentParser):
    """Suggests the nearest known word for an unknown one; accepts each option's value only once."""

    def __init__(self, *args: "Any", **options: "Any") -> None:
        super().__init__(*args, **{"formatter_class": _Formatter, **options})
        self._hidden: list[tuple[argparse.Action, Any]] = []
        self.meant: dict[str, str] = {}
        """What to write in place of words that are often tried, and are none of the choices."""
        self.register("action", None, _Once)
        self.register("action", "store", _Once)

    def add_subparsers(self, **options: "Any") -> "Any":
        """Add commands; a line without one of them ends with the help, which lists them."""
        missing = str(options.get("metavar", "COMMAND"))

        def refuse(_arguments: argparse.Namespace) -> "NoReturn":
            self.exit(
                2, f"{self.format_help()}\n{self.prog}: error: no {missing} is given: name one of these\n"
            )

        self.set_defaults(run=refuse)
        return super().add_subparsers(**{**options, "required": False})

    forwards: str = ""
    """The name of the argument that collects the words from the first one that is not an option here; "" for none."""

    def parse_known_intermixed_args(  # type: ignore[override]  # the overloads only tell namespaces apart
        self, args: "Sequence[str] | None" = None, namespace: "Any" = None
    ) -> "tuple[Any, list[str]]":
        """Parse options at any position or, with `forwards`, only before the words of another program."""
        if not self.forwards:
            # argparse hides the positional arguments meanwhile, and formats the usage beforehand for a
            # possible error.
            self._hidden = [(action, action.nargs) for action in self._get_positional_actions()]
            given, self.usage = self.usage, ""
            try:
                return super().parse_known_intermixed_args(args, namespace)
            finally:
                self.usage = given
        own, words = self._split(list(args or ()))
        known, unknown = super().parse_known_args(own, namespace)
        setattr(known, self.forwards, words)
        return known, unknown

    def _split(self, args: "list[str]") -> "tuple[list[str], list[str]]":
        place = 0
        while place < len(args) and args[place] != "--" and (length := self._length(args[place])):
            place += length
        return args[:place], args[place + (args[place : place + 1] == ["--"]) :]

    def _length(self, word: str) -> int:
        """The number of words that an option of this parser takes up, its value included; 0 if it is none."""
        option, equals, _ = word.partition("=")
        action = self._option_string_actions.get(option)
        if action is not None:
            return 1 if equals or action.nargs == 0 else 2
        if not word.startswith("-") or word.startswith("--"):
            return 0
        # Letters that stand together are switches, and the last of them may have a value right behind it.
        for place, letter in enumerate(word[1:], 2):
            action = self._option_string_actions.get(f"-{letter}")
            if action is None:
                return 0
            if action.nargs != 0:
                return 1 if word[place:] else 2
        return 1

    def error(self, message: str) -> "NoReturn":
        """End with the usage and a message."""
        self._show_hidden()
        super().error(message)

    def format_help(self) -> str:
        """The usage and the meaning of each argument."""
        self._show_hidden()
        return super().format_help()

    def _show_hidden(self) -> None:
        """Restore the full usage, in the middle of parsing."""
        for action, nargs in self._hidden:
            action.nargs = nargs
        if not self.usage:
            self.usage = None

    def refuse(self, unknown: "Sequence[str]") -> "NoReturn":
        """End with this command's usage and the first of the `unknown` words."""
        word = next((word for word in unknown if word.startswith("-")), unknown[0])
        option = word.partition("=")[0]
        if option.startswith("-"):
            self.error(f"unknown option {option}{did_you_mean(option, self._option_string_actions)}")
        self.error(f"unexpected argument {word!r}")

    def _match_argument(self, action: argparse.Action, arg_strings_pattern: str) -> int:
        try:
            return super()._match_argument(action, arg_strings_pattern)
        except argparse.ArgumentError as error:
            if action.option_strings and action.nargs is None:
                one_of = f"one of {', '.join(map(str, action.choices))}" if action.choices else ""
                value = action.metavar or one_of or action.dest.upper()
                meant = f": {self._get_formatter()._expand_help(action)}" if action.help else ""  # noqa: SLF001
                error.message = f"needs a value, {value}{meant}"
            raise

    def _check_value(self, action: argparse.Action, value: "Any") -> None:
        try:
            super()._check_value(action, value)
        except argparse.ArgumentError as error:
            step = self.meant.get(value)
            error.message += f"; {step}" if step else did_you_mean(str(value), map(str, action.choices or ()))
            raise


class Summarised:
    """Adds commands to a parser, each with its summary from `summaries`, by the command's name."""

    def __init__(
        self, commands: "argparse._SubParsersAction[argparse.ArgumentParser]", summaries: "Mapping[str, str]"
    ) -> None:
        self._commands = commands
        self._summaries = summaries

    def add_parser(self, name: str, **options: "Any") -> argparse.ArgumentParser:
        """Add a command, as argparse's own method does."""
        return self._commands.add_parser(name, help=self._summaries[name], **options)


class StrictParser(Parser):
    """Reports unknown words itself, so that the usage shown is that of the right command."""

    def parse_known_args(  # type: ignore[override]  # the overloads only tell namespaces apart
        self, args: "Sequence[str] | None" = None, namespace: "Any" = None
    ) -> "tuple[Any, list[str]]":
        known, unknown = super().parse_known_args(args, namespace)
        if unknown:
            self.refuse(unknown)
        return known, unknown
