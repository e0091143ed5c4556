"""`runner.profile.lint.report`: the rules in a SARIF report."""

import tomllib
from pathlib import Path

from runner.profile.lint import LintTarget, lint
from runner.profile.lint.report import Linted, report_sarif
from runner.profile.source.reader import read_profile

PROJECT = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_a_rule_links_to_its_page_of_the_documentation():
    findings = lint(read_profile('{"defaultAction": "SCMP_ACT_ALLOW", "sycalls": []}'), LintTarget())
    (run,) = report_sarif([Linted("p.json", findings)])["runs"]
    links = {rule["id"]: rule["helpUri"] for rule in run["tool"]["driver"]["rules"]}
    assert links["unknown-key"] == f"{PROJECT['urls']['Documentation']}generated/rules/unknown-key.html"
