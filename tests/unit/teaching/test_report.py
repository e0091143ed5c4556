"""Figures of a class."""

import csv
import io
import json
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from runner import language
from runner.content import LABS
from runner.lab.model.workshop import Workshop
from runner.lab.read.workshop import read_workshop
from runner.learner.progress.state import fold
from runner.record.event import (
    Alive,
    CheckPassed,
    CheckTried,
    HintShown,
    LabClosed,
    LabFinished,
    LabOpened,
    LabReset,
    QuizAnswered,
    StepEntered,
    StepReset,
    StepSkipped,
    Trial,
)
from runner.record.time_spent import LONGEST_PAUSE
from runner.report.course.html import course_html
from runner.report.course.tables import course_csv, course_json
from runner.report.course.text import course_text
from runner.teaching.plan import plan
from runner.teaching.report import ClassReport, medians, report
from runner.teaching.way import Way, ways
from tests.unit.teaching.classes import Past

FAILED = CheckTried("one", Trial.FAILED, "exit status 0")


def made(past: Past, *workshops: Workshop) -> ClassReport:
    found = ways(past.events)
    return report(found, plan(workshops, found.values()))


def way(past: Past) -> Way:
    (only,) = ways(past.events).values()
    return only


def test_time_in_a_step_is_time_on_the_screen():
    """Long absences and the time between two sessions do not count; coming back adds."""
    past = Past()
    past.add("a", "l", LabOpened()).add("a", "l/s", StepEntered()).add("a", "l", Alive(), after=60)
    past.add("a", "l/t", StepEntered(), after=30).add("a", "l/s", StepEntered(), after=5)
    past.add("a", "l", Alive(), after=LONGEST_PAUSE + 1).add("a", "l", LabClosed(), after=10)
    past.add("a", "l", LabOpened(), after=90).add("a", "l/s", HintShown(), after=7)
    found = way(past)
    assert found.steps["w", "l", "s"].seconds == 60 + 30 + 10 + 7
    assert found.steps["w", "l", "t"].seconds == 5
    assert found.here_seconds == 17


def test_the_report_has_the_time_that_the_learner_was_told():
    """A session that was killed ended with its last sign of life, whatever came after."""
    past = Past().add("a", "l", LabOpened()).add("a", "l/s", StepEntered()).add("a", "l", Alive(), after=60)
    past.add("a", "l", LabOpened(), after=20).add("a", "l/s", StepEntered(), HintShown())
    past.add("a", "l", Alive(), after=30).add("a", "l", LabClosed(), after=LONGEST_PAUSE)
    (step,) = way(past).steps.values()
    assert step.seconds == fold(past.events).lab("w", "l").seconds == 60 + 30 + LONGEST_PAUSE


def test_the_next_lab_may_be_opened_before_the_one_before_it_is_closed():
    past = Past().add("a", "l", LabOpened()).add("a", "l/s", StepEntered())
    past.add("a", "m", LabOpened(), after=20).add("a", "m/s", StepEntered()).add(
        "a", "l", LabClosed(), after=1
    )
    past.add("a", "m", Alive(), after=60).add("a", "m", LabClosed(), after=5).add(
        "a", "l/s", HintShown(), after=9
    )
    found = way(past)
    assert found.open is None
    assert found.steps["w", "m", "s"].seconds == fold(past.events).lab("w", "m").seconds == 66


def test_a_clock_that_goes_back_takes_no_time_away():
    past = Past().add("a", "l", LabOpened()).add("a", "l/s", StepEntered())
    past.add("a", "l", Alive(), after=-500).add("a", "l", Alive(), after=510)
    assert way(past).steps["w", "l", "s"].seconds == 10


def test_the_cost_of_a_step():
    past = Past().add("a", "l", LabOpened()).add("a", "l/s", StepEntered(), FAILED, FAILED, HintShown())
    past.add("a", "l/s", CheckTried("one", Trial.ERROR, "no engine"), QuizAnswered("q", 0, correct=False))
    step = way(past).steps["w", "l", "s"]
    assert (step.tries, step.hints, step.wrong_answers) == (2, 1, 1)
    assert step.last_try == FAILED
    past.add("a", "l/s", CheckPassed("one"))
    assert way(past).steps["w", "l", "s"].last_try is None


def test_asking_for_a_known_result_is_no_other_try():
    asked = replace(FAILED, asked=True)
    past = Past().add("a", "l", LabOpened()).add("a", "l/s", StepEntered(), FAILED, asked, asked)
    assert way(past).steps["w", "l", "s"].tries == 1
    past.add(
        "a", "l/s", replace(asked, observed="exit status 2"), asked, CheckPassed("one"), StepReset(), asked
    )
    assert way(past).steps["w", "l", "s"].tries == 4


def test_a_reset_opens_the_checks_and_keeps_the_cost():
    past = Past().add("a", "l", LabOpened()).add("a", "l/s", StepEntered(), FAILED, CheckPassed("one"))
    past.add("a", "l", LabFinished())
    assert way(past).finished == {("w", "l")}
    past.add("a", "l/s", StepReset())
    assert way(past).steps["w", "l", "s"].passed == set()
    past.add("a", "l", LabReset())
    assert way(past).finished == set()
    assert way(past).steps["w", "l", "s"].tries == 1


def passed_in(seconds: float, past: Past, learner: str, step: str = "s") -> None:
    past.add(learner, "l", LabOpened()).add(learner, f"l/{step}", StepEntered())
    past.add(learner, f"l/{step}", CheckPassed("one"), after=seconds).add(learner, "l/next", StepEntered())


def test_the_median_is_of_those_who_did_it_themselves():
    past = Past()
    for number, seconds in enumerate((10, 20, 60)):
        passed_in(seconds, past, f"l{number}")
    past.add("helped", "l", LabOpened()).add("helped", "l/s", StepEntered())
    past.add("helped", "l/s", StepSkipped(), after=1).add("helped", "l/next", StepEntered())
    past.add("still", "l", LabOpened()).add("still", "l/s", StepEntered()).add(
        "still", "l/s", FAILED, after=200
    )
    found = ways(past.events)
    steps = plan([], found.values())
    assert [step.label for step in steps] == ["1.1", "1.2"]
    figures = report(found, steps).steps[0]
    assert (figures.entered, figures.done, figures.median_seconds, figures.solved) == (5, 4, 20, 1)
    assert medians(found, steps)[steps[0]] == 20
    assert medians(found, steps)[steps[1]] == steps[1].seconds, "nobody has done it: what is planned"


def test_the_most_common_failure_comes_first():
    """By learners before times: one who tried thirty times is not thirty people."""
    past = Past()
    past.add("a", "l", LabOpened()).add("a", "l/s", StepEntered())
    past.add("a", "l/s", *[CheckTried("two", Trial.FAILED, "often")] * 30)
    for learner in ("a", "b"):
        past.add(learner, "l/s", StepEntered(), CheckTried("one", Trial.FAILED, "exit\nstatus 0"))
    found = [(failure.observed, failure.learners, failure.times) for failure in made(past).failures]
    assert found == [("exit status 0", 2, 2), ("often", 1, 30)]


@pytest.fixture(scope="module")
def workshop() -> Workshop:
    return read_workshop(LABS / "seccomp").workshop


def test_the_plan_is_the_workshops(workshop):
    """A step is done when its checks have passed, and one of a newer workshop is not lost."""
    lab = workshop.labs[0]
    step = next(step for step in lab.steps if step.checks)
    past = Past(workshop).add("a", lab.id, LabOpened()).add("a", f"{lab.id}/{step.id}", StepEntered())
    past.add("a", f"{lab.id}/{step.id}", *(CheckPassed(check.id) for check in step.checks))
    past.add("a", "later/new", StepEntered())
    figures = {one.step.place[1:]: one for one in made(past, workshop).steps}
    assert len(figures) == sum(len(lab.steps) for lab in workshop.labs) + 1
    assert figures[lab.id, step.id].done == 1
    assert figures[lab.id, step.id].step.title == step.title
    assert not figures["later", "new"].step.known


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.loads: list[str] = []
        self.text = ""

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.loads += [name for name, _ in attrs if name in {"src", "href", "onclick", "onerror"}]

    def handle_data(self, data):
        self.text += data


HOSTILE = "<script>alert(1)</script>&\"'"


def test_the_page_needs_nothing_and_shows_names_as_text():
    past = Past().add(HOSTILE, "l", LabOpened()).add(HOSTILE, "l/s", StepEntered())
    past.add(HOSTILE, "l/s", CheckTried("one", Trial.FAILED, "<img src=x onerror=alert(1)>"))
    page = _Page()
    page.feed(course_html(made(past), "A <class>"))
    assert not page.tags & {"script", "img", "link", "iframe"}
    assert page.loads == []
    assert HOSTILE in page.text
    assert "<img src=x" in page.text


def test_a_spreadsheet_takes_no_name_for_a_formula():
    past = Past().add("=cmd()", "l", LabOpened()).add("=cmd()", "l/s", StepEntered(), FAILED)
    (row,) = csv.DictReader(io.StringIO(course_csv(made(past))))
    assert row["learner"] == "'=cmd()"
    assert (row["failed_tries"], row["done"]) == ("1", "False")


def test_json_and_text_say_the_same():
    past = Past()
    passed_in(75, past, "ada")
    past.add("ada", "l", LabFinished())
    found = json.loads(course_json(made(past)))
    assert found["steps"][0]["median_seconds"] == 75
    assert found["learners"][0]["labs_finished"] == ["l"]
    text = course_text(made(past))
    assert "1:15" in text
    assert [line.split()[:2] for line in text.splitlines() if line.startswith("ada")] == [["ada", "2"]]


def test_it_is_in_the_language_in_use_and_tables_for_programs_are_not():
    past = Past()
    passed_in(75, past, "ada")
    english = course_csv(made(past)), course_json(made(past))
    language.use("es")
    try:
        page, text = course_html(made(past), "x"), course_text(made(past))
        assert (course_csv(made(past)), course_json(made(past))) == english
    finally:
        language.use("")
    assert '<html lang="es">' in page
    assert "1 estudiante" in page
    assert "Quién está dónde" in page
    heading, *_ = text.splitlines()
    (row,) = (line for line in text.splitlines() if "1:15" in line and not line.startswith("ada"))
    assert heading.index("mediana") + len("mediana") == row.index("1:15") + len("1:15")


def test_a_report_of_nothing_is_no_error():
    empty = made(Past())
    assert course_text(empty)
    assert course_csv(empty).count("\n") == 1
    assert json.loads(course_json(empty)) == {"steps": [], "learners": [], "failures": []}
    assert "</html>" in course_html(empty, "x")
