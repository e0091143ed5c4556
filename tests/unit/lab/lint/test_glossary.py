"""Terms: how they are read, found in prose, and linted."""

import pytest

from runner.lab.model.glossary import TermLinks
from runner.lab.read.prose import passages
from tests.unit.lab.conftest import FRONT

GLOSSARY = """\
# Glossary

## allow-list

Also: allow-lists

Says what may be done. See [errno](glossary.md#errno).

## errno

Also: EPERM

Why it failed.
"""


@pytest.fixture
def terms(folder):
    """A workshop folder with a glossary, and a lesson of the text given."""

    def write(text: str, glossary: str = GLOSSARY):
        (folder.path / "glossary.md").write_text(glossary)
        return folder.step(text)

    return write


def linked(folder, *texts: str) -> list[list[tuple[str, str]]]:
    links = TermLinks(folder.read().workshop.glossary)
    return [
        [(words.text, words.link) for passage in links.linked(passages(text)) for words in passage.words]
        for text in texts
    ]


def test_terms_have_forms_and_an_explanation(terms):
    glossary = terms("An allow-list has an errno.").read().workshop.glossary
    assert [(term.id, term.title, term.forms) for term in glossary] == [
        ("allow-list", "allow-list", ("allow-list", "allow-lists")),
        ("errno", "errno", ("errno", "EPERM")),
    ]
    assert glossary[1].prose.text == "Why it failed."
    assert terms("An allow-list has an errno.").lint() == []


def test_the_first_use_in_a_step_is_a_link(terms):
    first, second = linked(terms("x"), "Allow-lists and EPERM, `EPERM`.", "errno, an allow-list")
    assert first == [
        ("Allow-lists", "glossary.md#allow-list"),
        (" and ", ""),
        ("EPERM", "glossary.md#errno"),
        (", ", ""),
        ("EPERM", ""),
        (".", ""),
    ]
    assert second == [("errno, an allow-list", "")]


@pytest.mark.parametrize(
    "text", ["errnos", "my-errno", "`errno = 1`", "eperm", "## errno", "[errno](https://example.org)"]
)
def test_text_that_only_looks_like_a_term_is_not_a_link(terms, text):
    [words] = linked(terms("x"), text)
    assert not any(link.startswith("glossary.md") for _, link in words)


def test_code_that_is_a_term_is_a_link(terms):
    assert linked(terms("x"), "`errno`") == [[("errno", "glossary.md#errno")]]


@pytest.mark.parametrize(
    ("text", "glossary", "problem"),
    [
        ("An allow-list, [this](glossary.md#erno), errno.", GLOSSARY, "lab.md:10 unknown-term"),
        ("An allow-list.\nBut\n[x](glossary.md#y) errno", GLOSSARY, "lab.md:12 unknown-term"),
        ("errno", GLOSSARY, "glossary.md:3 unused-term"),
        ("errno", GLOSSARY.replace("#errno)", "#error)"), "glossary.md:7 unknown-term"),
        ("errno", GLOSSARY + "\n## errno\n\nAgain.\n", "glossary.md:15 duplicate-id"),
        ("errno", GLOSSARY + "\n## code\n\nAlso: EPERM\n\nAgain.\n", "glossary.md:15 duplicate-id"),
        ("errno", GLOSSARY + "\n## silence\n", "glossary.md:15 empty-text"),
    ],
)
def test_faults_are_reported_in_their_place(terms, text, glossary, problem):
    assert problem in terms(text, glossary).lint()


def test_a_term_may_stand_on_two_lines(terms):
    """In a text as written, indented as in a list."""
    glossary = GLOSSARY + "\n## strict mode\n\nIt is the oldest.\n"
    assert terms("An allow-list, errno.\n\n- It is in strict\n  mode.", glossary).lint() == []
    assert "glossary.md:15 unused-term" in terms("An allow-list, errno, strict.\n\nmode.", glossary).lint()


def test_without_a_glossary_nothing_can_be_linked(folder):
    assert folder.step("See [errno](glossary.md#errno).").lint() == ["lab.md:10 unknown-term"]


SOUND = "- [A text](https://example.org/a), somebody, 2016"


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        (f"text\n\n### Sources\n\n{SOUND}\n- [B](http://example.org),\n  wrapped, 2024.\n", []),
        ("text\n\n### Sources\n\n- [A text](https://example.org/a)\n", ["lab.md:14 sources"]),
        ("text\n\n### Sources\n\n- An issue (2016, open), which asks\n", []),
        (f"text\n\n### Sources\n\n{SOUND}\nmore\n", ["lab.md:15 sources"]),
        (f"text\n\n### Sources\n\n{SOUND}\n\n### More\n\ntext\n", ["lab.md:12 sources"]),
        (f"text\n\n### Sources\n\n{SOUND}\n\n## Next\n\ntext\n", ["lab.md:12 sources"]),
    ],
)
def test_sources_end_a_lab_and_have_a_year(folder, text, problems):
    assert folder.write(lab=f"{FRONT}\n## Step\n\n{text}").lint() == problems
