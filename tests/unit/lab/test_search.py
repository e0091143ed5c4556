"""Words looked for in lessons."""

import json

import pytest

from runner.cli.main import main
from runner.lab.search import Index
from tests.unit.lab.conftest import FRONT

LAB = f"""{FRONT}
What it is *about*: seccómp.

## The first step

Read about `chmod` and files.

```console
$ ls -l
* (glob*)
```

```check
id: listed
describe: The files were listed
probe: {{transcript: {{in: host, command: '^ls'}}}}
expect: {{exit: 0}}
explain: So that is how.
```

```hint
A secret
```

## chmod

Change modes. {"So it goes on. " * 20}

| call | number |
|---|---|
| chmod | 90 |
"""


@pytest.fixture
def found(folder):
    folder.write(lab=LAB)
    (folder.path / "glossary.md").write_text("## mode\n\nAlso: modes\n\nWho may do *what* with a file.\n")
    index = Index([folder.read().workshop])

    def find(*words: str) -> list[str]:
        return [one.place.title for _, one in index.find(words)]

    find.index = index
    return find


def test_a_title_comes_before_a_text(found):
    assert found("chmod") == ["Lab · chmod", "Lab · The first step"]
    assert found("mode") == ["mode", "Lab · chmod"]


@pytest.mark.parametrize("words", [["SECCOMP"], ["seccómp"], ["about", "files"], ["ls -l"], ["listed"]])
def test_all_words_in_any_case_with_or_without_accents(found, words):
    assert found(*words) == ["Lab · The first step"]


@pytest.mark.parametrize("words", [[], [" "], ["secret"], ["chmod", "nowhere"]])
def test_missing_words_and_hints_are_not_found(found, words):
    assert found(*words) == []


def test_an_excerpt_shows_the_word(found):
    [(_, one)] = found.index.find(["90"])
    assert "chmod 90" in one.excerpt
    assert one.excerpt.startswith("… ")


def test_the_command_prints_places_and_reports_an_empty_result(found, folder, capsys):
    assert main(["search", "--workshop", str(folder.path), "mode"]) == 0
    assert capsys.readouterr().out.splitlines()[0] == "glossary: mode"
    assert main(["search", "--workshop", str(folder.path), "--json", "change", "modes"]) == 0
    [one] = json.loads(capsys.readouterr().out)["found"]
    assert (one["lab"], one["step"], one["term"]) == ("lab", "chmod", None)
    assert one["path"] == str(folder.path / "lab.md")
    assert one["line"] == LAB.splitlines().index("## chmod") + 1
    assert main(["search", "--workshop", str(folder.path), "nowhere"]) == 1
    assert capsys.readouterr().err == "no lesson has nowhere\n"
