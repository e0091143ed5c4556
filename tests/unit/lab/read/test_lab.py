"""A Markdown file → a lab."""

from runner.lab.model.workshop import (
    ConsoleBlock,
    ContainerBlock,
    FileBlock,
    HintBlock,
    Prose,
    QuizBlock,
    SolveBlock,
)
from tests.unit.lab.conftest import FRONT


def test_front_matter_and_introduction(folder):
    folder.write(lab=f"{FRONT}\n# Lab\n\nHello.\n\n```c\nint x;\n```\n\n## Step\n\nText.\n")
    lab = folder.read().workshop.labs[0]
    assert (lab.id, lab.title, lab.minutes, lab.objectives) == ("lab", "Lab", 5, ("Test it",))
    assert [prose.text for prose in lab.introduction] == ["# Lab\n\nHello.\n\n```c\nint x;\n```"]


def test_headings_of_level_2_start_steps_in_either_style(folder):
    folder.write(
        lab=f"{FRONT}\n## Look at `chmod`, *first*\n\na\n\n### Not a step\n\nb\n\nSecond\n------\n\nc\n"
    )
    steps = folder.read().workshop.labs[0].steps
    assert [(step.id, step.title) for step in steps] == [
        ("look-at-chmod-first", "Look at `chmod`, *first*"),
        ("second", "Second"),
    ]
    assert [[block.text for block in step.blocks] for step in steps] == [["a\n\n### Not a step\n\nb"], ["c"]]
    assert [(step.span.line, step.span.end) for step in steps] == [(8, 14), (16, 19)]


def test_headings_in_other_scripts_have_ids(folder):
    folder.write(lab=f"{FRONT}\n## Überprüfen\n\na\n\n## 検査\n\nb\n\n## !?\n\nc\n")
    assert [step.id for step in folder.read().workshop.labs[0].steps] == ["überprüfen", "検査", "step-3"]


def test_prose_keeps_its_text_and_lines(folder):
    blocks = folder.step(
        "one\n\n- two\n\n  ```console\n  $ x\n  ```\n".replace("console", "text")
        + "\n```hint\nh\n```\n\nthree\n"
    ).blocks()
    assert [type(block) for block in blocks] == [Prose, HintBlock, Prose]
    assert blocks[0].text == "one\n\n- two\n\n  ```text\n  $ x\n  ```"
    assert (blocks[0].span.line, blocks[0].span.end) == (10, 16)
    assert blocks[2].text == "three"


def test_tildes_and_longer_fences_work_as_in_markdown(folder):
    blocks = folder.step("~~~hint\na\n~~~\n\n````hint\n```c\nx\n```\n````\n").blocks()
    assert [block.text for block in blocks] == ["a", "```c\nx\n```"]


def test_a_console_and_its_attributes(folder):
    text = (
        "```container\nname: box\n```\n\n```console in=box timeout=2.5\n# id\n```\n\n```console\n$ id\n```\n"
    )
    container, inside, host = folder.step(text).blocks()
    assert isinstance(container, ContainerBlock)
    assert (inside.target, inside.timeout, host.target, host.timeout) == ("box", 2.5, "host", 30.0)
    assert inside.commands[0].span.line == 15


def test_files_to_place_and_files_that_solve(folder):
    files = "```json file=a/b.json edit\n{}\n```\n\n```file=notes\nx\n```\n\n"
    solution = "```solve file=a/b.json\n[1]\n```\n\n```solve\n$ id\n```\n"
    given, notes, solved, typed = folder.step(files + solution).blocks()
    assert (given.name, given.content, given.language, given.edit) == ("a/b.json", "{}\n", "json", True)
    assert (notes.name, notes.content, notes.language, notes.edit) == ("notes", "x\n", "", False)
    assert isinstance(solved, SolveBlock)
    assert isinstance(solved.action, FileBlock)
    assert (solved.action.content, solved.action.language, solved.action.edit) == ("[1]\n", "json", False)
    assert isinstance(typed.action, ConsoleBlock)


def test_a_quiz(folder):
    options = "[{text: a, correct: true, why: b}, {text: c, why: d}]"
    (quiz,) = folder.step(f"```quiz\nid: q\nquestion: Why?\noptions: {options}\n```\n").blocks()
    assert isinstance(quiz, QuizBlock)
    assert [(option.text, option.correct, option.why) for option in quiz.options] == [
        ("a", True, "b"),
        ("c", False, "d"),
    ]


def test_line_ends_and_a_byte_order_mark_do_not_matter(folder):
    text = f"{FRONT}\n## Step\n\n```console\n$ id\nroot\n```\n"
    folder.write(lab=text)
    plain = folder.read()
    folder.write(lab=b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert plain.problems == ()
    assert folder.read() == plain


def test_a_container_inherits_the_defaults_and_replaces_options_by_name(folder):
    text = """```container
name: a
cap_add: [CHOWN]
security_opt: [seccomp=profiles/allow.json]
mem_limit: 64m
environment: {A: 1}
```
"""
    (block,) = folder.step(text).blocks()
    assert block.spec.cap_add == ("CHOWN",)
    assert block.spec.security_opt == ("apparmor=unconfined", "seccomp=profiles/allow.json")
    assert (block.spec.image, block.spec.network_mode, block.spec.mem_limit) == ("lab", "none", 64 * 2**20)
    assert block.spec.environment == {"A": "1"}
    assert block.starts


def test_capabilities_are_taken_in_any_case_as_docker_takes_them(folder):
    (block,) = folder.step(
        "```container\nname: a\ncap_add: [all]\ncap_drop: [cap_chown, Kill]\n```\n"
    ).blocks()
    assert (block.spec.cap_add, block.spec.cap_drop) == (("ALL",), ("CAP_CHOWN", "KILL"))


def test_yaml_numbers_and_truth_values_stay_as_written(folder):
    (block,) = folder.step(
        "```container\nname: a\ncommand: [chmod, 0777, yes, 1e3, 12:30, 0x1F]\n```\n"
    ).blocks()
    assert block.spec.command == ("chmod", "0777", "yes", "1e3", "12:30", "0x1F")
