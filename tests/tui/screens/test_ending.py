"""After the labs: the ending, the certificate, and notes."""

import pytest
from textual.content import Content
from textual.widgets import Input, TextArea

from runner.content import LABS
from runner.lab.read.workshop import read_workshop
from runner.language import use
from runner.learner.progress.standing import LabStanding, WorkshopStanding
from runner.learner.progress.state import LabState, Progress
from runner.record.event import CheckPassed, LabFinished, StepEntered
from runner.tui.screens import picker_text
from runner.tui.screens.ending import EndingScreen
from runner.tui.screens.notes import NotesScreen
from runner.tui.screens.summary import SummaryScreen
from runner.tui.widgets.save_line import SaveLine


def done(journal, workshop, *labs: str) -> None:
    """These labs were done, in an hour each."""
    clock = [1000.0]
    journal._clock = lambda: clock[0]
    for lab in (lab for lab in workshop.labs if lab.id in labs):
        for step in lab.steps:
            journal.record(StepEntered(), workshop.id, lab.id, step.id)
            for check in step.checks:
                journal.record(CheckPassed(check.id), workshop.id, lab.id, step.id)
        journal.record(LabFinished(), workshop.id, lab.id)


async def test_the_picker_shows_overall_progress(sit_down, workshop):
    async with sit_down() as learner:
        await learner.sees("░" * 20 + " 0 of 2 labs · 0 of 4 checks")
        done(learner.journal, workshop, "one")
        await learner.press("question_mark", "escape")
        await learner.sees("█" * 10 + "░" * 10 + " 1 of 2 labs · 2 of 4 checks")


async def test_after_the_last_lab_comes_the_ending(sit_down, workshop):
    async with sit_down("two") as learner:
        done(learner.journal, workshop, "one")
        await learner.press("S")
        await learner.sees("Step 2 of 2")
        await learner.press("n")
        await learner.sees("The second lab: done", "How it all went")
        await learner.answer("n")
        await learner.sees(
            "A tiny workshop: done", "The first lab", "2/2", "4/4", "What next", "workshop new"
        )
        await learner.press("q")
        await learner.sees("2 of 2 labs")


async def test_before_that_it_says_what_is_open(sit_down, workshop):
    async with sit_down(size=(80, 24)) as learner:
        done(learner.journal, workshop, "one")
        await learner.press("g")
        await learner.sees("1 of 2 labs done", "The second lab is still open: 2 of its checks")
        await learner.press("q")
        await learner.is_at_the_labs()


async def test_a_lab_that_was_only_looked_into_is_new_and_has_no_checks_passed(sit_down, workshop):
    """Whatever is ticked there from the start."""
    async with sit_down() as learner:
        step = workshop.labs[0].steps[0]
        learner.journal.record(StepEntered(), "tiny", "one", step.id)
        learner.journal.record(CheckPassed("note"), "tiny", "one", step.id)
        await learner.press("g")
        await learner.sees("○ The first lab", "0/2", "The first lab is still open: 2 of its checks")
        assert "1/" not in learner.text
        await learner.press("q")
        await learner.sees("0 of 4 checks")


def test_the_progress_is_on_one_line_of_eighty_columns_in_another_language():
    workshop = read_workshop(LABS / "seccomp").workshop
    begun = LabStanding(workshop.labs[0], LabState(begun=True, seconds=22 * 60))
    standing = WorkshopStanding(workshop, (begun, *WorkshopStanding.of(workshop, Progress()).labs[1:]))
    use("es")
    try:
        heading = picker_text.heading([standing])
    finally:
        use("")
    room = 80 - 2 * 3
    about = Content(f"{workshop.title}\n{' '.join(workshop.summary.split())}")
    assert heading.get_height({}, room) == about.get_height({}, room) + 1


@pytest.mark.parametrize(("file", "holds"), [("mine.svg", "<svg"), ("mine.md", "# A tiny workshop")])
async def test_the_certificate_is_a_picture_or_a_text(sit_down, workshop, tmp_path, file, holds):
    async with sit_down() as learner:
        done(learner.journal, workshop, "one", "two")
        await learner.press("g")
        await learner.until(lambda: isinstance(learner.screen, EndingScreen))
        await learner.press("w")
        name = learner.screen.query_one("#name", Input)
        await learner.until(lambda: name.has_focus)
        name.value = "Ada"
        await learner.press("enter")
        line = learner.screen.query_one(SaveLine)
        await learner.until(lambda: line.has_focus)
        assert line.value == "tiny-certificate.svg"
        line.value = str(tmp_path / file)
        await learner.press("enter")
        await learner.is_told("Written to")
        written = (tmp_path / file).read_text()
        assert holds in written
        assert "Ada" in written
        assert "all 2 labs" in written
        await learner.press("q")
        await learner.is_at_the_labs()


async def test_escape_leaves_the_name_and_not_the_ending(sit_down):
    async with sit_down() as learner:
        await learner.press("g")
        await learner.until(lambda: isinstance(learner.screen, EndingScreen))
        await learner.press("w")
        await learner.until(lambda: learner.screen.query_one("#name").has_focus)
        await learner.press("q", "escape")
        assert isinstance(learner.screen, EndingScreen)
        assert not learner.screen.query_one("#name").display
        await learner.press("q")
        await learner.is_at_the_labs()


async def test_a_file_is_not_replaced_without_a_word(sit_down, workshop, tmp_path):
    theirs = tmp_path / "theirs.md"
    theirs.write_text("theirs")
    async with sit_down() as learner:
        await learner.press("g")
        await learner.until(lambda: isinstance(learner.screen, EndingScreen))
        line = learner.screen.query_one(SaveLine)
        line.ask(str(theirs), lambda _: "ours")
        await learner.until(lambda: line.has_focus)
        await learner.press("enter")
        await learner.is_told("is there already")
        assert theirs.read_text() == "theirs"
        await learner.press("enter")
        await learner.until(lambda: theirs.read_text() == "ours")


@pytest.mark.parametrize("name", ["/proc/nothing", "/" + "x" * 300, "~nobody-of-this-name/x", "a\0b"])
async def test_a_file_that_cannot_be_written_is_a_message(sit_down, name):
    async with sit_down() as learner:
        await learner.press("g")
        await learner.until(lambda: isinstance(learner.screen, EndingScreen))
        line = learner.screen.query_one(SaveLine)
        line.ask("x", lambda _: "ours")
        await learner.until(lambda: line.has_focus)
        line.value = name
        await learner.press("enter")
        await learner.is_told("cannot write")
        await learner.press("escape")
        assert isinstance(learner.screen, EndingScreen)
        assert not line.display


async def test_escape_leaves_the_line_and_not_the_summary(sit_down):
    async with sit_down("two") as learner:
        await learner.press("S")
        await learner.sees("Step 2 of 2")
        await learner.press("n")
        await learner.sees("Write to a file")
        await learner.press("w")
        await learner.until(lambda: learner.screen.query_one(SaveLine).has_focus)
        await learner.press("escape")
        await learner.until(lambda: not learner.screen.query_one(SaveLine).has_focus)
        assert isinstance(learner.screen, SummaryScreen)


async def test_notes_are_kept_with_the_progress(sit_down, tmp_path):
    async with sit_down() as learner:
        await learner.sees("1. The first lab")
        await learner.press("N")
        await learner.until(lambda: isinstance(learner.screen, NotesScreen))
        await learner.sees("Notes: The first lab")
        learner.screen.query_one(TextArea).text = "mount needs a capability"
        await learner.press("escape")
        await learner.sees("Your notes: mount needs a capability")
    async with sit_down() as learner:
        await learner.sees("Your notes: mount needs a capability")
        await learner.press("N")
        await learner.sees("mount needs a capability")
        await learner.press("ctrl+s")
        line = learner.screen.query_one(SaveLine)
        await learner.until(lambda: line.has_focus)
        assert line.value == "tiny-one-notes.md"
        line.value = str(tmp_path / "notes.md")
        await learner.press("enter")
        await learner.is_told("Written to")
    assert (tmp_path / "notes.md").read_text() == "# The first lab\n\nmount needs a capability\n"


async def test_notes_are_kept_when_the_app_ends_over_them(sit_down):
    async with sit_down() as learner:
        await learner.press("N")
        await learner.until(lambda: isinstance(learner.screen, NotesScreen))
        learner.screen.query_one(TextArea).text = "half a th"
    async with sit_down() as learner:
        assert learner.lab().notes == "half a th"
