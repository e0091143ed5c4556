"""The checks of a step, where not all of them fit."""

from dataclasses import replace

from textual.app import App

from runner.check.outcome import Failed, Passed
from runner.tui.widgets.lesson.checks import Checks, check_text
from tests.waiting import patience, until


class Page(App[None]):
    AUTO_FOCUS = None
    CSS = "Checks { max-height: 5; }"

    def __init__(self, checks):
        super().__init__()
        self.checks = checks

    def compose(self):
        yield Checks(self.checks, frozenset(), {}, more_hints=True)


def shown(app: Page) -> list[str]:
    return [strip.text.strip() for strip in app.screen._compositor.render_strips()]


async def read_from_the_top(pilot, checks: Checks) -> None:
    """Give the checks the keys, and scroll up."""
    checks.focus()
    await until(lambda: checks.has_focus)
    async with patience():
        while checks.scroll_offset.y:
            checks.scroll_home(animate=False)
            await pilot.pause()


async def test_the_first_failing_check_is_in_view(workshop):
    """The first of the checks that fail together; nothing scrolls for a tick that the learner did not earn."""
    hello, note = workshop.labs[0].steps[0].checks
    early = replace(note, id="early", describe="It is so anyway", precheck_passes="it has always been")
    app = Page([hello, note, early])
    async with app.run_test(size=(60, 8)) as pilot:
        await pilot.pause()
        checks = app.query_one(Checks)
        checks.judge(early, Passed())
        await pilot.pause()
        assert any(hello.describe in line for line in shown(app))
        for check in (hello, note):
            checks.judge(check, Failed("this", "that", check.span, hint="do\nit\nso"))
        await pilot.pause()
        assert any(f"✗ {hello.describe}" in line for line in shown(app))


async def test_a_tick_that_was_there_from_the_start_can_be_lost(workshop):
    """With the reason why it was there."""
    hello, _ = workshop.labs[0].steps[0].checks
    guard = replace(hello, precheck_passes="it starts out so and must stay so")
    app = Page([guard])
    async with app.run_test(size=(60, 8)) as pilot:
        checks = app.query_one(Checks)
        for outcome, mark in ((Passed(), "✓"), (Failed("this", "that", guard.span), "✗"), (Passed(), "✓")):
            checks.judge(guard, outcome)
            await pilot.pause()
            ((symbol, text),) = checks.told
            assert symbol.plain.strip() == mark
            assert "it starts out so and must stay so" in text.plain
            assert checks.border_title.startswith(f"checks {int(mark == '✓')}/1")


async def test_a_tick_that_was_there_from_the_start_is_explained_once_the_step_is_done(workshop):
    """By then the learner has done what it explains."""
    hello, note = workshop.labs[0].steps[0].checks
    guard = replace(note, id="guard", precheck_passes="it starts out so", explain="One name was enough.")
    app = Page([hello, guard])
    async with app.run_test(size=(60, 8)):
        checks = app.query_one(Checks)
        checks.judge(guard, Passed())
        assert "it starts out so" in checks.told[1][1].plain
        assert guard.explain not in checks.told[1][1].plain
        checks.judge(hello, Passed())
        assert hello.explain in checks.told[0][1].plain
        assert guard.explain in checks.told[1][1].plain


async def test_advice_is_in_view_whole_where_the_name_takes_its_room(workshop):
    """As much of the check's name is above it as there is room for."""
    hello, note = workshop.labs[0].steps[0].checks
    long = replace(note, describe="A note that " + "somebody who has time wrote " * 3 + "is there")
    app = Page([hello, long])
    async with app.run_test(size=(40, 8)) as pilot:
        await pilot.pause()
        app.query_one(Checks).judge(
            long, Failed("this", "that", long.span, hint="do it like this, and so on, step by step")
        )
        advice = [
            "somebody who has time wrote is",
            "there",
            "→ do it like this, and so on, step",
            "by step",
        ]
        await until(lambda: [line.strip(" ▄▁▂▃▅▆▇█") for line in shown(app)][1:5] == advice)


async def test_advice_is_in_view_however_late_it_is_laid_out(workshop):
    hello, note = workshop.labs[0].steps[0].checks
    app = Page([*(replace(hello, id=str(number)) for number in range(3)), note])
    async with app.run_test(size=(40, 8)) as pilot:
        await pilot.pause()
        with app.batch_update():
            app.query_one(Checks).judge(note, Failed("this", "that", note.span, hint="do it like this"))
            await pilot.pause()
            assert not any("do it" in line for line in shown(app))
        async with patience():
            while not any("→ do it like this" in line for line in shown(app)):
                await pilot.pause(0.01)


async def test_a_learner_who_reads_in_the_checks_is_left_there(workshop):
    hello, note = workshop.labs[0].steps[0].checks
    app = Page([*(replace(hello, id=str(number)) for number in range(3)), note])
    async with app.run_test(size=(40, 8)) as pilot:
        await pilot.pause()
        checks = app.query_one(Checks)
        checks.judge(note, Failed("this", "that", note.span, hint="do it like this"))
        await until(lambda: checks.scroll_offset.y)
        await read_from_the_top(pilot, checks)
        before = checks.virtual_size.height
        checks.renew(note, Failed("this", "that and more " * 9, note.span, hint="do it like this"))
        await until(lambda: checks.virtual_size.height > before)
        await pilot.pause()
        assert not checks.scroll_offset.y


async def test_equal_lines_of_an_output_are_shown_once(workshop):
    hello, _ = workshop.labs[0].steps[0].checks
    said = check_text(hello, Failed("2", "Seccomp: 0\nSeccomp: 0\n\n Seccomp: 0\nelse", hello.span))[1].plain
    assert "seen: Seccomp: 0 (3 times) · else" in said


async def test_a_passed_check_is_in_view_with_its_tick(workshop):
    """Its explanation may be cut off, and is read in full elsewhere; its line may not."""
    hello, note = workshop.labs[0].steps[0].checks
    long = replace(note, describe="a long name " * 9, explain="and a long reason " * 20)
    app = Page([hello, long])
    async with app.run_test(size=(60, 12)) as pilot:
        await pilot.pause()
        app.query_one(Checks).judge(long, Passed())
        await pilot.pause()
        assert any("✓ a long name" in line for line in shown(app))


async def test_an_open_check_is_in_view_beside_a_passed_one(workshop):
    """However long the explanation of the passed one is, also where its step is entered again."""
    hello, note = workshop.labs[0].steps[0].checks
    done = replace(hello, explain="and a long reason " * 30)
    app = Page([done, note])
    async with app.run_test(size=(60, 12)) as pilot:
        await pilot.pause()
        checks = app.query_one(Checks)

        def in_view():
            return checks.scroll_offset.y and any(f"○ {note.describe}" in line for line in shown(app))

        checks.judge(done, Passed())
        await until(in_view)
        await read_from_the_top(pilot, checks)
        await checks.show([done, note], frozenset({done.id}), {}, more_hints=True)
        await until(in_view)
