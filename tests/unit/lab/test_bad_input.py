"""`runner.lab.read`: whatever is in the files, it ends in problems with a file and a line, not in a traceback."""

import os
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from runner.lab.lint import lint_workshop
from runner.lab.read.folder import find_workshops
from runner.lab.read.syntax.source import SIZE_LIMIT
from tests.unit.lab.conftest import FRONT, MANIFEST

CHECK = """\
```check
id: c
describe: d
explain: e
probe: {container: {command: [id], security_opt: [seccomp=profiles/allow.json]}}
expect: {exit: nonzero, output: {any: ["a", "b"]}}
control: {user: nobody, expect: {exit: 0}}
hints: [{when: {exit: 0}, say: "x"}]
mutants: [{security_opt: [seccomp=unconfined]}, {run: id, in: box}]
```
"""
LAB = f"""\
{FRONT}
## Step

```container
name: box
command: [bash]
```

```console in=box timeout=5
# id
> -u
\\d+ (re)
* (glob*)
[0|1]
```

{CHECK}
```json file=a.json edit
{{"defaultAction": "SCMP_ACT_ALLOW"}}
```

```quiz
id: q
question: q
options: [{{text: a, why: b, correct: true}}, {{text: b, why: c}}]
```
"""


def fence(content):
    return f"{FRONT}\n## S\n\n```container\n{content}\n```\n"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("name: [a", "bad-yaml"),
        ("name: a\n\tcommand: [b]", "bad-yaml"),
        ("name: &x a\nhostname: *x", "bad-yaml"),
        ("name: *x", "bad-yaml"),
        ("a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]", "bad-yaml"),
        ("name: a\nname: b", "duplicate-key"),
        ("name: !!python/object/apply:os.system [id]", "bad-yaml"),
        ("name: \x01", "bad-yaml"),
        ("name: a\n---\nname: b", "bad-yaml"),
        ("command: " + "[" * 100_000, "bad-yaml"),
        ("command: " + "[" * 100 + "]" * 100, "bad-yaml"),
        ("- " * 100_000, "bad-yaml"),
        ("[a]: b\nname: c", "wrong-type"),
        ("just text", "wrong-type"),
        ("", "missing-key"),
        ("name:", "wrong-type"),
    ],
    ids=lambda value: repr(value[:30]),
)
def test_bad_yaml(folder, content, expected):
    folder.write(lab=fence(content))
    rules = [problem.split()[1] for problem in folder.lint()]
    assert expected in rules
    assert len(rules) <= 3


def test_bad_yaml_is_placed_in_the_line_of_the_file(folder):
    folder.write(lab=fence("name: a\nhostname: b: c"))
    assert folder.lint() == ["lab.md:12 bad-yaml"]
    folder.write(lab=FRONT.replace("title: Lab", "title: [Lab"))
    assert "lab.md:4 bad-yaml" in folder.lint()


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", ["lab.md:1 front-matter"]),
        (b"\x00\x01", ["lab.md:1 not-text"]),
        (f"{FRONT}\n\n\0".encode(), ["lab.md:1 not-text"]),
        (b"\xff\xfe-\x00-\x00", ["lab.md:1 not-text"]),
        (b"\x89PNG\r\n\x1a\n", ["lab.md:1 not-text"]),
        (b"---\n", ["lab.md:1 front-matter"]),
        (b"---\n- a\n---\n", ["lab.md:2 front-matter"]),
        (b"x" * (SIZE_LIMIT + 1), ["lab.md:1 too-large"]),
    ],
    ids=["empty", "binary", "a late NUL", "UTF-16", "image", "open front matter", "list", "huge"],
)
def test_files_that_are_no_labs(folder, data, expected):
    folder.write(lab=data)
    assert sorted(folder.lint()) == sorted(expected)


@pytest.mark.parametrize(
    "data", [b"", b"\x00", b"\xff", b"id = ", b"id = 'a'\nid = 'b'\n", b"[" * 10_000, b"format = 1"]
)
def test_unusable_manifests(folder, data):
    folder.write(manifest=data)
    assert folder.lint() != []
    assert folder.read().workshop is None


def test_a_manifest_of_deep_keys_is_one_problem(folder):
    folder.write(manifest="a." * 3000 + "a = 1")
    (problem,) = folder.read().problems
    assert (problem.rule, problem.message) == ("bad-toml", "not valid TOML: nested too deeply")


@pytest.mark.parametrize(
    "line",
    [
        r'title = "W\U00000000x"',
        r'title = "W\u0000x"',
        r'"\u0000" = 1',
        'title = """\\u0000"""',
        r"""title = '\u0000' # "\u0000"
id = "\u0000" """,
        """title = '''a"'''''
id = "\\U00000000" """,
        r"""title = "\\u0000"
id = "\u0000" """,
    ],
)
def test_a_nul_in_a_manifest_is_reported_in_its_line(folder, line):
    folder.write(manifest=f"format = 1\n{line}\n")
    (problem,) = folder.read().problems
    assert (problem.rule, problem.span.line) == ("bad-value", 2 + line.count("\n"))
    assert folder.read().workshop is None


def test_a_manifest_may_show_how_a_nul_is_written(folder):
    folder.write(
        manifest=MANIFEST.replace('title = "W"', r"title = 'W\u0000' # \u0000"), lab=f"{FRONT}\n## S\n\nt\n"
    )
    assert folder.lint() == []


def test_a_folder_a_pipe_and_a_dangling_link_in_place_of_a_lab(folder):
    folder.write(manifest=MANIFEST.replace('"lab.md"', '"dir.md", "pipe.md", "link.md"'))
    (folder.path / "lab.md").unlink()
    (folder.path / "dir.md").mkdir()
    os.mkfifo(folder.path / "pipe.md")
    (folder.path / "link.md").symlink_to("nowhere")
    assert folder.lint() == ["dir.md:1 not-readable", "pipe.md:1 not-readable", "workshop.toml:4 missing-lab"]


def test_a_path_without_a_workshop(tmp_path):
    assert find_workshops(tmp_path) == ()
    assert find_workshops(tmp_path / "nowhere") == ()
    (problem,) = lint_workshop(tmp_path)
    assert (problem.rule, problem.message) == ("not-readable", "cannot be read: no such file or folder")


def test_a_hostile_file_is_read_in_time_that_its_size_explains(folder):
    """The parser has no quadratic corner that a file within the size limit reaches."""
    began = time.process_time()
    for text in ("> " * 100_000, "- " * 50_000, "```check\n" * 20_000, "* (glob*)\n" * 20_000, "#" * 200_000):
        folder.write(lab=f"{FRONT}\n## S\n\n{text}\n")
        folder.lint()
    assert time.process_time() - began < 30


@pytest.mark.parametrize("text", ["zz{} = 1\n", "[zz{}]\n", "[[zz{}]]\nx = 1\n"])
def test_a_manifest_of_many_keys_is_read_in_time_that_its_size_explains(folder, text):
    began = time.process_time()
    folder.write(manifest=MANIFEST + "".join(text.format(number) for number in range(8000)))
    assert len(folder.lint()) >= 8000
    assert time.process_time() - began < 8


def test_messages_stay_short(folder):
    folder.write(lab=fence(f"name: a\n? {'k' * 50_000}\n: v\nread_only: {'v' * 50_000}"))
    assert folder.lint() == ["lab.md:12 unknown-key", "lab.md:14 wrong-type"]
    assert len(folder.messages()) < 1000


def damaged(text):
    """`text` with some of its pieces cut, doubled, or replaced by what parsers trip over."""
    junk = st.sampled_from(
        [
            "\t",
            "\0",
            "&a ",
            "*a",
            "{",
            "}",
            "[",
            "]",
            "- ",
            ": ",
            "```",
            "~~~",
            "---\n",
            "\\",
            "\r",
            "\u2028",
            "\x85",
            "💥",
            "|",
            "!x ",
            "\x1b",
            "$ ",
            "> ",
            "(re)",
            "[!",
            "<<: ",
        ]
    ) | st.text(max_size=5)

    def apply(edits):
        damaged = text
        for start, length, new in edits:
            at = start % (len(damaged) + 1)
            damaged = damaged[:at] + new + damaged[at + length :]
        return damaged

    edit = st.tuples(st.integers(0, 10_000), st.integers(0, 12), junk)
    return st.lists(edit, min_size=1, max_size=6).map(apply)


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    path = tmp_path_factory.mktemp("fuzz")
    (path / "profiles").mkdir()
    (path / "profiles" / "allow.json").write_text('{"defaultAction": "SCMP_ACT_ALLOW"}')
    return path


def read_without_a_traceback(path: Path, lab: bytes, manifest: bytes) -> None:
    (path / "lab.md").write_bytes(lab)
    (path / "workshop.toml").write_bytes(manifest)
    lines = {
        "lab.md": lab.count(b"\n") + lab.count(b"\r") + 1,
        "workshop.toml": manifest.count(b"\n") + manifest.count(b"\r") + 1,
    }
    for problem in lint_workshop(path):
        assert 1 <= problem.span.line <= problem.span.end <= lines[problem.span.path.name]
        assert problem.message
        str(problem)


FUZZ = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def utf8(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


@FUZZ
@given(lab=damaged(LAB))
def test_damaged_labs(place, lab):
    read_without_a_traceback(place, utf8(lab), MANIFEST.encode())


@FUZZ
@given(manifest=damaged(MANIFEST))
def test_damaged_manifests(place, manifest):
    read_without_a_traceback(place, LAB.encode(), utf8(manifest))


@settings(max_examples=100, deadline=None)
@given(lab=st.binary(max_size=300))
def test_any_bytes(place, lab):
    read_without_a_traceback(place, lab, MANIFEST.encode())
    read_without_a_traceback(place, FRONT.encode() + b"\n## S\n\n```check\n" + lab, MANIFEST.encode())


def test_the_lab_to_be_damaged_is_sound(place):
    read_without_a_traceback(place, LAB.encode(), MANIFEST.encode())
    problems = lint_workshop(place)
    assert [str(problem) for problem in problems] == []
