"""`runner.report`: a verification's results in each of their forms."""

import dataclasses
import io
import json
import threading
from pathlib import Path
from xml.etree import ElementTree as ET

from rich.console import Console
from rich.live import Live

from runner.check.outcome import Broken, Errored, Failed, Passed, Skipped
from runner.lab.model.span import Span
from runner.lab.read.workshop import read_workshop
from runner.lab.template import write_template
from runner.report.data import as_data
from runner.report.junit import as_junit
from runner.report.live import LiveReport
from runner.report.text import lab_details, lab_line, summary
from runner.terminal.ghostty import GhosttyEmulator
from runner.verify.lab import StepStarted
from runner.verify.result import CheckResult, LabResult, OutcomeKind, Proof, WorkshopResult
from runner.verify.run import LabFinished, LabStarted

AT = Span(Path("labs/x/01-a.md"), 12, 20)
FAILED = Failed("exit status 0", "exit status 1", AT, transcript="  $ cmd\n> \x1b[31mno\x00")
GOOD = dict.fromkeys(Proof, Passed("fine"))


def check(identity, **proofs):
    return CheckResult(identity, GOOD | {Proof(name): outcome for name, outcome in proofs.items()}, 0.5)


ALL_WELL = LabResult("well", (check("one"), check("two", control=Skipped("no control"))), (), 2.0)
ONE_BAD = LabResult("bad", (check("one"), check("two", mutants=FAILED)), (), 2.0)
UNSOLVED = LabResult("unsolved", (check("one", solved=Skipped("not reached")),), (FAILED,), 2.0)
NO_ENGINE = LabResult("engine", (check("one", solved=Errored("daemon gone", AT)),), (), 1.0)
BROKEN = LabResult("broken", (), (Broken("the container has gone", AT),), 1.0)
EVERY = (ALL_WELL, ONE_BAD, UNSOLVED, NO_ENGINE, BROKEN)


def test_a_lab_is_as_good_as_the_worst_of_its_proofs_and_problems():
    assert [lab.kind for lab in EVERY] == [
        OutcomeKind.PASSED,
        OutcomeKind.FAILED,
        OutcomeKind.FAILED,
        OutcomeKind.ERROR,
        OutcomeKind.BROKEN,
    ]


def test_a_check_that_was_not_reached_does_not_count_as_passed():
    assert check("one", solved=Skipped("not reached")).kind is OutcomeKind.SKIPPED


def test_json_has_the_contract_s_shape():
    found = json.loads(json.dumps(as_data([WorkshopResult("w", EVERY)])))
    bad = found["workshops"][0]["labs"][1]
    assert (bad["id"], bad["outcome"], bad["seconds"]) == ("bad", "failed", 2.0)
    proofs = {"precheck": "passed", "solved": "passed", "control": "passed", "mutants": "failed"}
    assert bad["checks"][1]["proofs"] == proofs
    assert bad["checks"][1]["details"]["mutants"]["at"] == "labs/x/01-a.md:12"
    assert found["counts"] == {"passed": 3, "failed": 1, "error": 1, "broken": 0, "skipped": 1}


def test_junit_counts_match_and_any_output_gives_valid_xml():
    root = ET.fromstring(as_junit([WorkshopResult("w", EVERY)]).encode())  # noqa: S314 - our own text
    suites = {suite.get("name"): suite for suite in root}
    assert (suites["w.well"].get("tests"), suites["w.well"].get("failures")) == ("3", "0")
    assert (suites["w.bad"].get("failures"), suites["w.engine"].get("errors")) == ("1", "1")
    assert suites["w.broken"].get("errors") == "1"
    assert "exit status 1" in suites["w.bad"].find("testcase/failure").text


def test_the_text_shows_place_expectation_and_observation():
    text = "\n".join(lab_details(ONE_BAD))
    for part in ("labs/x/01-a.md:12", "two, mutants", "exit status 0", "exit status 1", "> "):
        assert part in text
    assert "".join(lab_details(ALL_WELL)) == ""
    assert lab_line(ONE_BAD, 5).startswith("FAILED  bad    1 of 2 checks proven")


def test_the_summary_counts_labs():
    assert summary(EVERY, 9.96) == "5 labs: 1 passed, 2 failed, 1 error, 1 broken in 10.0 s"


def test_labs_of_the_same_name_in_two_workshops_are_shown_side_by_side(tmp_path):
    """A lab that ends removes only itself from the display."""
    workshops = [read_workshop(write_template(tmp_path / name)).workshop for name in ("one", "two")]
    labs = [workshop.labs[0] for workshop in workshops]
    assert labs[0].id == labs[1].id
    out = io.StringIO()
    report = LiveReport(labs, Console(file=out))
    for lab in labs:
        report.event(LabStarted(lab))
    report.event(LabFinished(labs[0], LabResult(labs[0].id, (), (), 1.0)))
    report.event(StepStarted(labs[1], labs[1].steps[0]))
    report.event(LabFinished(labs[1], LabResult(labs[1].id, (), (), 1.0)))
    assert out.getvalue().count("ok ") == 2


def test_a_title_with_brackets_is_shown_as_it_is(tmp_path):
    lab = read_workshop(write_template(tmp_path)).workshop.labs[0]
    out = io.StringIO()
    report = LiveReport([lab], Console(file=out, force_terminal=True, width=80))
    with report.shown():
        report.event(LabStarted(lab))
        report.event(StepStarted(lab, dataclasses.replace(lab.steps[0], title="Read [/etc/passwd] [bold]")))
        report.refresh()
    assert "Read [/etc/passwd] [bold]" in out.getvalue()


def test_a_refresh_while_a_line_is_written_takes_none_away(tmp_path, monkeypatch):
    labs = [
        read_workshop(write_template(tmp_path / name)).workshop.labs[0] for name in ("one", "two", "three")
    ]
    emulator, out = GhosttyEmulator(80, 24), io.StringIO()
    report = LiveReport(labs, Console(file=out, force_terminal=True, width=80))
    placed, writer, others = Live.process_renderables, threading.get_ident(), []

    def interrupted(live, renderables):
        found = placed(live, renderables)
        if threading.get_ident() == writer:
            others.append(threading.Thread(target=report.refresh))
            others[-1].start()
            others[-1].join(0.1)  # it has to wait, or comes between
        return found

    with report.shown():
        for lab in labs:
            report.event(LabStarted(lab))
        report.refresh()
        with monkeypatch.context() as patched:
            patched.setattr(Live, "process_renderables", interrupted)
            for number, lab in enumerate(labs):
                report.event(LabFinished(lab, LabResult(f"lab-{number}", (), (), 1.0)))
        for other in others:
            other.join()
    emulator.feed(out.getvalue().replace("\n", "\r\n").encode())
    shown = "\n".join(row.text for row in emulator.frame(full=True).rows.values())
    assert [f"lab-{number}" in shown for number in range(3)] == [True, True, True]
