"""Parsers of command lines that know what was probably meant."""

import argparse

from runner.suggest import did_you_mean

TYPE_CHECKING = False  # typing is slow to import
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any, NoReturn


class Parser(argparse.ArgumentParser):
    """Names, for a word that it does not know, the one that is nearest to it."""

    def refuse(self, unknown: "Sequence[str]") -> "NoReturn":
        """End with this command's usage and the first of the `unknown` words."""
        word = next((word for word in unknown if word.startswith("-")), unknown[0])
        option = word.partition("=")[0]
        if option.startswith("-"):
            self.error(f"unknown option {option}{did_you_mean(option, self._option_string_actions)}")
        self.error(f"unexpected argument {word!r}")

    def _check_value(self, action: argparse.Action, value: "Any") -> None:
        try:
            super()._check_value(action, value)
        except argparse.ArgumentError as error:
            error.message += did_you_mean(str(value), map(str, action.choices or ()))
            raise


class Summarised:
    """A parser's commands, each of which is added with its summary from `summaries`, by the command's name."""

    def __init__(
        self, commands: "argparse._SubParsersAction[argparse.ArgumentParser]", summaries: "Mapping[str, str]"
    ) -> None:
        self._commands = commands
        self._summaries = summaries

    def add_parser(self, name: str, **options: "Any") -> argparse.ArgumentParser:
        """Add one, as argparse's own method does."""
        return self._commands.add_parser(name, help=self._summaries[name], **options)


class StrictParser(Parser):
    """Refuses what it does not know by itself, so that the usage shown is that of the command which was meant."""

    def parse_known_args(  # type: ignore[override]  # the overloads only tell namespaces apart
        self, args: "Sequence[str] | None" = None, namespace: "Any" = None
    ) -> "tuple[Any, list[str]]":
        known, unknown = super().parse_known_args(args, namespace)
        if unknown:
            self.refuse(unknown)
        return known, unknown
