"""A screen's keys as commands of the palette."""

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Protocol, cast

from textual.binding import Binding
from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content

from runner.language import tr
from runner.tui.keys.legend import does
from runner.tui.keys.names import key_name
from runner.tui.messages import PlaceChosen

if TYPE_CHECKING:
    from runner.lab.search import Index

_MOST_LESSONS = 8


class _Searchable(Protocol):
    """An app whose lessons can be searched."""

    @property
    def index(self) -> "Index":
        """The words of all lessons."""


class ScreenCommands(Provider):
    """Every binding of the current screen by its name, so that nobody has to know the key."""

    async def discover(self) -> Hits:
        for name, action, text in self._commands():
            yield DiscoveryHit(name, partial(self.screen.run_action, action), help=text)

    async def search(self, query: str) -> Hits:
        matcher = self.matcher(query)
        for name, action, text in self._commands():
            score = matcher.match(name)
            if score > 0:
                yield Hit(score, matcher.highlight(name), partial(self.screen.run_action, action), help=text)

    def _commands(self) -> Iterator[tuple[str, str, str]]:
        for binding in type(self.screen).BINDINGS:
            # A key without an effect now is not offered.
            if not isinstance(binding, Binding) or self.screen.check_action(binding.action, ()) is False:
                continue
            key = key_name(binding.key.partition(",")[0])
            yield (
                f"{tr(binding.description)} ({key})",
                binding.action,
                does(binding, type(self.screen), type(self.app)),
            )


class LessonCommands(Provider):
    """The steps of all lessons, and the terms, that match the typed text, each as a command that goes there."""

    async def search(self, query: str) -> Hits:
        index = cast("_Searchable", self.app).index
        for number, (workshop, found) in enumerate(index.find(query.split(), limit=_MOST_LESSONS)):
            go = partial(self.app.post_message, PlaceChosen(workshop, found.place, found.words))
            # As content: the palette takes text for markup, also the help that it types as text.
            title, excerpt = found.place.title, cast("str", Content(found.excerpt))
            yield Hit(0.5 - number / 100, Content(title), go, text=title, help=excerpt)
