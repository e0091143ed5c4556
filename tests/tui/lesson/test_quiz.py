"""A question of the lesson, and the keys that answer it."""

from textual.widgets import Static

from runner.tui.screens.lab.screen import LabScreen
from runner.tui.widgets.lesson.lesson import Lesson
from runner.tui.widgets.lesson.quiz import Choice, Quiz


async def test_a_digit_answers_a_question_that_has_the_keys(sit_down):
    """It is no command for the terminal."""
    async with sit_down("one") as learner:
        await learner.press("n")
        await learner.sees("Why?")
        await learner.press("space")
        await learner.until(lambda: isinstance(learner.app.focused, Choice))
        await learner.press("9")
        await learner.is_told("There are 2 answers.")
        await learner.press("2")
        await learner.sees("Right. There is always one.")
        assert isinstance(learner.screen, LabScreen)
        await learner.until(lambda: learner.lab().of("think").answers == {"why": 1})


async def test_space_goes_on_from_the_summary_to_the_next_lab(sit_down):
    async with sit_down("one") as learner:
        await learner.press("n")
        await learner.sees("Why?")
        await learner.press("n")
        await learner.sees("some checks are still open")
        await learner.answer("space")
        await learner.sees("2. The second lab  ·  A tiny workshop")


async def test_a_question_that_is_announced_is_in_view_with_its_answers(sit_down):
    """However far from it the learner was reading."""
    async with sit_down("one", size=(80, 24)) as learner:
        await learner.press("n")
        await learner.sees("Step 2 of 2")
        await learner.press("space")
        await learner.is_told("A question for you")
        await learner.sees("Why?", "Because.", "For a reason.")
        lesson = learner.screen.query_one(Lesson)
        await lesson.mount(Static("\n" * 60), before=0)

        def read_from_the_top() -> bool:
            lesson.read("home")
            return "Because." not in learner.text

        await learner.until(read_from_the_top)
        lesson.show_question(learner.screen._controller.step.quizzes[0])
        await learner.until(
            lambda: all(text in learner.text for text in ("Why?", "Because.", "For a reason."))
        )


async def test_a_question_that_is_only_coming_up_gets_the_keys_as_well(sit_down):
    """A hasty learner asks for it before its answers are there."""
    async with sit_down("one") as learner:
        lesson, step = learner.screen.query_one(Lesson), learner.screen._controller.lab.steps[1]
        (block,) = step.quizzes
        _ = lesson.mount(Quiz(block, None))
        lesson.show_question(block)
        await learner.until(lambda: isinstance(learner.app.focused, Choice))


async def test_a_question_below_the_first_screen_gets_the_keys_once_it_is_there(sit_down, monkeypatch):
    monkeypatch.setattr("runner.tui.widgets.lesson.lesson._AT_ONCE", 2)
    async with sit_down("one") as learner:
        lesson, controller = learner.screen.query_one(Lesson), learner.screen._controller
        step = controller.lab.steps[1]
        await lesson.show(controller.lab, step, controller.record.of(step), ())
        lesson.show_question(step.quizzes[0])
        await learner.until(lambda: isinstance(learner.app.focused, Choice))
