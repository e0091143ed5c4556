from pathlib import Path

import pytest

from runner.engine.private.failures import TOO_SLOW, start_failure

LOG = Path("/run/ours/engine.log")


@pytest.mark.parametrize(
    ("log", "said", "remedy"),
    [
        (
            "[rootlesskit:parent] error: failed to start the child: fork/exec /proc/self/exe: operation not permitted",
            "fork/exec",
            "sysctl",
        ),
        (
            "[rootlesskit:parent] error: failed to setup UID/GID map: newuidmap 7 [0 7 1] failed: : exit status 1",
            "newuidmap",
            "setuid",
        ),
        (
            'time="x" level=fatal msg="write /x: no space left on device"',
            "write /x: no space left",
            "free some space",
        ),
        (
            "failed to start daemon: error initializing graphdriver: driver not supported",
            "graphdriver",
            "WORKSHOP_ENGINE_DIR",
        ),
        (
            "error: cannot enclose the private engine: [Errno 1]",
            "enclose the private engine",
            "outside",
        ),
    ],
)
def test_a_known_cause_has_its_own_remedy(log: str, said: str, remedy: str) -> None:
    error = start_failure(log, LOG)
    assert said in str(error)
    assert remedy in error.remedy


def test_rootlesskits_end_is_reported_only_without_other_causes() -> None:
    ended = (
        "[rootlesskit:child ] error: command [python -m enclosure] exited: exit status 1\n"
        "[rootlesskit:parent] error: child exited: exit status 1"
    )
    assert str(start_failure(f"failed to start containerd: {TOO_SLOW}\n{ended}", LOG)).endswith(TOO_SLOW)
    assert "exit status 1" in str(start_failure(ended, LOG))


def test_a_long_logs_errors_are_reported() -> None:
    chatter = 'time="x" level=info msg="all is well"\n' * 50
    error = start_failure(f'{chatter}time="x" level=error msg="it \\"broke\\""\n{chatter}', LOG)
    assert str(error) == 'the private engine did not start: it "broke"'
    assert str(LOG) in error.remedy


def test_the_end_of_a_log_without_errors_is_reported() -> None:
    assert str(start_failure("one\ntwo\nthree\nfour\n", LOG)).endswith("two | three | four")


def test_an_empty_log_is_reported_too() -> None:
    assert "printed nothing" in str(start_failure("", LOG))
