"""The editor: its remarks on a profile, and that no typed text is lost."""

import json

import pytest
from textual.color import Color
from textual.widgets import Select

from runner.stage.drafts import Draft
from runner.tui.screens.editor import EditorScreen
from runner.tui.screens.lab.screen import LabScreen
from runner.tui.widgets.json_area import JsonArea
from tests.tui.in_a_lab import in_no_haste

MINE = "profiles/mine.json"


def drafts(learner):
    """The drafts of the lab whose editor is open."""
    editor = next(screen for screen in learner.app.screen_stack if isinstance(screen, EditorScreen))
    return editor._workspace.drafts


async def opened(learner) -> JsonArea:
    """The text of the step's file in the editor."""
    await learner.press("n")
    await learner.sees("Why?")
    await learner.press("e")
    await learner.sees("SCMP_ACT_ALLOW")
    return learner.screen.query_one(JsonArea)


async def drafted(learner, area: JsonArea, text: str) -> None:
    """Type `text` over all there is, and wait for its draft."""
    area.text = text
    await learner.until(lambda: (draft := drafts(learner).find(MINE)) and draft.text == text)


async def test_a_file_that_is_gone_is_not_another_one(sit_down):
    async with sit_down("one") as learner:
        await learner.press("n")
        await learner.sees("Why?")
        mine = learner.screen._controller.session.workspace.path(MINE)
        mine.unlink()
        await learner.press("e")
        await learner.sees(MINE, "no such file yet")
        area = learner.screen.query_one(JsonArea)
        assert area.text == ""
        area.text = "{}"
        await learner.press("ctrl+s")
        await learner.sees(f"Saved {MINE}")
        assert mine.read_text() == "{}"


async def test_the_editor_lints_decides_and_saves(sit_down):
    """While typing: the faults and the decision of the profile; saved text is in the workspace."""
    async with sit_down("one") as learner:
        await learner.press("n")
        await learner.sees("Why?")
        await learner.press("e")
        await learner.sees("profiles/mine.json", "SCMP_ACT_ALLOW")
        area = learner.screen.query_one(JsonArea)
        area.text = "{"
        await learner.sees("✗ line 1")
        area.text = json.dumps({"defaultAction": "SCMP_ACT_ERRNO"})
        await learner.press("f2")
        await learner.type("chmod")
        await learner.sees("EPERM")
        area.focus()
        await learner.press("ctrl+s")
        await learner.sees("Saved profiles/mine.json")
        assert not learner.told
        written, area.text = area.text, "{"
        await learner.until(lambda: "Saved profiles" not in learner.text)
        area.text = written
        await learner.press("ctrl+s")
        await learner.sees("Saved profiles/mine.json")
        await learner.press("escape")
        await learner.sees("Why?")
        await learner.press("t")
        await learner.type("cat profiles/mine.json")
        await learner.until(lambda: "SCMP_ACT_ERRNO" in learner.terminal().text)


async def test_the_second_escape_goes_on_editing(sit_down):
    async with sit_down("one") as learner:
        area = await opened(learner)
        area.text = "{}"
        await learner.press("escape")
        await learner.sees("Save your changes?", "Esc goes on editing")
        await learner.press("escape")
        assert isinstance(learner.screen, EditorScreen)
        assert area.text == "{}"
        await learner.until(lambda: area.has_focus)


async def test_changes_are_saved_or_thrown_away_by_a_key_of_their_own(sit_down):
    async with sit_down("one") as learner:
        await drafted(learner, await opened(learner), "{}")
        kept, path = drafts(learner), learner.screen._workspace.path(MINE)
        await learner.press("escape")
        await learner.press("t")
        await learner.sees("Why?")
        assert "SCMP_ACT_ALLOW" in path.read_text()
        assert kept.names == ()
        await learner.press("e")
        await learner.sees("SCMP_ACT_ALLOW")
        learner.screen.query_one(JsonArea).text = "[]"
        await learner.press("escape")
        await learner.press("y")
        await learner.sees("Why?")
        assert path.read_text() == "[]"
        assert kept.names == ()


async def test_a_draft_is_offered_again(sit_down):
    async with sit_down("one") as learner:
        area = await opened(learner)
        area.text = '{"defaultAction": "SCMP_ACT_KILL"}'
        await learner.press("escape")
        await learner.press("d")
        await learner.sees("Why?")
        await learner.press("e")
        await learner.sees("There is a draft")
        await learner.answer("d")
        area = learner.screen.query_one(JsonArea)
        assert "KILL" in area.text
        await learner.press("ctrl+z")
        assert "SCMP_ACT_ALLOW" in area.text, "undo shows the file"


async def test_typed_text_outlives_the_app(sit_down):
    """However the app ends: without a question, and including text typed a moment before."""
    async with sit_down("one") as learner:
        area = await opened(learner)
        await drafted(learner, area, "{")
        area.insert(" ")
    async with sit_down("one") as learner:
        await learner.sees("Why?")
        await learner.press("e")
        await learner.sees("There is a draft")
        assert drafts(learner).find(MINE).text in {"{ ", " {"}


async def test_a_draft_of_an_older_file_says_so(sit_down):
    async with sit_down("one") as learner:
        await opened(learner)
        drafts(learner).keep(Draft(MINE, "{}", "what the file was"))
        await learner.press("escape", "e")
        await learner.sees("The file has changed since that was begun")
        await learner.answer("escape")
        await learner.sees("Why?")
        await learner.press("e")
        await learner.sees("There is a draft")
        await learner.answer("t")
        await learner.until(lambda: isinstance(learner.screen, EditorScreen) and not drafts(learner).names)
        assert "SCMP_ACT_ALLOW" in learner.screen.query_one(JsonArea).text


async def test_another_file_is_opened_once_the_changes_are_settled(sit_down):
    async with sit_down("one") as learner:
        area = await opened(learner)
        area.text = "{}"
        files = learner.screen.query_one(Select)
        files.value = "profiles/allow.json"
        await learner.sees("Save your changes?")
        await learner.press("escape")
        await learner.until(lambda: files.value == MINE and area.text == "{}")
        files.value = "profiles/allow.json"
        await learner.sees("Save your changes?")
        await learner.press("d")
        await learner.until(lambda: "SCMP_ACT_ALLOW" in area.text)
        assert drafts(learner).names == (MINE,)


async def test_one_types_into_the_file_once_the_list_of_files_is_closed(sit_down):
    """Whether the same one was chosen, or none."""
    async with sit_down("one") as learner:
        area = await opened(learner)
        for key in ("enter", "escape"):
            await learner.press("ctrl+o")
            await learner.until(lambda: learner.screen.query_one(Select).expanded)
            await learner.press(key)
            await learner.until(lambda: learner.app.focused is area)


async def test_a_change_taken_back_leaves_no_draft(sit_down):
    async with sit_down("one") as learner:
        area = await opened(learner)
        before = area.text
        await drafted(learner, area, "{}")
        area.text = before
        await learner.until(lambda: drafts(learner).names == ())


async def test_where_no_draft_can_be_kept_it_is_said_once(sit_down):
    async with sit_down("one") as learner:
        area = await opened(learner)
        folder = drafts(learner)._folder
        folder.write_text("a file where the folder would be")
        area.text = "{}"
        await learner.is_told("is not kept as a draft")


async def test_a_draft_is_kept_by_escape_also_where_a_change_is_proposed(sit_down):
    async with sit_down("one") as learner:
        await opened(learner)
        editor = learner.screen
        drafts(learner).keep(Draft(MINE, "what I wrote", editor._saved))
        changed = EditorScreen(editor._workspace, MINE, editor._info, change=lambda _: "what is proposed")
        await learner.app.push_screen(changed)
        await learner.sees("There is a draft")
        await learner.answer("escape")
        await learner.until(lambda: learner.screen is editor and not changed.is_attached)
        assert drafts(learner).find(MINE).text == "what I wrote"


async def test_escape_leads_from_the_question_to_the_text_and_then_to_the_lab(sit_down):
    async with sit_down("one") as learner:
        area = await opened(learner)
        await learner.press("f2")
        await learner.sees("Back to the text")
        await learner.press("escape")
        await learner.until(lambda: learner.app.focused is area)
        assert isinstance(learner.screen, EditorScreen)
        await learner.press("escape")
        await learner.sees("Why?")


async def test_a_file_is_not_changed_by_looking_at_it(sit_down):
    """Whatever else than a line end divides its lines."""
    async with sit_down("one") as learner:
        await learner.press("n")
        await learner.sees("Why?")
        await in_no_haste(learner)
        learner.screen._controller.session.workspace.write(MINE, '{"comment": "one\u2028two"}\n')
        await learner.press("e")
        await learner.until(lambda: "two" in learner.screen.query_one(JsonArea).text)
        await learner.press("escape")
        await learner.until(lambda: isinstance(learner.screen, LabScreen))


@pytest.mark.parametrize("theme", ["ansi-dark", "ansi-light", "dracula"])
async def test_it_has_the_colours_of_any_theme(sit_down, theme):
    async with sit_down("one") as learner:
        learner.app.theme = theme
        area = await opened(learner)
        colour = Color.parse(learner.app.theme_variables["primary"]).rich_color
        assert colour in [span.style.color for span in area.get_line(0).spans]


async def test_remarks_that_have_too_little_room_are_reached_by_keys(sit_down):
    async with sit_down("one", size=(80, 24)) as learner:
        area = await opened(learner)
        unknown = ", ".join(f'"unknown{number:02}": 1' for number in range(30))
        area.text = f'{{"defaultAction": "SCMP_ACT_ALLOW", {unknown}}}'
        await learner.sees('the key "unknown00"')
        await learner.press("tab", "end")
        await learner.sees('the key "unknown29"')
        await learner.press("escape")
        await learner.sees("Save your changes?")


async def test_a_saved_text_that_is_no_json_is_called_so(sit_down):
    async with sit_down("one", size=(80, 24)) as learner:
        area = await opened(learner)
        area.text = '{\n  "defaultAction": \n}'
        await learner.press("ctrl+s")
        await learner.sees("Saved, but it cannot be read as JSON: line 3")
        area.text = '{"defaultAction": "SCMP_ACT_ALLOW"}'
        await learner.press("ctrl+s")
        await learner.sees("Saved profiles/mine.json")


async def test_the_list_of_files_names_its_key_in_our_words(sit_down):
    async with sit_down("one", size=(80, 24)) as learner:
        await opened(learner)
        await learner.press("ctrl+o")
        await learner.sees("Esc Close the list")
