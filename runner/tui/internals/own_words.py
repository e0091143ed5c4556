"""Textual's palette and pictures of the screen, with the program's own texts: Textual's are English."""

from pathlib import Path

from textual import on
from textual.app import App
from textual.command import CommandList, CommandPalette
from textual.events import DeliveryComplete, DeliveryFailed
from textual.theme import ThemeProvider
from textual.widgets.option_list import Option

from runner.language import tr
from runner.paths import is_folder, why


class Palette(CommandPalette):
    """A command palette that says in the learner's language that nothing was found."""

    def _start_no_matches_countdown(self, search_value: str) -> None:
        self._stop_no_matches_countdown()

        def say() -> None:
            if search_value:
                nothing = Option(tr("Nothing was found"), disabled=True, id=self._NO_MATCHES)
                self.query_one(CommandList).add_option(nothing)
            self._list_visible = bool(search_value)

        self._no_matches_timer = self.set_timer(self._NO_MATCHES_COUNTDOWN, say)


class OwnWordsApp(App[None]):
    """An app whose palette and pictures speak the learner's language."""

    def action_command_palette(self) -> None:
        """Search all commands, lessons and terms."""
        if self.use_command_palette and not isinstance(self.screen, CommandPalette):
            self.push_screen(Palette(id="--command-palette", placeholder=tr("Search for commands …")))

    def search_themes(self) -> None:
        """Show all themes, of which one can be chosen."""
        self.push_screen(Palette(providers=[ThemeProvider], placeholder=tr("Search for colours …")))

    def take_picture(self) -> None:
        """Write what the screen shows to a file: among the downloads, or in the home folder if there are none."""
        from platformdirs import user_downloads_path  # Textual's own choice, which need not exist

        downloads = user_downloads_path()
        self.deliver_screenshot(path=str(downloads if is_folder(downloads) else Path.home()))

    @on(DeliveryComplete)
    def _picture_taken(self, event: DeliveryComplete) -> None:
        event.prevent_default()
        said = tr("It is in {path}.", path=event.path) if event.path is not None else ""
        self.notify(said, title=tr("Picture"), timeout=10)

    @on(DeliveryFailed)
    def _picture_failed(self, event: DeliveryFailed) -> None:
        event.prevent_default()
        reason = event.exception
        said = tr(why(reason)) if isinstance(reason, OSError) else str(reason)
        self.notify(
            tr("It could not be written: {reason}.", reason=said), title=tr("Picture"), severity="error"
        )
