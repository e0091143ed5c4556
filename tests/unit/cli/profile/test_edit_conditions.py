"""`workshop profile edit`: conditions on arguments as they are printed, and what an edit says of its result."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.unit.cli.profile.conftest import Command


@pytest.fixture
def edited(profile: Command, tmp_path: Path) -> Callable[..., Callable[[str], str]]:
    """Edit a profile; the result answers how it decides a call."""

    def edit(*words: str) -> Callable[[str], str]:
        path = tmp_path / "edited.json"
        code, _, err = profile("edit", *words, "-o", path)
        assert code == 0, err
        return lambda call: profile("simulate", path, *call.split())[1].split(": ")[1].split(" (")[0]

    return edit


@pytest.mark.parametrize(
    "condition",
    [
        " arg0 & CLONE_NEWUSER == CLONE_NEWUSER",
        " (arg0 & 0x10000000) == 0x10000000",
        " if arg0 & CLONE_NEWUSER != 0",
        " (arg0 & CLONE_NEWUSER | CLONE_NEWNS) != 0",
        "(arg0 & CLONE_NEWUSER) != 0",
    ],
)
def test_a_flag_is_denied_whatever_stands_beside_it(edited, condition: str) -> None:
    decision = edited("allow", "--deny", f"clone{condition}")
    assert decision("clone CLONE_NEWUSER") == decision("clone CLONE_NEWUSER|SIGCHLD") == "errno EPERM"
    assert decision("clone SIGCHLD") == "allow"


@pytest.mark.parametrize(
    ("condition", "held", "other"),
    [
        ("arg0 < 38", "37", "38"),
        ("arg0 <= 38", "38", "39"),
        ("arg0 > 38", "39", "38"),
        ("arg0 >= 38", "38", "37"),
        ("arg0 != 38", "37", "38"),
        ("arg0 = AF_ALG", "38", "37"),
        ("(arg0 & 3) != 1", "6", "5"),
        ("arg0 == 1 and arg1 == 2", "1 2", "1 3"),
    ],
)
def test_every_printed_condition_can_be_given(edited, condition: str, held: str, other: str) -> None:
    for base, option, result, rest in (
        ("allow", "--deny", "errno EPERM", "allow"),
        ("deny", "--allow", "allow", "errno EPERM"),
    ):
        decision = edited(base, option, f"socket {condition}")
        assert decision(f"socket {held}") == result
        assert decision(f"socket {other}") == rest


@pytest.mark.parametrize("base", ["default", "allow"])
def test_a_mask_is_taken_out_of_what_other_rules_say(edited, base: str) -> None:
    """A rule with another mask on the same argument is narrowed to the bits that are left."""
    decision = edited(base, "--deny", "clone (arg0 & 6) == 2")
    assert [decision(f"clone {flags}") for flags in (2, 3)] == ["errno EPERM"] * 2
    assert [decision(f"clone {flags}") for flags in (0, 4, 6, 7)] == ["allow"] * 4


@pytest.mark.parametrize(
    ("call", "said", "step"),
    [
        ("clone arg0 ~ 3", "'arg0 ~ 3' is no condition", "(arg0 & CLONE_NEWUSER) != 0"),
        ("clone(arg0 == 5)", "'(arg0 == 5)' is no condition", "arg0 == 1"),
        ("clone((arg0 & 3) == 1)", "'((arg0 & 3) == 1)' is no condition", "arg0 == 1"),
        ("clone(flags & CLONE_NEWUSER) != 0", "is no condition on a call", "(arg0 & CLONE_NEWUSER) != 0"),
        ("arg0 == 1", "'arg0 == 1' is no condition on a call", "write the call"),
        ("(arg0 & 3) == 1", "'(arg0 & 3) == 1' is no condition on a call", "write the call"),
        ("socket arg0 == 1, arg1 == 2", "'arg1 == 2' is no condition on a call", "join several with 'and'"),
        ("clone arg7 == 1", "no argument arg7", "arg0 to arg5"),
        ("clone arg0 & 3 == 4", "with that mask", "bits of the mask"),
        ("clone arg0 == foo", "'foo' in 'arg0 == foo' is not a number", "constants"),
        ("socket arg0 > 1 and arg0 < 5", "two conditions on argument 0", "a mask or a range"),
        ("clonne arg0 == 1", "did you mean clone?", "correct the name"),
        ("clone arg0 & 0xfffff != 0 and arg1 & 0xfffff != 0", "too many rules", "fewer bits"),
    ],
)
def test_a_condition_that_no_rule_can_say_is_an_error(
    profile: Command, call: str, said: str, step: str
) -> None:
    code, _, err = profile("edit", "allow", "--deny", call)
    assert code == 2
    assert said in err
    assert f"{step}" in err.split("next:")[1]


def test_a_flag_that_is_compared_as_a_whole_is_told_with_what_denies_it(
    profile: Command, edited, tmp_path: Path
) -> None:
    err = profile("edit", "allow", "--deny", "clone CLONE_NEWUSER", "-o", tmp_path / "a.json")[2]
    assert "with any other flag beside it, it passes" in err
    advised = err.split("--deny '")[1].split("'")[0]
    assert edited("allow", "--deny", advised)("clone CLONE_NEWUSER|SIGCHLD") == "errno EPERM"
    for base, option, call in (
        ("allow", "--deny", advised),
        ("allow", "--deny", "socket AF_VSOCK"),
        ("allow", "--deny", "clone 0"),
        ("deny", "--deny", "clone CLONE_NEWUSER"),
        ("deny", "--allow", "clone CLONE_NEWUSER"),
    ):
        assert "note:" not in profile("edit", base, option, call, "-o", tmp_path / "a.json")[2], call


def test_a_call_that_is_denied_whatever_its_flags_is_not_said_to_pass(
    profile: Command, tmp_path: Path
) -> None:
    denied = ("--deny", "clone(child_stack=NULL, flags=SIGCHLD) = 5")
    allowed = ("--allow", "clone CLONE_NEWNS|SIGCHLD")
    assert "note:" not in profile("edit", "allow", *denied, *allowed, "-o", tmp_path / "a.json")[2]


def test_a_default_action_that_leaves_no_exception_is_told(profile: Command, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    profile("edit", "allow", "--deny", "chmod", "-o", path)
    assert "the profile denies every call. --allow makes one" in profile("edit", path, "--action", "errno")[2]
    for more in (("--action", "errno", "--allow", "read"), ("--action", "log"), ("--deny", "read")):
        assert "note:" not in profile("edit", path, *more)[2], more
    profile("edit", "deny", "--allow", "chmod", "-o", path)
    assert "the profile allows every call. --deny makes one" in profile("edit", path, "--action", "allow")[2]


def test_the_text_in_a_line_of_strace_is_no_condition(edited) -> None:
    decision = edited("allow", "--deny", 'write(1, "a,run arg0 now", 14) = 14')
    assert (decision("write"), decision("read")) == ("errno EPERM", "allow")


@pytest.mark.parametrize("spelt", ["257", "__NR_openat", "SYS_openat", "sys_openat", "OPENAT"])
def test_a_call_may_be_named_as_headers_do_or_by_its_number(profile: Command, spelt: str) -> None:
    text = '{"defaultAction": "SCMP_ACT_ERRNO", "syscalls": []}'
    edited = json.loads(profile("edit", "-", "--allow", spelt, stdin=text)[1])
    assert edited["syscalls"][0]["names"] == ["openat"]


def test_a_number_behind_a_call_is_its_argument(profile: Command) -> None:
    text = '{"defaultAction": "SCMP_ACT_ERRNO", "syscalls": []}'
    (rule,) = json.loads(profile("edit", "-", "--allow", "kill 9", stdin=text)[1])["syscalls"]
    assert (rule["names"], rule["args"][0]["value"]) == (["kill"], 9)
