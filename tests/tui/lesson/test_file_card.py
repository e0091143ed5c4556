"""A file of the lesson in its current state."""

from pathlib import Path

import pytest
from textual.app import App

from runner.lab.model.span import Span
from runner.lab.model.workshop import FileBlock
from runner.tui.widgets.json_area import JsonArea
from runner.tui.widgets.lesson.file_card import FileCard

MINE = "profiles/mine.json"


class Page(App[None]):
    def compose(self):
        yield FileCard(
            FileBlock(
                name=MINE,
                content='{\n    "names": ["chmod", "mkdir", "rmdir"],\n}\n',
                language="json",
                edit=False,
                span=Span(Path("lab.md"), 1, 1),
            )
        )


async def test_wrapped_lines_keep_their_indentation():
    app = Page()
    async with app.run_test(size=(40, 12)):
        shown = [strip.text.rstrip() for strip in app.screen._compositor.render_strips()]
        wrapped = [line for line in shown if "chmod" in line or "rmdir" in line]
        assert [line.index('"') for line in wrapped] == [wrapped[0].index('"names"')] * 2


async def at_the_file(learner):
    """The step with the file, and the file."""
    await learner.press("n")
    await learner.sees("Why?", "yours to change")
    return learner.screen._controller.session.workspace.root / MINE


@pytest.mark.parametrize("size", [(80, 40), (120, 40)])
async def test_a_file_saved_in_the_editor_shows_its_difference(sit_down, size):
    async with sit_down("one", size=size) as learner:
        await at_the_file(learner)
        await learner.press("e")
        await learner.sees("SCMP_ACT_ALLOW")
        learner.screen.query_one(JsonArea).text = '{"defaultAction": "SCMP_ACT_ERRNO"}\n\t"[b]"'
        await learner.press("ctrl+s", "escape")
        await learner.sees(
            '- {"defaultAction": "SCMP_ACT_ALLOW"}',
            '+ {"defaultAction": "SCMP_ACT_ERRNO"}',
            '+     "[b]"',
            "yours: 2 added, 1 removed",
        )


async def test_a_commands_change_to_the_file_is_shown(sit_down):
    async with sit_down("one") as learner:
        await at_the_file(learner)
        await learner.press("t")
        await learner.type("echo more >> profiles/mine.json")
        await learner.sees("+ more", "yours: 1 added, 0 removed")
        await learner.type("rm profiles/mine.json")
        await learner.sees("gone: x puts it back")


async def test_it_is_shown_so_when_one_comes_back(sit_down):
    async with sit_down("one") as learner:
        path = await at_the_file(learner)
        path.write_text('{"mine": 1}')
        await learner.press("p")
        await learner.sees("Say it")
        await learner.press("n")
        await learner.sees('+ {"mine": 1}')
        await learner.press("x", "y")
        await learner.sees("yours to change")
        await learner.until(lambda: '+ {"mine": 1}' not in learner.text)


@pytest.mark.parametrize("kind", ["fifo", "folder", "long", "binary"])
async def test_whatever_is_in_its_place_ends_nothing(sit_down, kind):
    import os

    async with sit_down("one") as learner:
        path = await at_the_file(learner)
        path.unlink()
        match kind:
            case "fifo":
                os.mkfifo(path)
            case "folder":
                path.mkdir()
            case "long":
                path.write_text("x\n" * 100_000)
            case "binary":
                path.write_bytes(bytes(range(256)))
        await learner.press("t")
        await learner.type("true")
        said = {"long": "too long to show", "binary": "yours:"}.get(kind, "gone:")
        await learner.sees(said)


async def test_an_unsaved_draft_is_mentioned(sit_down):
    async with sit_down("one") as learner:
        await at_the_file(learner)
        await learner.press("e")
        await learner.sees("SCMP_ACT_ALLOW")
        learner.screen.query_one(JsonArea).text = "{"
        await learner.press("escape", "d")
    async with sit_down("one") as learner:
        await learner.is_told(f"Not saved in the editor, and kept: {MINE}")
