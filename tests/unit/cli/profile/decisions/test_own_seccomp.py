"""`runner.cli.profile.decisions.why`: what a program's own seccomp did."""

import json

from runner.errors import ExitCode

STRICT = """\
10:00:01.000001 prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT) = 0
10:00:01.000002 write(1, "x", 1) = 1
10:00:01.000003 getpid() = ?
10:00:01.000004 +++ killed by SIGKILL +++
"""
FILTER = """\
7  seccomp(SECCOMP_SET_MODE_FILTER, 0, {len=6, filter=0x7ffd1}) = 0
7  openat(AT_FDCWD, "/y", O_RDONLY) = -1 EACCES (Permission denied)
7  openat(AT_FDCWD, "/y", O_RDONLY) = -1 EACCES (Permission denied)
7  write(1, "x", 1) = 1
7  getpid() = 39
7  +++ killed by SIGSYS (core dumped) +++
"""


def test_a_program_that_put_itself_under_seccomp_is_told_from_the_profile(profile, tmp_path):
    (tmp_path / "strict.log").write_text(STRICT)
    code, out, _ = profile("why", tmp_path / "strict.log", "--arch", "amd64")
    assert code == ExitCode.OK
    assert "default denies nothing" in out
    assert "line 3: The program had put itself into seccomp's strict mode" in out
    (tmp_path / "filter.log").write_text(FILTER)
    out = profile("why", tmp_path / "filter.log", "--arch", "amd64")[1]
    assert (
        "line 2, 2 times: openat failed with EACCES after the program had installed a seccomp filter" in out
    )
    assert (
        "line 5: The program had installed a seccomp filter of its own, beside the profile: that stopped getpid"
        in out
    )
    assert "Not seccomp" not in out
    report = json.loads(profile("why", tmp_path / "filter.log", "--arch", "amd64", "--json")[1])
    assert report["ownFilter"]
    assert [(own["name"], own["count"], own["certain"]) for own in report["own"]] == [
        ("openat", 2, False),
        ("getpid", 1, True),
    ]


def test_a_filter_of_its_own_that_stopped_nothing_is_mentioned(profile):
    out = profile("why", "seccomp(SECCOMP_SET_MODE_FILTER, 0, {len=6}) = 0", "--arch", "amd64")[1]
    assert "The program has installed a seccomp filter of its own, which can make any call fail." in out
