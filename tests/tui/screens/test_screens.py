"""The picker, the editor, the explanation, the summary and the help."""

import pytest

from runner.tui.lab.announcements import FRESH_SECONDS
from runner.tui.screens.picker import PickerScreen
from runner.tui.themes import DARK, LIGHT
from runner.tui.widgets.banner import Banner
from runner.tui.widgets.key_bar import KeyBar
from runner.tui.widgets.status import StatusLine
from runner.tui.widgets.terminal.tabs import Terminals


async def test_the_picker_shows_labs_with_their_time_and_progress(sit_down):
    async with sit_down() as learner:
        await learner.sees("A tiny workshop", "1. The first lab", "3 min · new", "2. The second lab")
        await learner.sees("Say hello")


async def test_the_picker_opens_the_lab_that_is_highlighted(sit_down):
    async with sit_down() as learner:
        await learner.sees("2. The second lab")
        await learner.press("down", "enter")
        await learner.sees("Say it")
        await learner.until(learner.terminal)
        await learner.press("q")
        await learner.sees("1. The first lab", "← you are here")
        assert "0/2 checks" not in learner.text, "it was only looked at"


@pytest.mark.parametrize("size", [(80, 24), (20, 5)])
async def test_the_picker_is_usable_in_a_small_terminal(sit_down, size):
    async with sit_down(size=size) as learner:
        await learner.sees("1. The first")
        await learner.press("enter")
        await learner.sees("Say it")


async def test_the_theme_is_remembered(sit_down):
    async with sit_down() as learner:
        assert learner.app.theme == DARK.name
        await learner.press("ctrl+t")
        assert learner.app.theme == LIGHT.name
    async with sit_down() as learner:
        assert learner.app.theme == LIGHT.name


async def test_without_colours_everything_is_still_said(sit_down, monkeypatch):
    """NO_COLOR leaves symbols and words."""
    monkeypatch.setenv("NO_COLOR", "1")
    async with sit_down("one") as learner:
        await learner.press("S")
        await learner.press("p")
        await learner.sees("✓ Somebody said hello")


@pytest.mark.parametrize(
    ("size", "keys"), [((80, 24), ""), ((120, 36), ""), ((80, 24), "f"), ((80, 24), "w")]
)
async def test_messages_cover_no_terminal_and_end_with_the_lab(sit_down, size, keys):
    """However much it is, no matter who says it, and whether or not a lesson is beside the terminal."""
    async with sit_down("one", size=size, toasts=True) as learner:
        await learner.press(*keys)
        terminals = learner.screen.query_one(Terminals)
        before = terminals.region
        for number in range(9):
            learner.app.notify(f"Number {number} of what there is to say, at some length.", timeout=60)
        await learner.sees("Number 8")
        (shown,) = (banner for banner in learner.screen.query(Banner) if banner.region)
        assert terminals.region == before
        assert not shown.region.overlaps(terminals.region)
        if not keys:
            assert shown.region.bottom <= learner.screen.query_one(StatusLine).region.y
            await learner.sees("Space Go on", "checks 0/2")
        await learner.pilot.click(shown)
        await learner.until(lambda: not learner.told and "Number" not in learner.text)
        learner.screen._panes.say("For this lab alone.", timeout=60)
        await learner.sees("For this lab alone.")
        await learner.press("q")
        await learner.is_at_the_labs()
        assert not learner.told


async def test_a_message_over_the_keys_gives_them_back_once_it_is_read(sit_down):
    """Where nothing is read beside the terminal; it still shows over the status line, and covers them only once."""
    async with sit_down("one", size=(80, 24)) as learner:
        await learner.press("f")
        learner.screen._panes.say("What takes long to read. " * 12, timeout=600)
        await learner.until(lambda: "Space Go on" not in learner.text)
        learner.screen._panes.announcements.pass_time(FRESH_SECONDS)
        await learner.sees("▌ What takes", "Space Go on", "q Labs")
        await learner.press("f", "f")
        await learner.sees("▌ What takes", "Space Go on", "q Labs")


@pytest.mark.parametrize(("columns", "layout"), [(80, "-narrow"), (100, "-wide"), (160, "-wide")])
async def test_the_list_of_labs_has_its_layout_before_it_is_painted(sit_down, columns, layout):
    async with sit_down(size=(columns, 30)) as learner:
        assert PickerScreen(learner.app._workshops, learner.journal).has_class(layout)


async def test_a_message_of_several_lines_is_whole_where_the_calls_have_the_place_of_the_lesson(sit_down):
    async with sit_down("one", size=(80, 24), toasts=True) as learner:
        await learner.press("w")
        await learner.sees("w brings the lesson back")
        terminals = learner.screen.query_one(Terminals)
        before = terminals.region
        said = [
            f"Line {number} of a message, which is as long as a line of the terminal is." for number in "1234"
        ]
        learner.screen._panes.say("\n".join(said), timeout=600)
        await learner.sees(*said, "Space Go on")
        assert terminals.region == before
        learner.screen._panes.announcements.pass_time(FRESH_SECONDS)
        await learner.sees(*said, "Space Go on")


async def test_messages_of_other_screens_continue_in_the_lab(sit_down):
    async with sit_down(toasts=True) as learner:
        await learner.sees("1. The first lab")
        learner.app.notify("What concerns everybody.", timeout=60)
        await learner.sees("What concerns everybody.")
        (workshop,) = learner.app._workshops
        learner.app._enter(workshop, workshop.labs[0])
        learner.app.notify("What comes as the lab is opened.", timeout=60)
        await learner.until(lambda: learner.screen.query(Banner).filter(".-said"))
        await learner.sees("What concerns everybody.", "What comes as the lab is opened.")
        assert not learner.app._notifications


async def test_profiles_are_compared_for_a_system_call(sit_down):
    async with sit_down("one") as learner:
        await learner.press("y")
        await learner.type("chmod")
        await learner.sees("profiles/allow.json", "allow")
        await learner.press("escape")
        await learner.sees("Say it")


async def test_the_summary_can_be_written_to_a_file(sit_down, tmp_path):
    async with sit_down("one") as learner:
        await learner.press("S")
        await learner.sees("Step 2 of 2")
        await learner.press("n")
        await learner.sees("The first lab: done", "Solved for you", "✓ Somebody said hello")
        await learner.press("w")
        field = learner.screen.query_one("Input")
        field.value = str(tmp_path / "mine.md")
        await learner.press("enter")
        await learner.is_told("mine.md")
    written = (tmp_path / "mine.md").read_text()
    assert "- [x] Somebody said hello. Words are output too." in written
    assert "Say it" in written


async def test_a_click_on_a_key_is_as_good_as_the_key(sit_down):
    async with sit_down("one", size=(80, 24)) as learner:
        bar = learner.screen.query_one(KeyBar)
        for place in bar._places:  # where a person would see the word
            if place.hint.description == "Hint":
                await learner.pilot.click(bar, offset=(place.x + 2, place.y))
        await learner.until(lambda: learner.lab().hints == 1)


async def test_the_decisions_of_more_profiles_than_lines_are_scrolled(sit_down):
    async with sit_down("one", size=(80, 24)) as learner:
        workspace = learner.screen._controller.session.workspace
        for number in range(30):
            workspace.write(f"profiles/p{number:02}.json", '{"defaultAction": "SCMP_ACT_ALLOW"}')
        await learner.press("y", *"chmod", "enter")
        await learner.sees("profiles/p01.json")
        assert "profiles/p29.json" not in learner.text
        await learner.press("pagedown", "pagedown", "pagedown", "down", "up", "down")
        await learner.sees("profiles/p29.json", "chmod", "Esc closes")
        await learner.press("enter")
        await learner.sees("profiles/p01.json")
