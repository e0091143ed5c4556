"""The screen is divided as the learner chooses."""

import pytest

from runner.tui.settings import Settings
from runner.tui.split import Split

WIDE, STACKED = (120, 40), (80, 24)


def lengths(learner, size) -> tuple[int, int]:
    """The size of the reading side, and of the pane beside it or below."""
    reading, beside = (
        learner.screen.query_one("#reading").outer_size,
        learner.screen.query_one("#beside").outer_size,
    )
    return (reading.width, beside.width) if size == WIDE else (reading.height, beside.height)


async def settled(learner, size, condition) -> None:
    await learner.until(lambda: condition(*lengths(learner, size)))


@pytest.mark.parametrize("size", [WIDE, STACKED])
async def test_keys_move_the_edge_and_it_stays_there(sit_down, size):
    async with sit_down("one", size=size) as learner:
        before = lengths(learner, size)
        await learner.press("greater_than_sign")
        await settled(learner, size, lambda reading, _: reading > before[0])
        await learner.press("less_than_sign", "less_than_sign")
        await settled(learner, size, lambda reading, _: reading < before[0])
        now = lengths(learner, size)
        assert sum(now) == sum(before)
        await learner.press("f")
        await learner.until(lambda: lengths(learner, size)[1] >= sum(before))
        await learner.press("shift+tab", "f")
    async with sit_down("two", size=size) as learner:
        assert lengths(learner, size) == now
        await learner.press("equals_sign")
        await settled(learner, size, lambda *lengths: lengths == before)


@pytest.mark.parametrize("size", [WIDE, STACKED])
async def test_the_edge_can_be_dragged(sit_down, size):
    async with sit_down("one", size=size) as learner:
        beside = learner.screen.query_one("#beside")
        at = beside.region.offset
        to = (30, at.y) if size == WIDE else (at.x, 8)
        await learner.pilot.mouse_down(offset=(at.x, at.y + (4 if size == WIDE else 0)))
        await learner.pilot.hover(offset=to)
        await learner.pilot.mouse_up(offset=to)
        await learner.until(lambda: beside.region.offset == to)
        # What is not the edge moves nothing.
        await learner.pilot.mouse_down(offset=(to[0] + 3, to[1] + 5))
        await learner.pilot.hover(offset=(60, 15))
        await learner.pilot.mouse_up(offset=(60, 15))
        assert beside.region.offset == to


@pytest.mark.parametrize("size", [WIDE, STACKED])
@pytest.mark.parametrize("key", ["less_than_sign", "greater_than_sign"])
async def test_both_sides_can_be_used_however_far_it_is_moved(sit_down, size, key):
    async with sit_down("one", size=size) as learner:
        await learner.press(*[key] * 25)
        assert min(lengths(learner, size)) >= 3
        await learner.press("t")
        await learner.type("echo here")
        await learner.until(lambda: "here" in learner.terminal().text)


async def test_each_orientation_has_its_own_edge(sit_down):
    async with sit_down("one", size=WIDE) as learner:
        await learner.press("greater_than_sign", "greater_than_sign")
        wide = lengths(learner, WIDE)
        await learner.pilot.resize_terminal(*STACKED)
        await learner.until(lambda: learner.screen.has_class("-narrow"))
        await learner.until(lambda: learner.screen.query_one("#reading").outer_size.width == STACKED[0])
        await learner.press("less_than_sign")
        await learner.pilot.resize_terminal(*WIDE)
        await settled(learner, WIDE, lambda *lengths: lengths == wide)


@pytest.mark.parametrize("value", ['{"split": 7}', '{"split": "x"}', '{"split": null}', "[]", "{"])
def test_invalid_settings_are_ignored(tmp_path, value):
    (tmp_path / "settings.json").write_text(value)
    split = Split(Settings.below(tmp_path))
    assert split.part(stacked=False) is None
    split.move_to(0.4, stacked=True)
    split.remember()
    assert Split(Settings.below(tmp_path)).part(stacked=True) == 0.4
    split.move_to(7, stacked=False)
    assert split.part(stacked=False) == 0.85
    split.reset(stacked=False)
    assert split.part(stacked=False) is None
    split.remember()
    assert Split(Settings.below(tmp_path)).part(stacked=True) == 0.4
