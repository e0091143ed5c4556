"""`runner.profile.source.foreign_syntax`: what people write in the place of JSON."""

import pytest

from runner.profile.errors import ProfileError
from runner.profile.source.reader import read_profile
from tests.unit.profile.source.test_json_fault import fault


@pytest.mark.parametrize(
    ("text", "column", "reason"),
    [
        ('{"value": 0x1ff}', 11, "JSON has no hexadecimal: write 511"),
        ('{"value": 0X7E020000}', 11, "write 2114060288"),
        ('{"value": 0777}', 11, "write 511 for 0777 in octal"),
        ('{"a": \u201cx\u201d}', 7, "straight double quotes, and not with \u201c"),
        ('{"syscalls": [...]}', 15, "left out"),
        ('{"syscalls": [\u2026]}', 15, "left out"),
        ('{\\"a\\": 1}', 2, "take the backslashes out"),
        ('{"a": True}', 7, "JSON writes true, and not True"),
        ('{"a": None}', 7, "JSON writes null, and not None"),
        ('{"defaultErrnoRet": EPERM}', 21, "write 1 for EPERM"),
        ('{"action": SCMP_ACT_ALLOW}', 12, "double quotes are missing around SCMP_ACT_ALLOW"),
        ('{names: ["read"]}', 2, "double quotes are missing around names"),
        ('{"a": 1, names: []}', 10, "double quotes are missing around names"),
        ('{"a": 1, zz, "b": 2}', 10, "has a key and a value: take zz out"),
        ('{"a": 1, zz}', 10, "has a key and a value: take zz out"),
        ('{"names": [read, write]}', 12, "double quotes are missing around read"),
        ('{"names": [read]}', 12, "double quotes are missing around read"),
        ('{"a": 1,\u00a0"b": 2}', 9, "JSON takes no U+00A0"),
        ('{"a": \u200b1}', 7, "JSON takes no U+200B"),
    ],
)
def test_json_is_said_for_what_another_notation_writes(text: str, column: int, reason: str) -> None:
    found = fault(text)
    assert found[:2] == (1, column)
    assert reason in found[2]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("<!DOCTYPE html>\n<html>", "a web page"),
        ("<?xml version='1.0'?>", "a web page"),
        ("404: Not Found", "a web page or its error"),
        ("#!/bin/sh\necho x\n", "a script in which no line names a profile"),
        ("--- a/p.json\n+++ b/p.json\n@@ -1 +1 @@\n-{}\n", "this is a patch"),
        ("diff --git a/p.json b/p.json\n", "this is a patch"),
        ("version https://git-lfs.github.com/spec/v1\noid sha256:a\n", "`git lfs pull`"),
        ("# mine\n---\ndefaultAction: SCMP_ACT_ERRNO\nsyscalls: []\n", "this is YAML"),
    ],
)
def test_a_file_that_holds_something_else_is_said_to(text: str, reason: str) -> None:
    assert reason in fault(text)[2]


@pytest.mark.parametrize("text", ["#!/bin/sh\ndocker run x\n", "# how to start it\n\ndocker run x\n"])
def test_a_script_is_not_json_with_comments(text: str) -> None:
    assert "comments" not in fault(text)[2]
    assert "JSON has no comments" in fault('# a profile\n{"defaultAction": "SCMP_ACT_ALLOW"}')[2]


@pytest.mark.parametrize("text", ['{"a": -0x1}', '{"a": 08}', "x", '{"a": NaN}'])
def test_no_correction_is_guessed(text: str) -> None:
    assert fault(text)[2].startswith("not JSON: expected")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('[{"defaultAction": "SCMP_ACT_ALLOW"}]', "take the brackets [ and ] around it out"),
        ('[{"names": ["read"], "action": "SCMP_ACT_ALLOW"}]', 'put them under "syscalls"'),
        ("[1]", "found an array"),
    ],
)
def test_an_array_is_no_profile(text: str, reason: str) -> None:
    with pytest.raises(ProfileError) as caught:
        read_profile(text)
    assert reason in caught.value.reason


RULE = '{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["chmod"], %s}]}'


@pytest.mark.parametrize(
    ("rule", "meant"),
    [
        ('"action": "SCMP_ACT_DENY"', "SCMP_ACT_ERRNO"),
        ('"action": "block"', "SCMP_ACT_ERRNO"),
        ('"action": "SCMP_ACT_ERRNO", "args": [{"op": "=="}]', "SCMP_CMP_EQ"),
        ('"action": "SCMP_ACT_ERRNO", "args": [{"op": "EQ"}]', "SCMP_CMP_EQ"),
        ('"action": "SCMP_ACT_ERRNO", "args": [{"op": ">="}]', "SCMP_CMP_GE"),
    ],
)
def test_a_word_of_another_language_leads_to_dockers(rule: str, meant: str) -> None:
    with pytest.raises(ProfileError) as caught:
        read_profile(RULE % rule)
    assert f"did you mean {meant}?" in caught.value.reason


@pytest.mark.parametrize("mark", ["<<<<<<< HEAD", "=======", ">>>>>>> branch", "||||||| base"])
def test_the_mark_of_a_merge_conflict_is_named(mark: str) -> None:
    line, column, reason = fault(f'{{\n{mark}\n "a": 1}}')
    assert (line, column) == (2, 1)
    assert "the mark of a merge conflict" in reason
