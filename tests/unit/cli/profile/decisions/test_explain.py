"""`workshop profile explain`: what decides a call, and what its program sees."""

import json
import re
from pathlib import Path

import pytest

from runner.cli.main import main
from runner.cli.profile.given.inputs import path_of
from tests.unit.cli.profile.conftest import Command

AMD64 = ("--arch", "amd64")


@pytest.mark.parametrize(
    ("call", "texts"),
    [
        (
            ("chmod",),
            ("EPERM: `Operation not permitted`", "Beware: the profile lets fchmodat", "modes, owners"),
        ),
        (("ptrace",), ("SIGSYS", "status 159", "syscalls[1]")),
        (("kexec_load",), ("told that it succeeded",)),
        (
            ("personality", "9"),
            (
                "no rule: the default action of",
                "syscalls[3] (line 7) names it, but its conditions do not hold",
            ),
        ),
        (("fchmodat2",), ("ENOSYS stub",)),
        (("fchmodat",), ("Denied neighbours, which fchmodat can stand in for: chmod, fchmod",)),
    ],
)
def test_explain_gives_the_deciding_rule_and_the_result(
    file: str, call: tuple[str, ...], texts: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["profile", "explain", file, *call, *AMD64]) == 0
    out = capsys.readouterr().out
    for text in texts:
        assert text in out


def test_a_rule_that_does_not_apply_is_told_by_its_place_in_the_file(profile: Command) -> None:
    """The rules before it that are for other containers count too."""
    out = profile("explain", "default", "clone", "CLONE_NEWUSER", *AMD64)[1]
    place = re.search(r"Note: syscalls\[(\d+)\] \(line (\d+)\) names it", out)
    assert place
    text = Path(path_of("default")).read_text()
    assert "clone" in json.loads(text)["syscalls"][int(place[1])]["names"]
    assert '"clone"' in "".join(text.splitlines()[int(place[2]) - 1 :][:3])


@pytest.mark.parametrize(
    ("call", "text"),
    [
        ("unshare", "Its neighbours are not let through either: clone, clone3."),
        ("clone CLONE_NEWUSER", "Its neighbours are not let through either: clone3, unshare."),
    ],
)
def test_a_call_that_passes_without_namespaces_is_no_way_to_make_them(
    profile: Command, call: str, text: str
) -> None:
    out = profile("explain", "default", *call.split(), *AMD64)[1]
    assert text in out
    assert "Beware" not in out


@pytest.mark.parametrize("call", ["socket AF_INET6", "fork", "clone"])
def test_a_call_stands_in_only_for_those_that_it_can_replace(profile: Command, call: str) -> None:
    assert "neighbours" not in profile("explain", "default", *call.split(), *AMD64)[1]


def test_a_way_around_that_some_arguments_open_is_told_as_such(profile: Command, tmp_path: Path) -> None:
    path = tmp_path / "d.json"
    assert profile("edit", "allow", "--deny", "unshare", "--deny", "clone CLONE_NEWUSER", "-o", path)[0] == 0
    out = profile("explain", path, "unshare", *AMD64)[1]
    assert "Beware: the profile lets clone (with some arguments), clone3 pass" in out
    assert "Beware: the profile lets clone3 pass" in profile("explain", path, "unshare", "CLONE_NEWUSER")[1]
    assert "for: unshare" in profile("explain", path, "clone", "CLONE_NEWNET", *AMD64)[1]
    assert "neighbours" not in profile("explain", path, "clone", "SIGCHLD", *AMD64)[1]


def test_explain_says_that_an_empty_profile_confines_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "empty.json"
    path.write_text("{}")
    assert main(["profile", "explain", str(path), "mount", *AMD64]) == 0
    assert "turns seccomp off" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("call", "shown"), [("socket 40 1 0", "socket(0x28, 1, 0) on"), ("socket 40", "socket(0x28) on")]
)
def test_a_call_is_shown_with_all_arguments_that_were_given(profile: Command, call: str, shown: str) -> None:
    for command in ("explain", "simulate"):
        assert profile(command, "allow", *call.split(), *AMD64)[1].startswith(shown)


def test_explain_says_when_it_was_not_seccomp(profile) -> None:
    line = 'access("/root", R_OK) = -1 EACCES (Permission denied)'
    assert "not seccomp" in profile("explain", "default", line)[1]


def test_explain_names_the_place_of_the_log(profile, tmp_path: Path) -> None:
    file = tmp_path / "log.json"
    file.write_text('{"defaultAction": "SCMP_ACT_LOG"}')
    out = profile("explain", file, "mount")[1]
    assert "actions_logged" in out
    assert "SECCOMP_FILTER_FLAG_LOG" in profile("explain", "default", "mount")[1]
    assert json.loads(profile("explain", "default", "mount", "--json")[1])["log"]


SELDOM = "Programs seldom make this call"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("deny", "clock_gettime"), f"{SELDOM}, and get the answer all the same: the vDSO"),
        (("default", "gettimeofday"), f"{SELDOM}: the vDSO"),
        (
            ("default", "getrandom", "--arch", "amd64"),
            f"{SELDOM} with kernel 6.11 and glibc 2.41, or newer: the vDSO",
        ),
        (("default", "getrandom", "--arch", "arm64"), f"{SELDOM} with kernel 6.12"),
        (("deny", "getrandom", "--arch", "amd64"), "gets its key by this call, and fails as the call does"),
        (("default", "getcpu", "--arch", "arm64"), ""),
        (("deny", "clock_gettime", "CLOCK_THREAD_CPUTIME_ID"), ""),
        (("deny", "chmod"), ""),
    ],
)
def test_a_call_that_the_vdso_answers_is_said_to_be_one(
    profile: Command, words: tuple[str, ...], told: str
) -> None:
    out = profile("explain", *words)[1]
    assert (SELDOM in out) == bool(told)
    assert told in out
    assert (SELDOM in " ".join(json.loads(profile("explain", *words, "--json")[1])["text"])) == bool(told)


def test_a_message_about_a_thread_is_not_about_namespaces(profile: Command) -> None:
    status, out, _ = profile("explain", "default", "pthread_create: Operation not permitted", *AMD64)
    assert status == 0
    assert "clone(?)" not in out


def test_of_two_conditions_on_one_argument_each_is_enough(profile: Command, tmp_path: Path) -> None:
    either = [{"index": 0, "value": value, "op": "SCMP_CMP_EQ"} for value in (1, 2)]
    rule = {"names": ["socket"], "action": "SCMP_ACT_ALLOW", "args": either}
    file = tmp_path / "p.json"
    file.write_text(json.dumps({"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [rule]}))
    assert "because arg0 == 1 or arg0 == 2." in profile("explain", file, "socket", 1, *AMD64)[1]
    out = profile("why", "socket(3, 1, 0) = -1 EPERM", "--profile", file, *AMD64)[1]
    assert "allows it only where arg0 == 1 or arg0 == 2." in out
