"""The status line says as much of the engine as there is room for, and no half names."""

from dataclasses import replace

import pytest
from textual.app import App, ComposeResult

from runner.tui.widgets.status import StatusLine
from tests.fakes import INFO
from tests.waiting import until


class Alone(App[None]):
    def compose(self) -> ComposeResult:
        yield StatusLine()


def shown(app: App[None]) -> str:
    return app.query_one(StatusLine).render_line(0).text.strip()


@pytest.mark.parametrize(
    ("width", "engine"),
    [
        (103, "  │  Docker 29.1, in a user namespace, memory not limited"),
        (102, "  │  Docker 29.1, in a user namespace"),
        (83, "  │  Docker 29.1, in a user namespace"),
        (82, "  │  Docker 29.1"),
        (62, "  │  Docker 29.1"),
        (61, ""),
    ],
)
async def test_the_engine_is_named_as_far_as_there_is_room(width, engine):
    """Also after the window was made smaller."""
    app = Alone()
    async with app.run_test(size=(120, 5)) as pilot:
        status = app.query_one(StatusLine)
        status.profile = "box: seccomp profiles/no-chmod.json"
        status.show_engine(replace(INFO, version="29.1", bounded=False))
        await pilot.resize_terminal(width, 5)
        await until(lambda: shown(app) == f"0:00  │  box: seccomp profiles/no-chmod.json{engine}")
