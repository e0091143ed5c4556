"""Importing: what each format means, where its faults are, and that no text does worse than a clear error."""

import itertools
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from runner.errors import ExitCode, UsageError, WorkshopError
from runner.profile.calls.call import parse_call
from runner.profile.filter.simulate import compile_filter
from runner.profile.importers import FORMATS, detect, import_profile
from runner.profile.model import Action, Arg, Operator, Profile, Target
from runner.profile.resolve import resolve
from runner.profile.simulation import decide
from runner.profile.source.reader import read_profile
from runner.profile.source.writer import write_profile


def verdict(profile: Profile, *words: str, arch: str = "amd64") -> str:
    oci = resolve(profile, Target(arch=arch))
    assert oci is not None
    decision = compile_filter(oci, arch).decide(parse_call(words, arch))
    return decision.errno or decision.action


def allowed(profile: Profile) -> set[str]:
    return {name for rule in profile.rules if rule.action is Action.ALLOW for name in rule.names}


@pytest.mark.parametrize(
    "text",
    [
        "read\nclose\n",
        "read, close",
        "# what cat needs\nread close // both\n\n; nothing\n",
        "\"read\",\n'close',\n",
        "[read, close]",
    ],
)
def test_lists_of_names_in_all_their_forms(text: str) -> None:
    profile = import_profile(text, "names").profile
    assert allowed(profile) == {"read", "close"}
    assert verdict(profile, "read") == "allow"
    assert verdict(profile, "write") == "EPERM"


def test_an_unknown_name_is_kept_and_said() -> None:
    imported = import_profile("read\nraed\n")
    assert "raed" in allowed(imported.profile)
    assert imported.notes == ("line 2: unknown system call 'raed'; the runtime will leave it out",)


def test_a_word_that_is_no_name_is_an_error_with_its_line() -> None:
    with pytest.raises(UsageError, match="line 2"):
        import_profile("read\nOpen-At\n", "names")


def test_an_lxc_policy_of_numbers() -> None:
    profile = import_profile("1\nwhitelist\n0\n1\n92\n").profile
    assert allowed(profile) == {"read", "write", "chown"}
    assert verdict(profile, "chown") == "allow"
    assert verdict(profile, "chmod") == "kill_thread"


LXC = """2
denylist errno 5
[all]
reject_force_umount  # comment in the old style
kexec_load errno 1
chmod errno 38 [1,0x1ff,SCMP_CMP_EQ]
chown allow
ioctl errno 13 [1,0x5412,SCMP_CMP_MASKED_EQ,0xffffffff]
socket errno 97 [0,16,==] [2,9,>=]
[x86]
open errno 1
[arm64]
fchmodat trap
"""


def test_an_lxc_policy_of_names_with_its_defaults_conditions_and_architectures() -> None:
    imported = import_profile(LXC)
    profile = imported.profile
    assert (profile.default_action, profile.default_errno) == (Action.ERRNO, 5)
    assert Arg(1, 0xFFFFFFFF, Operator.MASKED_EQ, 0x5412) in profile.rules[4].args
    assert verdict(profile, "umount2", "0", "1") == "EACCES"
    assert verdict(profile, "umount2", "0", "2") == "EIO"
    assert verdict(profile, "kexec_load") == "EPERM"
    assert verdict(profile, "chmod", "0", "0777") == "ENOSYS"
    assert verdict(profile, "chmod", "0", "0776") == "EIO"
    assert verdict(profile, "chown") == "allow"
    assert verdict(profile, "ioctl", "0", "0xf00005412") == "EACCES"
    assert verdict(profile, "socket", "AF_NETLINK", "0", "8") == "EIO"
    assert verdict(profile, "socket", "AF_NETLINK", "0", "NETLINK_AUDIT") == "EAFNOSUPPORT"
    assert verdict(profile, "open") == "EIO"
    assert verdict(profile, "fchmodat", arch="arm64") == "trap"
    assert verdict(profile, "fchmodat") == "ENOSYS"
    assert any("[x86]" in note for note in imported.notes)


@pytest.mark.parametrize(("style", "outcome"), [("allowlist", "kill_thread"), ("denylist", "allow")])
def test_what_an_lxc_policy_does_with_calls_it_does_not_name(style: str, outcome: str) -> None:
    profile = import_profile(f"2\n{style}\nread\n").profile
    assert verdict(profile, "write") == outcome
    assert verdict(profile, "read") == ("allow" if style == "allowlist" else "kill_thread")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("3\nallowlist\n", 1),
        ("2\nsomelist\n", 2),
        ("1\ndenylist\n5\n", 2),
        ("1\nallowlist\nread\n", 3),
        ("2\nallowlist explode\n", 2),
        ("2\nallowlist\nread explode\n", 3),
        ("2\nallowlist\nread errno\n", 3),
        ("2\nallowlist\nread errno 5000\n", 3),
        ("2\nallowlist\n[vax]\n", 3),
        ("2\nallowlist\nread allow [6,1,SCMP_CMP_EQ]\n", 3),
        ("2\nallowlist\nread allow [1,1]\n", 3),
        ("2\nallowlist\nread allow [1,99999999999999999999,==]\n", 3),
    ],
)
def test_a_fault_in_an_lxc_policy_is_found_on_its_line(text: str, line: int) -> None:
    with pytest.raises(UsageError, match=f"line {line},"):
        import_profile(text, "lxc")


STRACE_COUNT = """\
% time     seconds  usecs/call     calls    errors syscall
------ ----------- ----------- --------- --------- ----------------
 42.31    0.000011           5         2           openat
 30.77    0.000008           8         1         1 faccessat2
  0.00    0.000000           0         3           syscall_0x1c4
------ ----------- ----------- --------- --------- ----------------
100.00    0.000026           4         6         1 total
"""


def test_the_table_of_strace() -> None:
    assert allowed(import_profile(STRACE_COUNT).profile) == {"openat", "faccessat2", "fchmodat2"}


STRACE = """\
execve("/bin/cat", ["cat", "write(1)"], 0x7ffd /* 10 vars */) = 0
[pid  4711] openat(AT_FDCWD, "/etc/passwd", O_RDONLY) = 3
4712  12:30:01.000001 read(3, "root:x", 4096) = 6
1700000000.5 futex(0x1, FUTEX_WAIT, 0, NULL <unfinished ...>
[pid  4711] <... nanosleep resumed>NULL) = 0
--- SIGCHLD {si_signo=SIGCHLD} ---
strace: Process 4713 attached
exit_group(0)                           = ?
+++ exited with 0 +++
"""


def test_a_log_of_strace_with_processes_times_and_resumed_calls() -> None:
    names = {"execve", "openat", "read", "futex", "nanosleep", "exit_group"}
    assert allowed(import_profile(STRACE).profile) == names


AUDIT = """\
audit: type=1326 audit(1700000000.123:42): auid=1000 uid=0 comm="chmod" exe="/bin/chmod" sig=0 arch=c000003e syscall=90 compat=0 ip=0x7f code=0x7ffc0000
type=SECCOMP msg=audit(1700000000.2:43): comm="x" arch=40000003 syscall=15 compat=1 code=0x7ffc0000
type=SECCOMP msg=audit(10/10/2026 10:00:00.2:43) : comm=x arch=aarch64 syscall=fchmodat code=log
type=SYSCALL msg=audit(1.1:1): arch=c000003e syscall=59 success=yes
"""  # noqa: E501 - a record is one line


def test_audit_records_by_their_own_architecture() -> None:
    imported = import_profile(AUDIT)
    assert allowed(imported.profile) == {"chmod", "fchmodat"}
    assert any("limits its log" in note for note in imported.notes)


def test_an_oci_configuration_keeps_errnos_and_conditions() -> None:
    config = {
        "ociVersion": "1.0.2",
        "process": {},
        "linux": {
            "seccomp": {
                "defaultAction": "SCMP_ACT_ERRNO",
                "defaultErrnoRet": 13,
                "architectures": ["SCMP_ARCH_X86_64"],
                "syscalls": [
                    {"names": ["read"], "action": "SCMP_ACT_ALLOW"},
                    {
                        "names": ["personality"],
                        "action": "SCMP_ACT_ALLOW",
                        "args": [{"index": 0, "value": 8, "op": "SCMP_CMP_EQ"}],
                    },
                    {"names": ["clone3"], "action": "SCMP_ACT_ERRNO", "errnoRet": 38},
                ],
            }
        },
    }
    profile = import_profile(json.dumps(config)).profile
    assert verdict(profile, "personality", "8") == "allow"
    assert verdict(profile, "personality", "9") == "EACCES"
    assert verdict(profile, "clone3") == "ENOSYS"


def test_podmans_names_of_errnos_count_as_numbers() -> None:
    text = json.dumps(
        {
            "defaultAction": "SCMP_ACT_ERRNO",
            "defaultErrnoRet": 1,
            "defaultErrno": "ENOSYS",
            "syscalls": [
                {"names": ["read"], "action": "SCMP_ACT_ALLOW"},
                {"names": ["bdflush"], "action": "SCMP_ACT_ERRNO", "errnoRet": 38, "errno": "EPERM"},
                {"names": ["chmod"], "action": "SCMP_ACT_ERRNO", "errno": "EACCES"},
            ],
        }
    )
    profile = import_profile(text).profile
    assert profile.default_errno == 38
    assert verdict(profile, "chmod") == "EACCES"
    assert verdict(profile, "chown") == "ENOSYS"


def test_an_operators_manifest_with_errnos_as_text() -> None:
    text = """\
apiVersion: security-profiles-operator.x-k8s.io/v1beta1
kind: SeccompProfile
metadata: {name: p}
spec:
  baseProfileName: runc
  defaultAction: SCMP_ACT_ERRNO
  syscalls:
    - {action: SCMP_ACT_ALLOW, names: [read]}
    - {action: SCMP_ACT_ERRNO, names: [chmod], errnoRet: "13"}
"""
    imported = import_profile(text)
    assert verdict(imported.profile, "chmod") == "EACCES"
    assert any("runc" in note for note in imported.notes)


def test_systemds_settings() -> None:
    profile = import_profile(
        "[Service]\nSystemCallErrorNumber=EACCES\nSystemCallFilter=read write chmod\n"
        "SystemCallFilter=~chmod\nSystemCallFilter=~clone3:ENOSYS\nSystemCallFilter=~ptrace:kill\n"
    ).profile
    assert [verdict(profile, name) for name in ("read", "chmod", "clone3", "ptrace", "execve")] == [
        *("allow", "EACCES", "ENOSYS", "kill_process", "allow"),
    ]


@pytest.mark.parametrize(
    ("text", "form"),
    [
        (STRACE_COUNT, "evidence"),
        (STRACE, "evidence"),
        (AUDIT, "evidence"),
        (LXC, "lxc"),
        ("1\nwhitelist\n0\n", "lxc"),
        ('{"ociVersion": "1.0.2"}', "oci"),
        ('{"defaultAction": "SCMP_ACT_ALLOW"}', "podman"),
        ("SystemCallFilter=read\n", "systemd"),
        ("read\nwrite\n", "names"),
        ('["read", "write"]', "names"),
        ("read(2)\nwrite\n", "names"),
        ("[  59] execve(0x1) = 0\n", "evidence"),
        ("[ Process PID=12 runs in 32 bit mode. ]\nread(3) = 0\n", "evidence"),
        ('{"MESSAGE": "audit: type=1326"}', "evidence"),
        ('{"log": "read(3) = 0\\n", "stream": "stderr"}', "evidence"),
        ('{"kind": "SeccompProfile", "spec": {"defaultAction": "SCMP_ACT_ERRNO"}}', "held"),
        ("services:\n  a:\n    security_opt: [seccomp=p.json]\n", "held"),
        ('[{"HostConfig": {"SecurityOpt": ["seccomp={}"]}}]', "held"),
        ('{"names": ["read"]}', "podman"),
    ],
)
def test_the_format_is_recognised(text: str, form: str) -> None:
    assert detect(text) == form


def test_what_is_written_after_an_import_reads_back_and_decides_the_same() -> None:
    text = write_profile(import_profile(LXC).profile)
    assert decide(text, "chmod", ("/x", "0777")).errno == "ENOSYS"
    assert decide(text, "mknod").errno == "EIO"


def test_a_text_of_blanks_is_refused_in_time() -> None:
    """Recognising a format takes time in proportion to the text, also where nothing is in it."""
    for text in (
        "\n" * 300_000,
        " " * 300_000 + "x!",
        "1 " * 100_000,
        "SystemCallFilter=" + " " * 300_000 + "!x !",
    ):
        with pytest.raises(UsageError):
            import_profile(text)


def test_aliases_in_a_manifest_that_would_expand_without_end_are_refused() -> None:
    lines = ["kind: SeccompProfile", "a: &a [x,x,x,x,x,x,x,x,x]"]
    names = "abcdefghijklm"
    lines += [f"{new}: &{new} [{','.join(['*' + old] * 9)}]" for old, new in itertools.pairwise(names)]
    lines.append("spec: {defaultAction: SCMP_ACT_ALLOW, syscalls: *m}")
    with pytest.raises(UsageError, match="expands to more"):
        import_profile("\n".join(lines), "operator")


def test_an_alias_in_a_manifest_stands_for_its_value() -> None:
    text = (
        "x: &names [read, write]\nkind: SeccompProfile\nmetadata: {name: p}\n"
        "spec: {defaultAction: SCMP_ACT_ERRNO, syscalls: [{names: *names, action: SCMP_ACT_ALLOW}]}\n"
    )
    assert allowed(import_profile(text).profile) == {"read", "write"}


FRAGMENTS = st.sampled_from(
    [
        *(
            "read",
            "2\n",
            "1\nallowlist\n",
            "denylist",
            "[x86]",
            "[1,2,==]",
            "errno 5",
            "% time seconds syscall\n",
        ),
        *(
            "type=1326 ",
            "arch=c000003e ",
            "arch=zz",
            "syscall=90",
            "syscall=-1",
            "syscall=99999999999",
            "kind: ",
        ),
        *(
            "SeccompProfile\n",
            "spec: {",
            "}",
            "{",
            '"ociVersion": 1',
            "SystemCallFilter=~",
            ":kill",
            "@x",
            "&a [*a",
        ),
        *(
            "\n",
            " ",
            "\t",
            "\0",
            "syscall_0xffffffff(",
            "<... read resumed>",
            "99 1.0 1 1 1 read\n",
            "!!python/x",
        ),
    ]
)


@pytest.mark.parametrize(
    "text",
    [
        '{"DefaultAction": "SCMP_ACT_ALLOW", "Syscalls": [{"names": ["read"], "action": "SCMP_ACT_LOG"}]}',
        '{"defaultAction": "SCMP_ACT_ALLOW", "x": ' + "1" * 5000 + "}",
    ],
    ids=["keys in another case", "a number of 5000 digits"],
)
def test_a_podman_profile_is_read_as_docker_reads_its_own(text: str) -> None:
    assert import_profile(text, "podman").profile == read_profile(text).profile


@pytest.mark.parametrize("text", ["null", "{}", '{"names": ["read"]}', '{"architectures": []}', "[]"])
def test_json_without_a_default_action_gives_no_profile(text: str) -> None:
    """An engine would take it for "no seccomp at all"."""
    with pytest.raises(UsageError, match=r"no defaultAction|no profile|no system call|are no system call"):
        import_profile(text)


def test_keys_that_are_not_understood_are_named() -> None:
    with pytest.raises(UsageError, match='"names", "verdict"'):
        import_profile('{"names": ["read"], "verdict": 1}')


def test_what_docker_ignores_in_a_profile_is_said() -> None:
    text = '{"defaultAction": "SCMP_ACT_ERRNO", "sycalls": []}'
    assert any("sycalls" in note for note in import_profile(text).notes)


def test_a_wrong_number_in_an_lxc_policy_is_said_and_the_rest_goes_on() -> None:
    imported = import_profile("1\nallowlist\n0\n1\n1024\n92\n")
    assert allowed(imported.profile) == {"read", "write", "chown"}
    assert [(unused.line, unused.text) for unused in imported.unused] == [(5, "1024")]


def test_a_wrong_word_in_a_list_is_said_and_the_rest_goes_on() -> None:
    imported = import_profile("read\nwrite\nOpen-At\n", "names")
    assert allowed(imported.profile) == {"read", "write"}
    assert [unused.line for unused in imported.unused] == [3]


def test_a_systemd_setting_over_several_lines_and_one_that_takes_all_back() -> None:
    profile = import_profile(
        "SystemCallFilter=read\nSystemCallFilter=\nSystemCallErrorNumber=EPERM\nSystemCallFilter=write \\\n  close\n"
    ).profile
    assert [verdict(profile, name) for name in ("read", "write", "close")] == ["EPERM", "allow", "allow"]


@pytest.mark.parametrize("form", ["auto", *FORMATS])
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(text=st.one_of(st.text(max_size=200), st.lists(FRAGMENTS, max_size=12).map("".join)))
def test_any_text_is_a_profile_or_one_clear_error(form: str, text: str) -> None:
    """An error says what is wrong, and ends the command with the exit code for bad input."""
    problem = None
    try:
        import_profile(text, form)
    except WorkshopError as error:
        problem = error
    if problem is not None:
        assert problem.exit_code is ExitCode.USAGE
        assert len(str(problem).splitlines()) == 1
