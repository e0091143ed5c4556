"""The files of a lab's step, however the learner came to it."""

from tests.tui.lab.fake_view import ready

MINE = "profiles/mine.json"


async def test_files_that_the_learner_changed_stay_however_they_came_back(opened, blocked, workshop):
    """Also to a step before the new one in which the lab was opened, while the engine was not there yet."""
    first, second = workshop.labs[0].steps
    async with opened(step=second) as (controller, view):
        await ready(controller, view)
        controller.session.workspace.write(MINE, "mine")
    shared_engine, free = blocked
    async with opened(step=first, shared_engine=shared_engine) as (controller, view):
        await controller.go_to(second)
        free.set()
        await ready(controller, view)
        assert controller.session.workspace.path(MINE).read_text() == "mine"


async def test_a_new_step_has_its_files_also_if_the_engine_comes_later(opened, blocked, workshop):
    async with opened() as (controller, view):
        await ready(controller, view)
        controller.session.workspace.write(MINE, "of an earlier step")
    shared_engine, free = blocked
    async with opened(shared_engine=shared_engine) as (controller, view):
        await controller.go_to(workshop.labs[0].steps[1])
        free.set()
        await ready(controller, view)
        assert "SCMP_ACT_ALLOW" in controller.session.workspace.path(MINE).read_text()
