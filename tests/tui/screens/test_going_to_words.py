"""A search leads to the words that were found, also where the step is long."""

from dataclasses import replace

import pytest

from runner.lab.model.prose import Prose
from runner.lab.model.workshop import Lab, Workshop

LONG = "\n\n".join(f"Line {number} of many." for number in range(60))


@pytest.fixture
def workshop(workshop: Workshop) -> Workshop:
    def lengthened(lab: Lab) -> Lab:
        first, *others = lab.steps
        prose = Prose(f"{LONG}\n\nA hidden Überraschung of {lab.id}.\n\n{LONG}", first.span)
        return replace(lab, steps=(replace(first, blocks=(prose, *first.blocks)), *others))

    return replace(workshop, labs=tuple(lengthened(lab) for lab in workshop.labs))


async def test_in_the_step_that_is_shown_in_another_and_in_another_lab(sit_down):
    async with sit_down("one", size=(100, 30)) as learner:
        assert "hidden" not in learner.text
        await learner.press("slash", *"uberraschung", "enter")
        await learner.sees("A hidden Überraschung of one.")
        await learner.press("n")
        await learner.sees("Step 2 of 2")
        await learner.press("slash", *"uberraschung", "enter")
        await learner.sees("A hidden Überraschung of one.")
        await learner.press("slash", *"uberraschung", "down", "enter")
        await learner.sees("A hidden Überraschung of two.")


async def test_words_of_a_title_lead_to_its_beginning(sit_down):
    async with sit_down("one", size=(100, 30)) as learner:
        for key, gone in (("end", "Line 0 of many."), ("n", "Step 1 of 2")):
            await learner.press(key)
            await learner.until(lambda gone=gone: gone not in learner.text)
            await learner.press("slash", *"say it", "enter")
            await learner.sees("Step 1 of 2", "Line 0 of many.")
