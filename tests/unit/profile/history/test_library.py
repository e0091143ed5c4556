"""`runner.profile.history.library`: calls that an old libseccomp does not know are no part of the filter."""

import json

import pytest

from runner.profile import libseccomp
from runner.profile.history.library import is_known, known_since
from runner.profile.model import Target
from runner.profile.simulation import Simulation
from runner.profile.version import Version

PROFILE = json.dumps(
    {
        "defaultAction": "SCMP_ACT_ERRNO",
        "syscalls": [
            {"names": ["read", "chmod", "statx", "faccessat2", "mseal"], "action": "SCMP_ACT_ALLOW"}
        ],
    }
)


def decided(call: str, library: str | None, runtime: str | None = None) -> tuple[str, tuple[str, ...]]:
    versions = {"library": library, "runtime": runtime}
    given = {key: Version.of(text) for key, text in versions.items() if text}
    simulation = Simulation.of_text(PROFILE, Target(**given))
    decision = simulation.decide(simulation.call([call]))
    return f"{decision.action} {decision.errno}".strip(), decision.notes


@pytest.mark.parametrize(
    ("call", "library", "runtime", "expected"),
    [
        ("statx", "2.3.1", "1.0.0-rc8", "errno EPERM"),
        ("statx", "2.3.3", "1.0.0-rc8", "allow"),
        ("statx", "2.3.1", "1.2.0", "errno ENOSYS"),
        ("faccessat2", "2.4.3", "1.0.0-rc92", "errno EPERM"),
        ("faccessat2", "2.4.4", "1.0.0-rc92", "allow"),
        ("faccessat2", "2.5.0", "1.0.0-rc92", "allow"),
        ("faccessat2", None, None, "allow"),
        ("read", "2.2.0", "1.0.0-rc8", "allow"),
    ],
)
def test_the_runtime_leaves_out_what_its_library_does_not_know(
    call: str, library: str | None, runtime: str | None, expected: str
) -> None:
    action, notes = decided(call, library, runtime)
    assert action == expected
    lost = action != "allow"
    assert any(f"but libseccomp {library} does not know it" in note for note in notes) is lost


def test_a_newer_library_than_the_machines_is_not_judged_as_an_old_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if libseccomp.native_number("mseal") is not None:
        pytest.skip("this machine's libseccomp knows the call")
    (note,) = decided("mseal", "2.6.0")[1]
    assert "which libseccomp 2.6.0 knows" in note
    assert "decide it where libseccomp is newer" in note


def test_the_lists_are_of_releases_in_their_order() -> None:
    assert known_since("read") is None
    assert str(known_since("clone3")) == "2.4.2"
    assert str(known_since("riscv_hwprobe")) == "2.5.6"
    assert is_known("utimensat_time64", Version.of("2.4.2"))
    assert not is_known("utimensat_time64", Version.of("2.4.1"))
    assert is_known("close_range", Version.of("2.5"))
