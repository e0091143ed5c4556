"""`runner.profile.evidence.messages.deaths`: messages about a process that seccomp killed."""

from time import process_time

import pytest

from runner.profile.evidence import read_evidence
from runner.profile.evidence.messages import told
from tests.unit.profile.evidence.reading import AMD64


@pytest.mark.parametrize(
    "message",
    [
        "container exited with code 159",
        "Exit Code: 159",
        "      Exit Code:    159",
        '        "ExitCode": 159,',
        "command terminated with exit code 159",
        "Exited (159) 3 minutes ago",
        "x.service: Main process exited, code=killed, status=31/SYS",
        "Fatal signal 31 (SIGSYS), code 1 (SYS_SECCOMP)",
        "signal: bad system call (core dumped)",
        "2024/01/01 build failed: signal: bad system call",
        "nginx: [alert] 1#1: worker process 7 exited on signal 31 (core dumped)",
        "command terminated by signal 31",
        "make: *** [Makefile:3: all] Error 159",
        "make[2]: *** [x] Error 159",
        "subprocess.CalledProcessError: Command 'x' returned non-zero exit status -31.",
        "exitcode: -31",
        "process exited with status -31",
        "      Signal:       31",
        '"signal": 31,',
        "uWSGI worker 1 died, killed by signal 31 :(",
        '{"StatusCode":159}',
        "returned a non-zero code: 159",
        "zsh: invalid system call  ./x",
        'audit: type=1701 audit(1.1:1): auid=0 uid=0 pid=7 comm="a" exe="/a" sig=31 res=1',
    ],
)
def test_a_death_that_names_no_call_is_no_denial_of_one(message: str) -> None:
    found = told(message)
    assert found is not None
    assert (found.calls, found.refused) == ((), False)
    assert "killed" in found.meaning
    assert read_evidence(message, AMD64).messages


@pytest.mark.parametrize(
    "message",
    [
        "got 31 signals",
        "exited on signal 310",
        "make: *** [x] Error 1590",
        "wifi signal: 31 %",
        "received signal 31 dBm",
        "the railway signal 31 is red",
        "error code -31",
        "postcode: 159",
        "unicode 159",
        "backup finished with exit code 159 files",
        "status: 159 rows",
    ],
)
def test_other_numbers_are_no_death_by_seccomp(message: str) -> None:
    assert told(message) is None


@pytest.mark.parametrize(
    "part",
    [
        "exit",
        "make: *** ",
        "seccomp sandbox violation: ",
        "runc: not permitted ",
        "not permitted set",
        "SECCOMP auid=",
    ],
)
def test_a_line_of_any_length_takes_no_longer_for_each_character(part: str) -> None:
    def seconds(characters: int) -> float:
        begin = process_time()
        read_evidence(part * (characters // len(part)), AMD64)
        return process_time() - begin

    # The square of sixteen would be 256.
    assert min(seconds(80_000) for _ in range(2)) < 80 * max(seconds(5_000), 0.005)
