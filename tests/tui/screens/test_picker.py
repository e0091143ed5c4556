"""The list of labs of a workshop that has tracks and paths."""

import re
from contextlib import closing
from dataclasses import replace

import pytest
from textual.widgets import OptionList

from runner.lab.model.track import LearningPath, Track
from runner.lab.model.workshop import Workshop
from runner.learner.home import progress_file
from runner.learner.progress.journal import Journal
from runner.record.event import CheckPassed, LabBegun
from runner.record.sqlite.store import SqliteStore
from runner.tui.screens.about import AboutScreen
from runner.tui.screens.lab.screen import LabScreen
from runner.tui.screens.picker import PickerScreen


@pytest.fixture
def workshop(workshop: Workshop) -> Workshop:
    tracks = Track("a", "Begin here", "Words first", ("one",)), Track("b", "Then this", "", ("two",))
    return replace(workshop, tracks=tracks, paths=(LearningPath("talk", "A talk", "", ("two",)),))


async def test_tracks_are_headings_and_a_path_shows_its_labs_alone(sit_down):
    async with sit_down() as learner:
        await learner.sees("Begin here · about 3 min · 0/1 labs", "1. The first lab", "Words first")
        await learner.sees("Then this", "2. The second lab")
        await learner.press("down")
        await learner.until(lambda: "Words first" not in learner.text)
        await learner.press("p")
        await learner.sees("A tiny workshop: A talk", "1. The second lab")
        await learner.press("enter")
        await learner.sees("1. The second lab  ·  A tiny workshop: A talk")
        await learner.press("q", "p")
        await learner.sees("Then this", "2. The second lab")
        assert "All labs" not in learner.text
        await learner.press("p")
        await learner.sees("A tiny workshop: A talk", "All labs")
        await learner.press("escape")
        await learner.sees("Then this", "2. The second lab")


async def test_it_follows_another_window_of_the_same_learner(sit_down, tmp_path):
    """Whether it is shown meanwhile, or is come back to; what is highlighted stays so."""
    path = progress_file(tmp_path / "state")
    async with sit_down() as learner:
        await learner.press("down")
        await learner.until(lambda: "Words first" not in learner.text)
        with closing(Journal(SqliteStore(path), "me")) as other:
            other.record(LabBegun(), "tiny", "one")
            other.record(CheckPassed("hello"), "tiny", "one", "say-it")
            await learner.sees("1 of 4 checks")
            assert "Words first" not in learner.text
            await learner.press("question_mark")
            await learner.until(lambda: not isinstance(learner.screen, PickerScreen))
            other.record(CheckPassed("note"), "tiny", "one", "say-it")
        await learner.press("escape")
        await learner.sees("2 of 4 checks")


@pytest.mark.parametrize("size", [(80, 24), (110, 16), (40, 14), (20, 5)])
async def test_a_key_shows_all_that_a_lab_is_about(sit_down, size):
    """Also where there is no room for it beside the list, or not for all of it."""
    async with sit_down(size=size) as learner:
        await learner.is_at_the_labs()
        await learner.until(lambda: learner.screen.query_one(OptionList).highlighted is not None)
        await learner.press("down", "a")
        await learner.until(lambda: isinstance(learner.screen, AboutScreen))
        missing = {"second", "learn", "hello", "minutes", "say", "think"}

        def all_seen():
            missing.difference_update(re.findall(r"[a-z]+", learner.text.lower()))
            return not missing

        await learner.press_until("down", all_seen)
        await learner.press("escape")
        await learner.is_at_the_labs()
        await learner.press("enter")
        await learner.until(lambda: isinstance(learner.screen, LabScreen))


async def test_space_opens_the_highlighted_lab(sit_down):
    async with sit_down() as learner:
        await learner.sees("Begin here")
        await learner.press("down", "space")
        await learner.sees("2. The second lab  ·  A tiny workshop")


async def test_what_is_highlighted_stays_so_under_another_screen(sit_down):
    """After a lab, it is where the learner was."""
    async with sit_down() as learner:
        await learner.press("enter")
        await learner.sees("Step 1 of 2")
        await learner.press("q")
        await learner.is_at_the_labs()
        await learner.press("down")
        await learner.until(lambda: "Words first" not in learner.text)
        for key in ("question_mark", "N"):
            await learner.press(key)
            await learner.until(lambda: not isinstance(learner.screen, PickerScreen))
            await learner.press("escape")
            await learner.is_at_the_labs()
            await learner.sees("0 of 2 labs")
            assert "Words first" not in learner.text
