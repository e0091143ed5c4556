"""The results of runs against several engines, from their reports."""

from pathlib import Path

from tools.engines.inside import inside
from tools.engines.matrix import Combination, Way, _result, table
from tools.engines.suite import Suite

REPORT = """<testsuites><testsuite name="pytest" tests="4">
<testcase classname="tests.engine.test_faults" name="test_good"/>
<testcase classname="tests.engine.test_faults" name="test_skipped"><skipped message="no"/></testcase>
<testcase classname="tests.engine.test_faults" name="test_bad"><failure message="no">it is not</failure></testcase>
<testcase classname="tests.labs.test_wheel" name="test_left"><error message="no">left</error></testcase>
</testsuite></testsuites>"""


def combination(folder: Path) -> Combination:
    return Combination(Suite("trixie", folder), Way.ROOTLESS)


def test_a_report_is_counted_and_failures_are_named(tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    report.write_text(REPORT)
    report.with_suffix(".json").write_text('{"engine": "26.1.5 runc 1.1.15 (rootless)", "python": "3.13.5"}')
    result = _result(combination(tmp_path), 1, report, 12.0)
    assert (result.passed, result.skipped) == (1, 1)
    assert result.bad == ("engine.test_faults::test_bad", "labs.test_wheel::test_left")
    assert not result.good
    lines = list(table([result]))
    assert "not good" in lines[1]
    assert "26.1.5 runc 1.1.15 (rootless)" in lines[1]
    assert lines[2:] == [
        "trixie-rootless: engine.test_faults::test_bad",
        "trixie-rootless: labs.test_wheel::test_left",
    ]


def test_a_run_without_a_report_or_without_tests_is_not_good(tmp_path: Path) -> None:
    assert not _result(combination(tmp_path), 0, tmp_path / "none.xml", 1.0).good
    report = tmp_path / "report.xml"
    report.write_text('<testsuites><testsuite name="pytest"/></testsuites>')
    assert not _result(combination(tmp_path), 0, report, 1.0).good


def test_inside_a_root_paths_are_quoted_and_the_account_is_another(tmp_path: Path) -> None:
    words = inside(tmp_path / "a root", ["true"], shared={tmp_path / "src": "/source"}, user="learner")
    script = words[-1]
    assert f"cd '{tmp_path}/a root'" in script
    assert "setpriv --reuid=learner" in script
    assert "--net" not in words
    assert "--net" in inside(tmp_path, ["true"], shared={}, network=False)
