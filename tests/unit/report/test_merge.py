"""The reports of shards say together what one run would have said."""

import json
from pathlib import Path

import pytest

from runner.check.outcome import Broken, Errored, Failed, Passed, Skipped
from runner.cli.main import main
from runner.errors import UsageError
from runner.lab.model.span import Span
from runner.report.data import as_data
from runner.report.junit import as_junit
from runner.report.merge import merged
from runner.verify.result import CheckResult, LabResult, MutantSeen, Proof, WorkshopResult

AT = Span(Path("labs/x/01-a.md"), 12, 12)
OUTCOMES = (
    Passed(),
    Failed("exit status 0", "exit status 1", AT, transcript="$ cmd"),
    Errored("daemon gone", AT),
    Broken("the container has gone", AT),
    Skipped("no control"),
)


SEEN = (MutantSeen("mutant 1 (a near miss)", "exit status 0: it worked"),)


def lab(identity, *outcomes):
    checks = tuple(
        CheckResult(f"check-{n}", dict.fromkeys(Proof, Passed()) | {Proof.SOLVED: outcome}, 0.5, SEEN)
        for n, outcome in enumerate(outcomes)
    )
    return LabResult(identity, checks, (), 2.0)


def report(shard, *labs, engine=""):
    return json.dumps(as_data([WorkshopResult("w", labs, engine)], shard))


def test_a_report_is_read_back():
    """Everything but the words on skipped or passed proofs, which a report leaves out."""
    one, two = lab("a", *OUTCOMES[:-1]), lab("b")
    [workshop] = merged({"1": report("1/2", one), "2": report("2/2", two)})
    assert workshop == WorkshopResult("w", (one, two))


def test_a_report_knows_the_tracks_of_the_labs():
    workshop = WorkshopResult("w", (lab("a"), lab("b")), tracks={"a": "start"})
    data = as_data([workshop])
    assert [one.get("track") for one in data["workshops"][0]["labs"]] == ["start", None]
    assert merged({"1": json.dumps(data)}) == (workshop,)
    assert '<property name="track" value="start"' in as_junit([workshop])


def test_one_whole_report_is_a_verification_by_itself():
    assert [one.kind for one in merged({"1": report("", lab("a", *OUTCOMES))})[0].labs] == ["error"]


def test_engines_stay_apart():
    reports = {
        "1": json.dumps(
            as_data([WorkshopResult("w", (lab("a"),), "old"), WorkshopResult("w", (lab("a"),), "new")])
        )
    }
    assert [(workshop.engine, len(workshop.labs)) for workshop in merged(reports)] == [("old", 1), ("new", 1)]


@pytest.mark.parametrize(
    ("reports", "message"),
    [
        ({"a.json": report("1/2", lab("a"))}, "2/2 missing"),
        (
            {"a.json": report("1/2", lab("a")), "b.json": report("1/2", lab("a"))},
            "2/2 missing, 1/2 given twice",
        ),
        ({"a.json": report("1/2", lab("a")), "b.json": report("2/3", lab("a"))}, "different verifications"),
        ({"a.json": report("1/x", lab("a"))}, "make no whole"),
        ({"a.json": "{"}, "a.json: not JSON"),
        ({"a.json": "[]"}, "a.json: not a report"),
        ({"a.json": '{"workshops": [{"id": "w", "labs": [{}]}]}'}, "a.json: not a report"),
        ({"a.json": '{"workshops": 3}'}, "a.json: not a report"),
        ({"a.json": "[" * 100_000}, "a.json: not JSON"),
        ({"a.json": '{"workshops": [], "shard": 3}'}, "a.json: not a report"),
        ({"a.json": report("1/" + "9" * 5000, lab("a"))}, "make no whole"),
        ({"a.json": report("1/\x1b[8m", lab("a"))}, "make no whole"),
        (
            {"a.json": report("", lab("a", Passed())).replace('"seconds": 2.0', '"seconds": NaN')},
            "not a report",
        ),
        ({"a.json": report("", lab("a", Passed())).replace('"solved": "passed", ', "")}, "no solved"),
        (
            {"a.json": report("", lab("a", Passed())).replace('"passed"', '"fine"')},
            "'fine' is not an outcome",
        ),
        ({"a.json": report("", lab("a", OUTCOMES[1])).replace('"exit status 1"', "[1]")}, "not a report"),
    ],
)
def test_incomplete_reports_are_refused(reports, message):
    with pytest.raises(UsageError, match=message):
        merged(reports)


def test_the_command_exits_as_one_run_would_have(tmp_path, capsys):
    (tmp_path / "1.json").write_text(report("1/2", lab("good", OUTCOMES[0])))
    (tmp_path / "2.json").write_text(report("2/2", lab("bad", OUTCOMES[1])))
    files = [str(tmp_path / "1.json"), str(tmp_path / "2.json")]
    whole = tmp_path / "whole.json"
    assert main(["verify", "--merge", *files, "--json", str(whole)]) == 1
    printed = capsys.readouterr().out
    assert "FAILED  bad" in printed
    assert printed.splitlines()[-1].startswith("2 labs: 1 passed, 1 failed")
    assert "shard" not in json.loads(whole.read_text())


def test_a_reports_texts_cannot_act_on_the_terminal(tmp_path, capsys):
    bad = Failed("\x1b[8mx", "a\tb\x07", Span(Path("\x1b]0;x"), 1, 1), transcript="\x9b2J", hint="\x1bc")
    (tmp_path / "1.json").write_text(report("", lab("\x1b[2J", bad)))
    assert main(["verify", "--merge", str(tmp_path / "1.json")]) == 1
    printed = capsys.readouterr().out
    assert all(character.isprintable() or character == "\n" for character in printed)
    assert " a b" in printed


def test_a_report_that_cannot_be_read_is_named(tmp_path, capsys):
    assert main(["verify", "--merge", str(tmp_path / "none.json")]) == 2
    assert "none.json: No such file" in capsys.readouterr().err


@pytest.mark.parametrize("shard", ["0/2", "3/2", "1", "a/b", "1/0"])
def test_a_part_that_cannot_be_is_refused(shard, capsys):
    with pytest.raises(SystemExit):
        main(["verify", "--shard", shard])
    assert "--shard" in capsys.readouterr().err
