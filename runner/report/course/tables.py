"""The report as tables for other programs: CSV with one row for each learner and step, and JSON."""

import csv
import io
import json
from typing import Any

from runner.teaching.plan import PlannedStep
from runner.teaching.report import ClassReport, StepFigures, Visit

COLUMNS = (
    "learner",
    "workshop",
    "lab",
    "step",
    "seconds",
    "failed_tries",
    "hints",
    "solved",
    "skipped",
    "wrong_answers",
    "done",
)
_FORMULAS = ("=", "+", "-", "@", "\t", "\r")


def course_csv(report: ClassReport) -> str:
    """A header, and a row for each learner in each step that they have entered."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for learner in report.learners:
        for visit in learner.visits:
            values = (learner.name, *visit.step.place, round(visit.seconds), *_visited(visit).values())
            writer.writerow([_harmless(value) for value in values])
    return text.getvalue()


def course_json(report: ClassReport) -> str:
    """`{"steps": […], "learners": […], "failures": […]}`; times in seconds, null if nobody has done the step."""
    content = {
        "steps": [_step(figures) for figures in report.steps],
        "learners": [
            {
                "name": learner.name,
                "seconds": round(learner.seconds),
                "steps_done": learner.done,
                "labs_finished": list(learner.labs),
                "steps": [
                    {**_place(visit.step), "seconds": round(visit.seconds), **_visited(visit)}
                    for visit in learner.visits
                ],
            }
            for learner in report.learners
        ],
        "failures": [
            {
                **_place(failure.step),
                "check": failure.check,
                "observed": failure.observed,
                "learners": failure.learners,
                "times": failure.times,
            }
            for failure in report.failures
        ],
    }
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def _step(figures: StepFigures) -> dict[str, Any]:
    median = figures.median_seconds
    return {
        **_place(figures.step),
        "title": figures.step.title,
        "entered": figures.entered,
        "done": figures.done,
        "median_seconds": None if median is None else round(median),
        "failed_tries": figures.tries,
        "hints": figures.hints,
        "solved": figures.solved,
        "wrong_answers": figures.wrong_answers,
    }


def _place(step: PlannedStep) -> dict[str, str]:
    workshop, lab, name = step.place
    return {"workshop": workshop, "lab": lab, "step": name}


def _visited(visit: Visit) -> dict[str, Any]:
    return {
        "failed_tries": visit.tries,
        "hints": visit.hints,
        "solved": visit.solved,
        "skipped": visit.skipped,
        "wrong_answers": visit.wrong_answers,
        "done": visit.done,
    }


def _harmless(value: object) -> object:
    """A cell that no spreadsheet treats as a formula: learners choose their names."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULAS) else value
