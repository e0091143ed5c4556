"""What the app is and which keys there are."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Markdown

from runner.tui.widgets.terminal import Terminal

_LEAVE = Terminal.LEAVE_KEY.title()
_TEXT = f"""
### Doing a lab

Read at the left, work at the right. Everything that the lesson shows can be done by a key, by a click, or by typing it
yourself: the checks look at what really happened.

| key | does |
|---|---|
| `space` | the next thing, whatever it is: one key leads through the whole lab |
| `l` | launch the next container of the step |
| `r` | type the next command of the step |
| `c` | look at the checks now; most tick by themselves |
| `h` | a hint, then the next one |
| `s` `s` | solve the step before your eyes |
| `S` | skip the step: solve it and go on |
| `n` `p` | next step, step before |
| `x` `X` | begin the step again, the lab again |
| `e` | edit the profiles in your workspace |
| `y` | what a profile decides for a system call |

### The terminal

| key | does |
|---|---|
| `t` | go to the terminal; it gets every key from then on |
| `{_LEAVE}` | leave it |
| `f` | give it the whole screen, or take it back |
| `Tab` then `←` `→` | switch between your shell and the containers |
| `Shift+PgUp` `Shift+PgDn` | scroll back and forth |

### Everywhere

| key | does |
|---|---|
| `Ctrl+P` | every command by name |
| `Ctrl+T` | light or dark |
| `q` | back; in the list of labs, quit |
| `Ctrl+Q` | quit at once. Your progress is kept, and the files in your workspace are too |

`✓` passed · `✗` looked at and not as wanted · `○` open · `!` could not be looked at
"""


class HelpScreen(ModalScreen[None]):
    """A page of help over whatever is shown."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q,question_mark", "dismiss", "Close")]
    DEFAULT_CSS = """
    HelpScreen {
        align: center middle;
        VerticalScroll {
            width: 84;
            max-width: 100%;
            height: auto;
            max-height: 95%;
            padding: 0 2;
            background: $surface;
            border: round $primary;
            border-title-color: $primary;
            border-subtitle-color: $text-muted;
        }
        Markdown { background: transparent; padding: 0; }
    }
    """

    def compose(self) -> ComposeResult:
        with VerticalScroll() as box:
            box.border_title = "Help"
            box.border_subtitle = "Esc closes"
            yield Markdown(_TEXT, open_links=False)
