"""The documentation site builds without a warning, has a page for everything, and every link in it leads somewhere."""

import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from runner.cli.main import COMMANDS
from runner.content import LABS
from runner.lab.read.workshop import read_workshop
from runner.profile.lint import RULES

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    argv = [sys.executable, "-m", "sphinx", "--quiet", "--fail-on-warning", "--nitpicky", "docs", str(folder)]
    environment = {**os.environ, "PYTHONDEVMODE": ""}  # which makes Sphinx slower, and is of no use to it
    done = subprocess.run(
        argv, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=150, check=False
    )
    assert done.returncode == 0, done.stderr
    return folder


def test_every_lint_rule_has_a_page_that_says_what_explain_says(site):
    for rule in RULES.values():
        page = Text.of(site / "generated" / "rules" / f"{rule.id}.html")
        assert _words(rule.explanation) in page.words


def test_every_command_is_described(site):
    page = Text.of(site / "generated" / "commands.html")
    for name in COMMANDS:
        assert f"usage: workshop {name}" in page.words


def test_every_lab_says_what_it_covers():
    page = (ROOT / "docs" / "coverage.md").read_text()
    named = re.findall(r"^\| `([a-z-]+)` \|", page.partition("## What was wrong")[0], re.MULTILINE)
    labs = [lab.id for lab in read_workshop(LABS / "seccomp").workshop.labs]
    assert [name for name in named if name in labs] == labs


def test_every_link_within_the_site_leads_somewhere(site):
    for file in site.rglob("*.html"):
        for link in Text.of(file).links:
            address = urlsplit(link)
            if not address.scheme and address.path:
                assert (file.parent / unquote(address.path)).exists(), f"{file.name}: {link}"


class Text(HTMLParser):
    """A page's words and links."""

    def __init__(self) -> None:
        super().__init__()
        self.words = ""
        self.links: list[str] = []

    @classmethod
    def of(cls, page: Path) -> "Text":
        text = cls()
        text.feed(page.read_text())
        text.words = _words(text.words)
        return text

    def handle_data(self, data: str) -> None:
        self.words += data

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.links += [value for name, value in attrs if tag == "a" and name == "href" and value]


def _words(text: str) -> str:
    """Without what Markdown marks code with, and with single spaces."""
    return " ".join(text.replace("`", "").split())
