"""The format of a text is detected, and the worst result for any text is a clear error."""

from time import process_time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from runner.errors import ExitCode, UsageError, WorkshopError
from runner.profile.importers import FORMATS, detect, import_profile
from tests.unit.profile.importers.samples import AUDIT, LXC, STRACE, STRACE_COUNT

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
        ("epoll_wait(5,  <detached ...>\n", "evidence"),
        ("strace: Process 7 attached\npause(^Cstrace: Process 7 detached\n", "evidence"),
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


def test_a_text_of_blanks_is_refused_in_time() -> None:
    """Detecting a format takes time in proportion to the text, also if the text is blank."""
    for text in (
        "\n" * 300_000,
        " " * 300_000 + "x!",
        "1 " * 100_000,
        "SystemCallFilter=" + " " * 300_000 + "!x !",
    ):
        with pytest.raises(UsageError):
            import_profile(text)


@pytest.mark.parametrize("form", ["auto", *FORMATS])
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(text=st.one_of(st.text(max_size=200), st.lists(FRAGMENTS, max_size=12).map("".join)))
def test_any_text_is_a_profile_or_one_clear_error(form: str, text: str) -> None:
    """An error has one line with the fault, and gives the exit code for bad input."""
    problem = None
    try:
        import_profile(text, form)
    except WorkshopError as error:
        problem = error
    if problem is not None:
        assert problem.exit_code is ExitCode.USAGE
        assert len(str(problem).splitlines()) == 1


def test_a_table_of_names_alone_is_a_table() -> None:
    imported = import_profile("syscall\n----------------\nopenat\nread\n----------------\ntotal\n")
    assert imported.read_as.startswith("the table of strace -c")
    assert imported.profile.rules[0].names == ("openat", "read")


def test_a_table_of_ausearch_is_evidence() -> None:
    row = ",SECCOMP,11/14/23,22:13:20,45,dac-decision,1,a,a,user-acct,called-seccomp-controlled-syscall,failed,chmod,,,"
    imported = import_profile(f"NODE,EVENT,DATE,TIME,SERIAL_NUM\n{row}\n")
    assert imported.read_as.startswith("audit records of seccomp: 1 of 2 lines")


def test_a_profile_amid_other_text_is_held_by_it() -> None:
    assert detect('Use this:\n\n```json\n{\n  "defaultAction": "SCMP_ACT_ALLOW"\n}\n```\n') == "held"


@pytest.mark.parametrize("part", ['\\"', '"', '"a" ', "{", '"a": {"', "\\", '"a\\\n'])
def test_the_form_of_json_is_detected_in_linear_time(part: str) -> None:
    def seconds(times: int) -> float:
        begin = process_time()
        assert detect("{" + part * times)
        return process_time() - begin

    # The square of eight would be 64.
    assert min(seconds(16_000) for _ in range(2)) < 24 * max(seconds(2_000), 0.01)
