"""An input line for the path of a file to write."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.widgets import Input

from runner.files import replace_text
from runner.language import tr
from runner.paths import why

if TYPE_CHECKING:
    from textual.widget import Widget


class SaveLine(Input):
    """Appears on request, writes the named file, and disappears again.

    An existing file is replaced only when Enter is pressed a second time.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "give_up", "Write nothing")]
    DEFAULT_CSS = """
    SaveLine { display: none; margin: 0 2; }
    SaveLine.-asked { display: block; }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 (Textual's name)
        super().__init__(placeholder=tr("a file to write"), id=id)
        self._content: Callable[[Path], str] = lambda _: ""
        self._before: Widget | None = None
        self._insisting = ""

    def ask(self, name: str, content: Callable[[Path], str]) -> None:
        """Ask for a file, proposing `name`; `content` returns the text for the chosen path."""
        self._content = content
        if not self.has_class("-asked"):
            self._before = self.screen.focused
        self.value = name
        self._insisting = ""
        self.border_title = tr("Enter writes it, Esc doesn't")
        self.add_class("-asked")
        self.focus()

    def action_give_up(self) -> None:
        """Write nothing."""
        self.remove_class("-asked")
        self.screen.set_focus(self._before)

    @on(Input.Submitted)
    def _write(self, event: Input.Submitted) -> None:
        event.stop()
        if not event.value.strip():
            return
        try:
            path = Path(event.value.strip()).expanduser().absolute()
            if path.exists() and self._insisting != event.value:
                self._insisting = event.value
                self.notify(
                    tr("{path} is there already: Enter again replaces it.", path=path),
                    severity="warning",
                    markup=False,
                )
                return
            replace_text(path, self._content(path))
        except (OSError, ValueError, RuntimeError) as error:
            reason = error if isinstance(error, RuntimeError) else tr(why(error))
            self.notify(
                tr("cannot write {value}: {reason}", value=event.value, reason=reason),
                severity="error",
                markup=False,
            )
            return
        self.action_give_up()
        self.notify(tr("Written to {path}", path=path), markup=False)
