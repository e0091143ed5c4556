"""`runner.tui`: untrusted text in dialogs is shown as text, whatever brackets it has."""

from types import SimpleNamespace

import pytest
from textual.actions import parse
from textual.app import App, ComposeResult
from textual.content import Content
from textual.screen import Screen
from textual.style import Style
from textual.widgets import Button, Select

from runner.lab.model.prose import Passage, PassageKind, Words
from runner.lab.search import Found, Place
from runner.tui.keys.commands import LessonCommands
from runner.tui.screens.dialog import Answer, Dialog
from runner.tui.screens.notes import NotesScreen
from runner.tui.screens.question import Question
from runner.tui.screens.why import WhyScreen
from runner.tui.widgets.launcher import Launcher
from runner.tui.widgets.lesson.reading import reading

TAGS = "[/b] [bold red]x"


class Launching(Screen):
    def compose(self) -> ComposeResult:
        yield Launcher([TAGS], [f"{TAGS}.json"])


class LaunchingUnderWhatIsGone(Launching):
    """The profile that was chosen has been deleted."""

    def on_mount(self) -> None:
        self.query_one("#profile", Select).value = f"{TAGS}.json"
        self.query_one(Launcher).offer([])


@pytest.mark.parametrize(
    "screen",
    [
        lambda: Question(f"Remove {TAGS}?", TAGS, yes=TAGS, no=TAGS),
        lambda: Dialog(TAGS, TAGS, [Answer("y", TAGS, True)], escape=False, way_out=TAGS),
        lambda: WhyScreen(TAGS, [], [TAGS], TAGS),
        lambda: NotesScreen(TAGS, "notes.md", "", lambda _: None),
        Launching,
        LaunchingUnderWhatIsGone,
    ],
)
async def test_tags_are_shown_as_they_are(screen):
    app = App()
    async with app.run_test(size=(100, 30)) as pilot:
        app.push_screen(shown := screen())
        await pilot.pause()
        text = "\n".join(strip.text for strip in shown._compositor.render_strips())
        assert TAGS in text
        assert all(TAGS in str(button.label) for button in shown.query(Button))


@pytest.mark.parametrize("term", ["it's", "a\\", "x)]", "seccomp"])
def test_a_link_asks_for_its_term_whatever_that_has(term):
    (link,) = reading([Passage(PassageKind.PARAGRAPH, (Words(TAGS, (), f"glossary.md#{term}"),))])
    (span,) = link.content.spans
    action = Style.parse(span.style).meta["@click"]
    assert parse(action) == ("screen", "define", (term.replace("'", "%27").replace("\\", "%5C"),))


async def test_palette_results_are_not_markup(monkeypatch):
    class Lessons(App):
        index = SimpleNamespace(
            find=lambda _words, limit: [("w", Found(Place(TAGS, "", 1), f"…{TAGS}"))][:limit]
        )

    app = Lessons()
    monkeypatch.setattr(LessonCommands, "app", app)
    (hit,) = [hit async for hit in LessonCommands(Screen()).search("x")]
    assert Content.from_markup(hit.prompt).plain == TAGS
    assert Content.from_markup(hit.help).plain == f"…{TAGS}"
