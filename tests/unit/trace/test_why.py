"""`runner.trace.why`: the denied calls, the reasons, and a change that allows them."""

import json
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runner.profile.capabilities import read_capabilities
from runner.profile.evidence import read_evidence
from runner.profile.model import Target
from runner.profile.simulation import Simulation
from runner.profile.views.verdicts import FAILURES, Verdicts
from runner.trace.denial import Denial
from runner.trace.why import Answer, answer

PROFILE = """{
  "defaultAction": "SCMP_ACT_ERRNO",
  "archMap": [{"architecture": "SCMP_ARCH_X86_64", "subArchitectures": []}],
  "syscalls": [
    {"names": ["read", "access", "fchmodat2"], "action": "SCMP_ACT_ALLOW"},
    {"names": ["mount"], "action": "SCMP_ACT_ALLOW", "includes": {"caps": ["CAP_SYS_ADMIN"]}},
    {"names": ["personality"], "action": "SCMP_ACT_ALLOW", "args": [{"index": 0, "value": 8, "op": "SCMP_CMP_EQ"}]},
    {"names": ["chmod"], "action": "SCMP_ACT_KILL_PROCESS"}
  ]
}"""


def why(text: str, profile: str = PROFILE, *, caps: str = "default") -> Answer:
    simulation = Simulation.of_text(profile, Target(caps=read_capabilities(caps)), file="p.json")
    verdicts = Verdicts(simulation)
    evidence = read_evidence(text, simulation.arch, observer=verdicts, wanted=verdicts.wants, errnos=FAILURES)
    verdicts.settle(evidence)
    return answer(simulation, verdicts, evidence, logged=frozenset(("log", "kill_process")))


def _names(denials: Sequence[Denial]) -> list[str]:
    return [denial.verdict.call.syscall.name for denial in denials]


@pytest.mark.parametrize(
    ("evidence", "recorded"),
    [
        ("type=SECCOMP msg=audit(1.1:1): pid=7 arch=c000003e syscall=83 compat=0 code=0x30000\n", True),
        (
            "--- SIGSYS {si_signo=SIGSYS, si_code=SYS_SECCOMP, si_call_addr=0x7f, si_syscall=__NR_mkdir, "
            "si_arch=AUDIT_ARCH_X86_64} ---\n",
            False,
        ),
    ],
)
def test_only_the_kernels_own_record_is_one(evidence: str, *, recorded: bool) -> None:
    trap = PROFILE.replace("SCMP_ACT_KILL_PROCESS", "SCMP_ACT_TRAP").replace('"chmod"', '"mkdir"')
    found = why(evidence, trap)
    assert [denial.verdict.first.action for denial in found.denied] == ["trap"]
    assert any("The evidence has the kernel's record" in line for line in found.log) is recorded


def test_a_denied_call_has_its_reasons_and_a_change_that_was_tried() -> None:
    found = why('mount("none", "/mnt", "tmpfs", 0, NULL) = -1 EPERM (Operation not permitted)\n')
    (denial,) = found.denied
    assert denial.reasons == (
        "No rule: the default action of profile 'p.json' decides.",
        "The rule at p.json:6 (syscalls[1]) would allow it with CAP_SYS_ADMIN.",
    )
    assert (denial.allow, denial.wider) == ("mount", "")
    assert found.command == "workshop profile edit p.json --allow mount -o allowed.json"
    assert "no record" in found.log[0]


def test_an_argument_that_the_profile_looks_at_is_part_of_the_change() -> None:
    found = why("personality(PER_LINUX|ADDR_NO_RANDOMIZE) = -1 EPERM (x)\n")
    (denial,) = found.denied
    assert (denial.allow, denial.wider) == ("personality 0x40000", "")
    assert "The rule at p.json:7 (syscalls[2]) allows it only where arg0 == 8." in denial.reasons
    assert "'personality 0x40000'" in found.command


def test_a_rule_that_decides_is_named_with_its_line() -> None:
    found = why("chmod(1) = ?\n+++ killed by SIGSYS +++\n")
    (denial,) = found.denied
    assert denial.reasons[0] == "p.json:8, syscalls[3]."
    assert "writes a record" in found.log[0]


@pytest.mark.parametrize("call", ["setpgid(7, 7) = -1 EACCES (x)", "setsid() = -1 EPERM (x)"])
def test_what_shells_do_to_their_groups_twice_is_no_refusal(call: str) -> None:
    """A profile that denies the call is another matter."""
    allowing = PROFILE.replace('"chmod"', '"setpgid", "setsid"').replace(
        "SCMP_ACT_KILL_PROCESS", "SCMP_ACT_ALLOW"
    )
    found = why(f'{call}\naccess("/x", R_OK) = -1 EACCES (x)\n', allowing)
    assert [verdict.first.name for verdict in found.others] == ["access"]
    assert found.denied == ()


def test_a_failure_unrelated_to_seccomp_is_distinguished() -> None:
    found = why('access("/x", R_OK) = -1 EACCES (x)\nread(3) = -1 EBADF (x)\nread(3) = -1 EPERM (x)\n')
    assert found.denied == ()
    assert [(verdict.first.name, verdict.first.errno) for verdict in found.others] == [
        ("access", "EACCES"),
        ("read", "EPERM"),
    ]
    assert (found.command, found.log) == ("", ())


def test_a_call_of_an_architecture_that_the_profile_does_not_list() -> None:
    (denial,) = why("type=1326 audit(1.1:1): arch=40000003 syscall=3 code=0x0\n").denied
    assert "does not list the architecture" in denial.reasons[0]
    assert denial.allow == ""
    assert denial.by_hand == 'list SCMP_ARCH_X86 in p.json, under "archMap" or "architectures"'


def test_an_argument_that_the_evidence_lacks_is_reported() -> None:
    (denial,) = why("type=1326 audit(1.1:1): arch=c000003e syscall=135 code=0x50001\n").denied
    assert any("depends on argument 0" in reason for reason in denial.reasons)
    assert denial.allow == "personality"


def test_a_message_of_the_runtime_names_the_denied_calls() -> None:
    found = why(
        "runc create failed: unable to start container process: unable to apply caps: operation not permitted\n"
    )
    (reported,) = found.reported
    assert _names(reported.denied) == ["capset"]
    also = _names(reported.also)
    assert {"capget", "execve", "prctl"} <= set(also)
    assert "read" not in also
    assert (
        found.command == f"workshop profile edit p.json --allow {','.join(['capset', *also])} -o allowed.json"
    )


def test_a_message_that_names_no_call_leads_to_all_that_the_runtime_lacks() -> None:
    found = why("OCI runtime start failed: cannot start a stopped process: unknown\n")
    (reported,) = found.reported
    names = _names(reported.denied)
    assert {"execve", "prctl", "capset"} <= set(names)
    assert "read" not in names
    assert reported.also == ()
    assert f" --allow {','.join(names)} " in found.command


def test_all_calls_that_a_programs_message_may_be_about_are_allowed_together() -> None:
    found = why("chown: changing ownership of '/x': Operation not permitted\n")
    assert " --allow fchownat,chown,lchown,fchown " in found.command


def test_a_denied_call_explains_the_message_beside_it() -> None:
    found = why("lchown(1) = -1 EPERM (x)\nchown: changing ownership of '/x': Operation not permitted\n")
    assert _names(found.reported[0].denied) == ["lchown"]
    assert found.command == "workshop profile edit p.json --allow lchown -o allowed.json"


def test_a_message_about_a_refused_profile_denies_nothing() -> None:
    (reported,) = why("Decoding seccomp profile failed: json: cannot unmarshal\n").reported
    assert reported.told.refused
    assert reported.denied == ()


@pytest.mark.parametrize("profile", ["{}", '{"defaultAction": "SCMP_ACT_ALLOW"}'])
def test_a_profile_that_denies_nothing_denied_nothing(profile: str) -> None:
    found = why("mount(1) = -1 EPERM (x)\n", profile)
    assert found.denied == ()
    assert [verdict.first.name for verdict in found.others] == ["mount"]


def test_the_command_joins_everything_and_keeps_quotes() -> None:
    found = why("mount(1) = -1 EPERM (x)\nchown(1) = -1 EPERM (x)\npersonality(9) = -1 EPERM (x)\n")
    assert found.command == (
        "workshop profile edit p.json --allow mount,chown --allow 'personality 0x9' -o allowed.json"
    )
    assert all(denial.allow for denial in found.denied)
    assert found.left == ()


def test_json_of_an_answer_is_made_of_plain_values() -> None:
    found = why("mount(1) = -1 EPERM (x)\n")
    assert json.dumps([denial.reasons for denial in found.denied])


DENY_LIST = """{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [
    {"names": ["socket"], "action": "SCMP_ACT_ERRNO", "args": [
      {"index": 0, "value": 16, "op": "SCMP_CMP_EQ"}, {"index": 1, "value": 3, "op": "SCMP_CMP_EQ"}]},
    {"names": ["personality"], "action": "SCMP_ACT_ERRNO", "args": [{"index": 0, "value": 8, "op": "SCMP_CMP_GE"}]},
    {"names": ["chmod", "fchmodat2"], "action": "SCMP_ACT_ERRNO"}
  ]
}"""


def test_a_rule_on_several_arguments_gives_way_for_exactly_its_call() -> None:
    (denial,) = why("socket(AF_NETLINK, SOCK_RAW, 0) = -1 EPERM\n", DENY_LIST).denied
    assert (denial.allow, denial.wider, denial.by_hand) == ("socket 0x10 0x3", "", "")


def test_a_call_that_cannot_be_allowed_alone_is_allowed_with_its_kind_and_reported() -> None:
    found = why("personality(9) = -1 EPERM\nchmod(1) = -1 EPERM\npersonality(9) = -1 EPERM\n", DENY_LIST)
    wide, other = found.denied
    assert wide.allow == "personality"
    assert wide.wider == (
        "personality with any other arguments too: p.json:6 (syscalls[1]) leaves no room for a rule on this one alone"
    )
    assert (other.allow, other.wider) == ("chmod", "")
    assert found.command == "workshop profile edit p.json --allow personality,chmod -o allowed.json"


def test_calls_that_can_be_allowed_alone_but_not_together_are_allowed_whole_together() -> None:
    third = ', "args": [{"index": 2, "value": 5, "op": "SCMP_CMP_EQ"}]'
    also = f'{{"names": ["socket"], "action": "SCMP_ACT_ERRNO"{third}}},\n    '
    profile = DENY_LIST.replace('{"names": ["personality"]', also + '{"names": ["personality"]')
    found = why("socket(16, 3, 1) = -1 EPERM\nsocket(16, 3, 2) = -1 EPERM\n", profile)
    assert [denial.allow for denial in found.denied] == ["socket 0x10 0x3 0x1", "socket 0x10 0x3 0x2"]
    assert found.command == "workshop profile edit p.json --allow socket -o allowed.json"
    assert (found.left, found.widened) == ((), ("socket",))


def test_a_call_that_no_edit_allows_leaves_the_others_as_they_are() -> None:
    found = why("type=1326 audit(1.1:1): arch=40000003 syscall=3 code=0x0\nmount(1) = -1 EPERM\n")
    by_hand, mount = sorted(found.denied, key=lambda denial: denial.allow)
    assert (by_hand.allow, mount.allow) == ("", "mount")
    assert found.left == ("read on 386",)
    assert found.command == "workshop profile edit p.json --allow mount -o allowed.json"


PIECES = st.sampled_from(
    [
        *("mount(", "personality(", "syscall_0x", "SYS_", "type=1326 ", "arch=c000003e ", "arch=40000003 "),
        *("syscall=165 ", "syscall=4294967295 ", "code=0x0 ", ") = -1 EPERM", ") = 0", "<unfinished ...>"),
        *("<... mount resumed>", "PER_LINUX|ADDR_NO_RANDOMIZE", '"a, b"', "{x=", "]", "\n", " = ?", "\0"),
        *("--- SIGSYS {si_syscall=__NR_mount, si_arch=AUDIT_ARCH_X86_64} ---", "[pid 3<x>] ", "999999999999"),
        *(
            "operation not permitted",
            "unable to apply caps",
            "Decoding seccomp profile failed",
            "child_stack=0",
        ),
        *(
            "clone(",
            "flags=CLONE_NEWUSER",
            "0xffffffffffffffffff",
            "-1",
            "1<<99",
            "[ Process PID=3 runs in x32 mode. ]",
        ),
    ]
)


@settings(deadline=None)
@given(text=st.one_of(st.text(max_size=120), st.lists(PIECES, max_size=10).map("".join)))
def test_any_text_has_an_answer(text: str) -> None:
    found = why(text)
    for denial in found.denied:
        assert denial.verdict.denied
        assert denial.reasons
        assert bool(denial.allow) is not bool(denial.by_hand)
