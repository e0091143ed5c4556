"""Finding words in lessons, and their meanings."""

from dataclasses import replace

import pytest

from runner.lab.model.glossary import Term
from runner.lab.model.prose import Prose
from runner.lab.model.workshop import Workshop
from runner.tui.widgets.list_input import ListInput


@pytest.fixture
def workshop(workshop: Workshop) -> Workshop:
    span = workshop.labs[0].steps[0].span
    meaning = Prose("A process with *views* of its own.", span)
    reference = Prose("See [container](glossary.md#container).", span)
    terms = (
        Term("container", ("container", "containers"), meaning, span),
        Term("other", ("other",), reference, span),
    )
    return replace(workshop, glossary=terms)


async def test_the_terms_of_a_step_are_explained(sit_down):
    async with sit_down("one") as learner:
        await learner.press("d")
        await learner.sees("• container", "A process with views of its own.")
        await learner.press("o", "t", "h")
        await learner.sees("See container.")
        await learner.press("escape", "d", "down")
        await learner.sees("See container.")
        await learner.screen.run_action("define('container')")
        await learner.sees("A process with views of its own.")
        await learner.press("enter")
        await learner.sees("Step 1 of 2")


async def test_a_list_that_is_narrowed_down_at_once_to_nothing(sit_down):
    """The highlight of the list before the change arrives late."""
    async with sit_down("one") as learner:
        await learner.press("d")
        await learner.sees("A process with views of its own.")
        screen = learner.screen
        screen._show(screen._terms[1:])
        screen._show([])
        await learner.press("x")
        await learner.press("escape")
        await learner.sees("Step 1 of 2")


async def test_a_search_leads_to_a_step_of_this_lab_and_of_another(sit_down):
    async with sit_down("one") as learner:
        await learner.press("slash", *"why")
        await learner.sees("The first lab · Think", "The second lab · Think")
        await learner.press("enter")
        await learner.sees("Step 2 of 2")
        await learner.press("slash", *"hello", "down", "enter")
        await learner.sees("2. The second lab", "Step 1 of 2", "q Leave")
        await learner.is_told("q leads back to The first lab, step 2.")
        await learner.until(lambda: learner.lab("two").step == "say-it")
        await learner.press("slash", *"views", "enter")
        await learner.sees("A process with views of its own.")
        await learner.press("escape", "q")
        await learner.sees("1. The first lab", "Step 2 of 2", "q Labs")
        assert not learner.told
        await learner.until(lambda: learner.journal.progress.current == ("tiny", "one"))
        await learner.press("q")
        await learner.sees("1 of 2 labs" if learner.lab().finished else "0 of 2 labs")


async def test_the_palette_leads_to_lessons_too(sit_down):
    async with sit_down() as learner:
        await learner.press("ctrl+p", *"think")
        await learner.sees("The second lab · Think")
        await learner.press("enter")
        await learner.sees("1. The first lab", "Step 2 of 2")


async def test_a_search_without_a_result_says_so(sit_down):
    async with sit_down("one") as learner:
        await learner.press("slash", *"xyzzy")
        await learner.sees("No lesson has xyzzy.")
        await learner.press("down", "enter", "escape")
        await learner.sees("Step 1 of 2")


async def test_a_glossary_without_such_a_term_explains_no_other(sit_down):
    async with sit_down("one") as learner:
        await learner.press("d")
        await learner.sees("A process with views of its own.")
        await learner.press(*"xyzzy")
        await learner.sees("No term has xyzzy.")
        assert "A process with views" not in learner.text


async def test_a_term_that_another_one_names_is_found_also_from_a_narrowed_list(sit_down):
    async with sit_down("one") as learner:
        await learner.press("d", "o", "t", "h")
        await learner.sees("See container.")
        await learner.screen.run_action("screen.define('container')")
        await learner.sees("A process with views of its own.")
        assert learner.screen.query_one(ListInput).value == ""
        await learner.press("o")
        await learner.sees("other")
