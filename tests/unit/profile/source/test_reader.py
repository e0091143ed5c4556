"""The texts that the reader accepts, its result, and the position of each fault."""

import contextlib
import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.errors import ExitCode
from runner.profile.errors import ProfileError
from runner.profile.model import Action, Arg, Operator, Selector
from runner.profile.source.json_text import MAX_BYTES
from runner.profile.source.reader import read_profile


def _rule(**fields):
    rule = {"names": ["chmod"], "action": "SCMP_ACT_ERRNO", **fields}
    return read_profile(json.dumps({"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [rule]})).profile.rules[0]


def test_every_field_is_read():
    text = """{
      "defaultAction": "SCMP_ACT_ERRNO", "defaultErrnoRet": 38, "flags": ["SECCOMP_FILTER_FLAG_LOG"],
      "listenerPath": "/run/a.sock", "listenerMetadata": "m",
      "archMap": [{"architecture": "SCMP_ARCH_X86_64", "subArchitectures": ["SCMP_ARCH_X86"]}],
      "syscalls": [{
        "names": ["clone"], "action": "SCMP_ACT_ALLOW", "errnoRet": 0, "comment": "c",
        "args": [{"index": 1, "value": 18446744073709551615, "valueTwo": 2, "op": "SCMP_CMP_MASKED_EQ"}],
        "includes": {"caps": ["CAP_A"], "arches": ["amd64"], "minKernel": "4.8"},
        "excludes": {"minKernel": ""}
      }]
    }"""
    profile = read_profile(text).profile
    assert profile.default_action is Action.ERRNO
    assert (profile.default_errno, profile.flags) == (38, ("SECCOMP_FILTER_FLAG_LOG",))
    assert (profile.listener_path, profile.listener_metadata) == ("/run/a.sock", "m")
    assert profile.arch_map[0].sub_architectures == ("SCMP_ARCH_X86",)
    (rule,) = profile.rules
    assert (rule.names, rule.action, rule.errno, rule.comment) == (("clone",), Action.ALLOW, 0, "c")
    assert rule.args == (Arg(1, 2**64 - 1, Operator.MASKED_EQ, 2),)
    assert rule.includes == Selector(("CAP_A",), ("amd64",), (4, 8))
    assert rule.excludes == Selector(min_kernel=(0, 0))
    assert (rule.at.line, rule.at.column, rule.at.path) == (5, 20, "syscalls[0]")


@pytest.mark.parametrize(
    "text", ["{}", "null", '{"syscalls": null}', '{"defaultAction": "", "syscalls": []}']
)
def test_nothing_given_turns_seccomp_off(text):
    assert read_profile(text).profile.default_action is None


def test_keys_match_in_any_case_as_in_go():
    reading = read_profile('{"DEFAULTACTION": "SCMP_ACT_ALLOW", "\u017fyscalls": []}')
    assert reading.profile.default_action is Action.ALLOW
    assert [finding.rule for finding in reading.findings] == ["key-case", "key-case"]


def test_unknown_keys_are_findings_with_the_nearest_known_one():
    (finding,) = read_profile('{"defaultAction": "SCMP_ACT_ALLOW", "sycalls": []}').findings
    assert finding.rule == "unknown-key"
    assert '"syscalls"' in finding.message
    assert (finding.at.line, finding.at.column, finding.at.path) == (1, 37, "sycalls")


def test_of_equal_keys_the_last_counts():
    reading = read_profile('{"defaultAction": "SCMP_ACT_ALLOW", "defaultAction": "SCMP_ACT_ERRNO"}')
    assert reading.profile.default_action is Action.ERRNO
    assert [finding.rule for finding in reading.findings] == ["duplicate-key"]


def test_equal_keys_of_objects_merge_and_null_resets_only_what_go_resets():
    text = """{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["a"],
      "action": "SCMP_ACT_ERRNO", "action": null, "errnoRet": 5, "errnoRet": null,
      "includes": {"caps": ["CAP_A"]}, "includes": {"arches": ["arm"]}}]}"""
    (rule,) = read_profile(text).profile.rules
    assert (rule.action, rule.errno) == (Action.ERRNO, None)
    assert rule.includes == Selector(caps=("CAP_A",), arches=("arm",))


def test_items_of_equal_lists_merge_as_in_go():
    text = """{"defaultAction": "SCMP_ACT_ALLOW",
      "syscalls": [{"names": ["a"], "action": "SCMP_ACT_ERRNO", "errnoRet": 5}, {"names": ["b"]}],
      "syscalls": [{"names": ["c"]}]}"""
    (rule,) = read_profile(text).profile.rules
    assert (rule.names, rule.action, rule.errno) == (("c",), Action.ERRNO, 5)


def test_name_is_the_legacy_form_and_both_are_kept_apart():
    assert _rule(names=None, name="chmod").legacy_name
    both = _rule(name="mkdir")
    assert both.legacy_name
    assert both.names == ("mkdir", "chmod")


def test_text_is_decoded_as_go_decodes_it():
    """Lone surrogates and bytes that are not UTF-8 become U+FFFD."""
    text = b'{"defaultAction":"SCMP_ACT_ALLOW","listenerMetadata":"\xff\\ud83d\\ude00\\ud800\\n"}'
    assert read_profile(text).profile.listener_metadata == "\ufffd\U0001f600\ufffd\n"


FAULTS = [
    ("", 1, 1, "", "empty"),
    ("{", 1, 2, "", "ends too early"),
    ("[]", 1, 1, "", "found an array"),
    ("\ufeff{}", 1, 1, "", "byte order mark"),
    ("// c\n{}", 1, 1, "", "no comments"),
    ('{\n "a": 1,\n}', 3, 1, "", "comma"),
    ("{'a': 1}", 1, 2, "", "double quotes"),
    ('{"a": [1, {"b": tru}]}', 1, 17, "a[1].b", "expected a value"),
    ('{"a": "x\ny"}', 1, 7, "a", "does not end on its line"),
    ('{"defaultAction": NaN}', 1, 19, "defaultAction", "expected a value"),
    ('{"defaultAction": 1}', 1, 19, "defaultAction", "expected a string"),
    ('{"defaultAction": "SCMP_ACT_ALOW"}', 1, 19, "defaultAction", "did you mean SCMP_ACT_ALLOW"),
    ('{"defaultErrnoRet": -1}', 1, 21, "defaultErrnoRet", "negative"),
    ('{"defaultErrnoRet": 1.0}', 1, 21, "defaultErrnoRet", "whole number"),
    ('{"defaultErrnoRet": 1e2}', 1, 21, "defaultErrnoRet", "whole number"),
    ('{"defaultErrnoRet": "0x10"}', 1, 21, "defaultErrnoRet", "hexadecimal"),
    ('{"defaultErrnoRet": 18446744073709551616}', 1, 21, "defaultErrnoRet", "64 bits"),
    ('{"syscalls": {}}', 1, 14, "syscalls", "expected an array"),
    ('{"syscalls": [null]}', 1, 15, "syscalls[0]", "null is not a rule"),
    ('{"syscalls": [{"names": "a"}]}', 1, 25, "syscalls[0].names", "expected an array"),
    ('{"syscalls": [{"names": ["a"]}]}', 1, 15, "syscalls[0].action", "action is missing"),
    ('{"syscalls": [{"action": "SCMP_ACT_LOG"}]}', 1, 1, "defaultAction", "no defaultAction"),
    ("\x00\x01\x02", 1, 1, "", "found"),
]


@pytest.mark.parametrize(("text", "line", "column", "path", "reason"), FAULTS)
def test_faults_are_located(text, line, column, path, reason):
    with pytest.raises(ProfileError) as caught:
        read_profile(text)
    error = caught.value
    assert error.at is not None
    assert (error.at.line, error.at.column, error.at.path) == (line, column, path)
    assert reason in error.reason
    assert error.exit_code is ExitCode.USAGE
    assert f"f.json:{line}:{column}" in str(error.in_file("f.json"))


@pytest.mark.parametrize("version", ["4", "4.8.1", "4.x", "0.0", "-1.2", "4.256", "4 .8", "٤.٨"])
def test_kernel_versions_are_two_small_numbers(version):
    with pytest.raises(ProfileError, match="invalid kernel version"):
        _rule(includes={"minKernel": version})


@pytest.mark.parametrize(
    "arg",
    [{"index": 0, "value": 0}, {"index": 0, "op": "SCMP_CMP_XX"}, {"index": -1, "op": "SCMP_CMP_EQ"}, None],
)
def test_conditions_need_an_operator_and_unsigned_numbers(arg):
    with pytest.raises(ProfileError, match=r"syscalls\[0\]\.args\[0\]"):
        _rule(args=[arg])


@pytest.mark.parametrize(
    "text",
    [
        "[" * 10_000,
        '{"a":' * 10_000,
        b"{" + b" " * (100 << 20),
        "9" * MAX_BYTES,
        '{"defaultErrnoRet":' + "9" * 1_000_000 + "}",
        "[" + "1," * 400_000 + "1]",
        '{"x' + "\\" * 500_000,
        '"' + "\\u0041" * 150_000,
        bytes(range(256)) * 4_000,
    ],
    ids=[
        "deep arrays",
        "deep objects",
        "100 MB",
        "long number",
        "huge value",
        "many",
        "escapes",
        "unicode",
        "binary",
    ],
)
def test_hostile_files_are_an_error_within_milliseconds(text):
    started = time.process_time()
    with pytest.raises(ProfileError) as caught:
        read_profile(text)
    assert time.process_time() - started < 0.5
    assert len(str(caught.value)) < 400


_SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
_KEYS = st.sampled_from(
    [
        *("defaultAction", "syscalls", "archMap", "names", "name", "action", "args", "index", "value", "op"),
        *("includes", "caps", "minKernel"),
    ]
) | st.text(max_size=5)
_VALUES = st.recursive(
    _SCALARS | st.sampled_from(["SCMP_ACT_ALLOW", "SCMP_ACT_ERRNO", "SCMP_CMP_EQ"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_KEYS, inner, max_size=6),
    max_leaves=20,
)


def _reads_or_refuses(text):
    with contextlib.suppress(ProfileError):
        read_profile(text)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_profile_or_a_profile_error(content):
    _reads_or_refuses(content)


@given(st.text(alphabet='{}[]:,"\\u0aftrn1-+.e \n', max_size=80))
def test_any_near_json_is_a_profile_or_a_profile_error(text):
    _reads_or_refuses(text)


@given(st.dictionaries(_KEYS, _VALUES, max_size=6))
def test_any_json_object_is_a_profile_or_a_profile_error(value):
    _reads_or_refuses(json.dumps(value))


@given(_VALUES)
def test_the_parser_accepts_the_same_texts_as_json(value):
    """The scanner agrees with the standard library on which texts are JSON."""
    text = json.dumps(value)
    try:
        json.loads(text, parse_constant=lambda _: 1 / 0)
    except ZeroDivisionError:
        with pytest.raises(ProfileError, match="not JSON"):
            read_profile(f'{{"x": {text}}}')
    else:
        assert read_profile(f'{{"x": {text}}}').profile.default_action is None


def test_an_array_of_names_in_the_old_key_gets_the_key_that_is_meant():
    rule = '{"name": ["chmod"], "action": "SCMP_ACT_ERRNO"}'
    with pytest.raises(ProfileError, match=r"expected a string, found an array; did you mean 'names'\?"):
        read_profile(f'{{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{rule}]}}')
