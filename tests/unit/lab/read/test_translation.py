"""Workshops in other languages: which text takes whose place, what lint says, and how the files are kept."""

import json
import re

import pytest

from runner.cli.main import main
from runner.lab.model.texts import lab_with
from runner.lab.read.translation import check_sum
from runner.lab.read.workshop import read_workshop
from tests.unit.lab.guide import write_workshop


@pytest.fixture
def guide(tmp_path):
    """The guide's whole workshop, which has one of everything, with a glossary."""
    folder = write_workshop(tmp_path)
    (folder / "glossary.md").write_text("## profile\n\nAlso: profiles\n\nSays what may be called.\n")
    assert main(["translate", "es", str(folder)]) == 0
    return folder


def change(path, identity: str, text: str, made_from: str = "") -> None:
    """Put a text under its mark, as a translator does."""
    mark = f"<!-- {identity} {made_from}".rstrip() + " -->"
    content = path.read_text()
    pattern = rf"<!-- {re.escape(identity)}(?: [0-9a-f]{{8}})? -->\n.*?(?=\n<!--|\Z)"
    assert len(re.findall(pattern, content, re.DOTALL)) == 1
    path.write_text(re.sub(pattern, f"{mark}\n{text}\n", content, flags=re.DOTALL))


def rules(folder, capsys) -> list[str]:
    capsys.readouterr()
    assert main(["lint", "--json", str(folder)]) == 0
    problems = json.loads(capsys.readouterr().out)["problems"]
    return [f"{problem['severity']} {problem['rule']}" for problem in problems]


def test_every_text_that_a_learner_reads_has_an_id(guide):
    """All of them are replaced, and nothing else: commands, files and probes are the same."""
    workshop = read_workshop(guide).workshop
    ids: list[str] = []

    def put(identity: str, text: str) -> str:
        ids.append(identity)
        return f"«{text}»"

    lab = lab_with(workshop.labs[0], put)
    assert len(ids) == len(set(ids))
    assert (lab.title, lab.objectives[0][0], lab.introduction[0].text[0]) == ("«Take mkdir away»", "«", "«")
    assert (lab.id, [step.id for step in lab.steps]) == ("mkdir", ["see-what-is-allowed", "deny-it"])
    original = repr(workshop.labs[0])
    assert repr(lab_with(lab, lambda _, text: text.strip("«»"))) == original
    shown = re.findall(r"«", repr(lab))
    assert len(shown) == len(ids)


def test_a_new_translation_has_every_text_in_the_original(guide, capsys):
    page = (guide / "es" / "01-mkdir.md").read_text()
    assert "<!-- check/made/describe 00000000 -->\nThe directory is there\n" in page
    assert "mutants" not in page
    assert read_workshop(guide, "es").workshop == read_workshop(guide).workshop
    assert rules(guide, capsys) == ["notice missing-translation"] * 3


def test_a_translated_text_is_shown_and_gets_its_check_sum(guide, capsys):
    page = guide / "es" / "01-mkdir.md"
    change(page, "title", "Quita mkdir")
    change(guide / "es" / "glossary.md", "profile/forms", "perfil, perfiles")
    workshop = read_workshop(guide, "es").workshop
    assert workshop.labs[0].title == "Quita mkdir"
    assert workshop.labs[0].steps[0].title == "See what is allowed"
    assert workshop.glossary[0].forms == ("perfil", "perfiles")
    assert main(["translate", "es", str(guide)]) == 0
    assert f"<!-- title {check_sum('Take mkdir away')} -->\nQuita mkdir\n" in page.read_text()
    assert "1 of" in capsys.readouterr().err
    assert main(["list", "--lang", "es_MX", str(guide)]) == 0
    assert "Quita mkdir" in capsys.readouterr().out


@pytest.mark.parametrize("heading", ["Überprüfen", "検査", "Проверь ls", "¿Qué pasa aquí?"])
def test_a_text_below_a_heading_in_any_script_keeps_its_translation(guide, heading):
    lab = guide / "01-mkdir.md"
    lab.write_text(lab.read_text().replace("## See what is allowed", f"## {heading}"))
    (guide / "es" / "01-mkdir.md").unlink()
    assert main(["translate", "es", str(guide)]) == 0
    step = read_workshop(guide).workshop.labs[0].steps[0]
    page = guide / "es" / "01-mkdir.md"
    change(page, f"step/{step.id}/title", "Mira")
    assert main(["translate", "es", str(guide)]) == 0
    assert f"<!-- step/{step.id}/title {check_sum(heading)} -->\nMira\n" in page.read_text()
    assert read_workshop(guide, "es").workshop.labs[0].steps[0].title == "Mira"


def test_a_comment_in_capitals_is_part_of_a_text(guide):
    change(guide / "es" / "01-mkdir.md", "introduction/1", "Uno\n\n<!-- TODO -->\n\ndos")
    text = read_workshop(guide, "es").workshop.labs[0].introduction[0].text
    assert text == "Uno\n\n<!-- TODO -->\n\ndos"


@pytest.mark.parametrize(
    "mark",
    ["<!--title-->", "<!-- Title -->", "<!-- title 54F52E3D -->", "<!-- check/made/describe 54f52e3 -->"],
)
def test_a_line_that_is_nearly_a_mark_is_reported(guide, mark, capsys):
    """Its text would be shown with the one above, and `translate` would write it there."""
    page = guide / "es" / "01-mkdir.md"
    page.write_text(f"{page.read_text()}\n{mark}\nQuita mkdir\n")
    assert "warning bad-translation" in rules(guide, capsys)
    before = page.read_text()
    assert main(["translate", "es", str(guide)]) == 2
    assert "this is no mark" in capsys.readouterr().err
    assert page.read_text() == before


def test_a_stale_text_is_reported_and_not_shown(guide, capsys):
    change(guide / "es" / "01-mkdir.md", "title", "Quita mkdir", "12345678")
    assert read_workshop(guide, "es").workshop.labs[0].title == "Take mkdir away"
    assert "warning stale-translation" in rules(guide, capsys)


def test_other_line_breaks_make_no_text_stale(guide):
    assert check_sum("two\nwords") == check_sum("two words") != check_sum("two word")


@pytest.mark.parametrize(
    ("identity", "text", "rule"),
    [
        ("step/see-what-is-allowed/hint/1", "`rmdir` hace directorios.", "warning bad-translation"),
        ("step/see-what-is-allowed/hint/1", "Hace directorios.", "warning bad-translation"),
        ("step/see-what-is-allowed/hint/1", "Se hacen con `mkdir`.", ""),
    ],
)
def test_code_is_the_same_in_every_language(guide, identity, text, rule, capsys):
    change(guide / "es" / "01-mkdir.md", identity, text)
    assert (rule or "notice missing-translation") in rules(guide, capsys)
    assert bool(rule) == ("warning bad-translation" in rules(guide, capsys))


def test_a_removed_text_is_reported_and_dropped(guide, capsys):
    page = guide / "es" / "01-mkdir.md"
    page.write_text(page.read_text() + "\n<!-- check/gone/describe -->\nVaya\n")
    assert "warning stale-translation" in rules(guide, capsys)
    assert main(["translate", "es", str(guide)]) == 0
    assert "check/gone" not in page.read_text()
    (guide / "es" / "02-gone.md").write_text("")
    assert "warning stale-translation" in rules(guide, capsys)


def test_a_text_that_moves_takes_its_translation_along(guide):
    """A paragraph before it gives it another id, and the same words the same check sum."""
    lab = guide / "01-mkdir.md"
    sum_before = check_sum("Have this profile answer `mkdir` and `mkdirat` with an error.")
    change(guide / "es" / "01-mkdir.md", "step/deny-it/1", "Un `mkdir` y un `mkdirat` con error.", sum_before)
    lab.write_text(
        lab.read_text().replace("## Deny it\n", "## Deny it\n\nFirst.\n\n```console\n$ true\n```\n")
    )
    assert main(["translate", "es", str(guide)]) == 0
    assert f"<!-- step/deny-it/2 {sum_before} -->\nUn `mkdir`" in (guide / "es" / "01-mkdir.md").read_text()


def test_a_page_without_any_mark_translates_nothing(guide, capsys):
    (guide / "es" / "01-mkdir.md").write_text("Un texto sin marca.\n")
    assert "notice missing-translation" in rules(guide, capsys)
    assert main(["list", "--lang", "es", str(guide)]) == 0


def test_a_duplicate_id_is_an_error_in_its_scope(guide, capsys):
    page = guide / "es" / "01-mkdir.md"
    page.write_text(page.read_text() + "\n<!-- title -->\nOtra vez\n")
    assert main(["translate", "es", str(guide)]) == 2
    assert "the text 'title' is there twice" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["translate", "Spanish", "FOLDER"], "'Spanish' is not a language code"),
        (["translate", "en", "FOLDER"], "'en' is not a language code"),
        (["list", "--lang", "eo", "FOLDER"], "there is nothing in the language 'eo'"),
    ],
)
def test_an_invalid_language_is_refused(guide, words, message, capsys):
    assert main([str(guide) if word == "FOLDER" else word for word in words]) == 2
    assert message in capsys.readouterr().err
