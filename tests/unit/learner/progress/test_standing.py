"""Progress in a whole workshop, and the documents about it."""

import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest

from runner.content import LABS
from runner.lab.model.workshop import Workshop
from runner.lab.read.workshop import read_workshop
from runner.learner.progress.certificate import certificate_markdown, certificate_svg
from runner.learner.progress.standing import WorkshopStanding
from runner.learner.progress.state import fold
from runner.learner.progress.summary import notes_markdown, summary_markdown
from runner.record.event import (
    CheckPassed,
    Event,
    Happening,
    HintShown,
    LabClosed,
    LabFinished,
    LabOpened,
    LabReset,
    NotesKept,
    StepEntered,
    StepSolved,
    Unknown,
)

NOW = 1_749_981_600.0


@pytest.fixture(scope="module")
def workshop() -> Workshop:
    return read_workshop(LABS / "seccomp").workshop


def standing(workshop: Workshop, *done: str, notes: str = "", solved: bool = False) -> WorkshopStanding:
    """The standing of a learner who has done these labs, each in 100 seconds with one hint."""
    events, clock = [], NOW

    def happened(happening: Happening, lab: str, step: str = "") -> None:
        events.append(
            Event(learner="me", workshop=workshop.id, lab=lab, step=step, time=clock, happening=happening)
        )

    for lab in (lab for lab in workshop.labs if lab.id in done):
        happened(LabOpened(), lab.id)
        for step in lab.steps:
            happened(StepEntered(), lab.id, step.id)
            for check in step.checks:
                happened(CheckPassed(check.id), lab.id, step.id)
        happened(HintShown(), lab.id, lab.steps[0].id)
        if solved:
            happened(StepSolved(), lab.id, lab.steps[0].id)
        if notes:
            happened(NotesKept(notes), lab.id)
        clock += 100
        happened(LabFinished(), lab.id)
        happened(LabClosed(), lab.id)
    return WorkshopStanding.of(workshop, fold(events))


def every(workshop: Workshop) -> list[str]:
    return [lab.id for lab in workshop.labs]


def test_nothing_is_done_at_the_beginning(workshop):
    start = standing(workshop)
    assert (start.done, start.passed, start.seconds, start.hints, start.complete) == (0, 0, 0, 0, False)
    assert start.checks == sum(len(list(lab.checks)) for lab in workshop.labs)


def test_labs_add_up(workshop):
    two = standing(workshop, "check", "deny", solved=True)
    assert (two.done, two.seconds, two.hints, two.helped, two.complete) == (2, 200, 2, 2, False)
    assert two.passed == sum(lab.checks for lab in two.labs[:2])
    assert standing(workshop, *every(workshop)).complete


def test_the_certificate_says_what_was_done_and_with_how_much_help(workshop):
    text = certificate_markdown(standing(workshop, *every(workshop), solved=True), "Ada", now=NOW)
    assert "**Ada**" in text
    count = len(workshop.labs)
    assert f"all {count} labs" in text
    assert "2025-06-1" in text
    assert text.count("1 hint ") == count
    assert workshop.labs[0].steps[0].title in text, "what was solved for them"
    open_ones = certificate_markdown(standing(workshop, "check"), "Ada", now=NOW)
    assert f"1 of the {count} labs" in open_ones
    assert open_ones.count("(open)") == count - 1


@pytest.mark.parametrize("name", ["Ada", 'A <b> & "c"', "x\0y\n]]>", "名前"])
def test_the_picture_is_well_formed_whatever_the_name_is(workshop, name):
    picture = certificate_svg(standing(workshop, *every(workshop)), name, now=NOW)
    root = ET.fromstring(picture)  # noqa: S314 (our own)
    texts = [element.text for element in root.iter("{http://www.w3.org/2000/svg}text")]
    assert "".join(character for character in name if character.isprintable()) in texts
    assert "CERTIFICATE" in texts


def test_notes_are_exported_by_lab(workshop):
    noted = standing(workshop, "deny", "check", notes="mount needs\nCAP_SYS_ADMIN")
    text = notes_markdown(noted)
    assert text.index(workshop.labs[0].title) < text.index(workshop.labs[1].title)
    assert text.count("mount needs\nCAP_SYS_ADMIN") == 2
    assert notes_markdown(standing(workshop, "check")) == ""
    lab = noted.labs[0]
    summary = summary_markdown(workshop, lab.lab, lab.state, seconds=1, now=NOW)
    assert "## Your notes" in summary
    assert "Your notes" not in summary_markdown(
        workshop, lab.lab, replace(lab.state, notes=" "), seconds=1, now=NOW
    )


def test_notes_outlive_a_reset(workshop):
    def happened(happening: Happening) -> Event:
        return Event(learner="me", workshop="w", lab="l", step="", time=NOW, happening=happening)

    progress = fold(map(happened, (NotesKept("a"), LabReset(), Unknown("noted", {"text": 3}))))
    assert progress.lab("w", "l").notes == "a"
