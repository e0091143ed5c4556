"""`runner.instructor.joining`: the picture stands for the address, and is whole or not there."""

import pytest
import segno
from textual.app import App

from runner.instructor.joining import JoiningPage, qr_lines
from runner.teaching.control import ClassStatus

LINK = "https://192.168.178.100:8443/#ECPH-7YYN"
STATUS = ClassStatus(
    "A class",
    joining=(
        "https://192.168.178.100:8443/   code ECPH-7YYN",
        "certificate  12:34",
        "             56:78",
        "ssh -p 2222 NAME@192.168.178.100   SHA256:abc",
    ),
    link=LINK,
    own="join with the code ABCD-EFGH: a session\nthe class's screen",
)
_MODULES = {" ": (0, 0), "▀": (1, 0), "▄": (0, 1), "█": (1, 1)}


def test_the_picture_has_the_modules_of_the_code() -> None:
    lines = qr_lines(LINK)
    rows = [[_MODULES[block][half] for block in line] for line in lines for half in (0, 1)]
    expected = [list(row) for row in segno.make(LINK, micro=False).matrix_iter(border=2)]
    assert rows[: len(expected)] == expected
    assert not any(map(any, rows[len(expected) :]))


def _shown(app: App[None]) -> str:
    return "\n".join(strip.text for strip in app.screen._compositor.render_strips())


@pytest.mark.parametrize(("size", "whole"), [((100, 30), True), ((120, 50), True), ((80, 20), False)])
async def test_the_picture_is_shown_where_it_has_room(size: tuple[int, int], whole: bool) -> None:
    app: App[None] = App()
    async with app.run_test(size=size) as pilot:
        app.push_screen(JoiningPage(STATUS))
        await pilot.pause()
        shown = _shown(app)
        assert "code ECPH-7YYN" in shown
        assert all(line.strip() in shown for line in qr_lines(LINK)) is whole
        assert ("A larger window" in shown) is not whole
        assert "ABCD-EFGH" not in shown
        await pilot.press("y")
        await pilot.pause()
        assert "ABCD-EFGH" in _shown(app)


async def test_a_class_that_nobody_can_join_has_no_picture() -> None:
    app: App[None] = App()
    async with app.run_test(size=(100, 30)) as pilot:
        app.push_screen(JoiningPage(ClassStatus("A class")))
        await pilot.pause()
        shown = _shown(app)
        assert "nobody can join" in shown
        assert not any(word in shown for word in ("█", "A larger window", "for you", "your own code"))
