"""The parts of a profile that runc of each version accepts, ignores and refuses."""

import json
from typing import Any

import pytest

from runner.profile.calls.syscalls import arch
from runner.profile.errors import ProfileError
from runner.profile.history.runtime import refusals
from runner.profile.model import Target
from runner.profile.resolve import resolve
from runner.profile.simulation import Simulation
from runner.profile.source.reader import read_profile
from runner.profile.version import Version

ALLOW, ERRNO, NOTIFY = "SCMP_ACT_ALLOW", "SCMP_ACT_ERRNO", "SCMP_ACT_NOTIFY"


def simulation(profile: dict[str, Any], runtime: str = "") -> Simulation:
    target = Target(runtime=Version.of(runtime) if runtime else None)
    return Simulation.of_text(json.dumps(profile), target, file="p.json")


def rule(*names: str, action: str = ERRNO, **more: Any) -> dict[str, Any]:
    return {"names": list(names), "action": action, **more}


@pytest.mark.parametrize(
    ("profile", "reason"),
    [
        ({"defaultAction": NOTIFY, "listenerPath": "/x"}, "cannot be the default"),
        (
            {
                "defaultAction": ALLOW,
                "listenerPath": "/x",
                "syscalls": [rule("read", "write", action=NOTIFY)],
            },
            "write cannot be handed",
        ),
        ({"defaultAction": ALLOW, "syscalls": [rule("read", action=NOTIFY)]}, "listenerPath is not set"),
        ({"defaultAction": ALLOW, "flags": ["X"]}, "'X' is not a flag"),
        ({"defaultAction": ALLOW, "architectures": ["SCMP_ARCH_SH"]}, "SCMP_ARCH_SH.*not a valid arch"),
        ({"defaultAction": ALLOW, "architectures": ["SCMP_ARCH_S390X"]}, "other byte order"),
        ({"defaultAction": ALLOW, "syscalls": [rule("chmod", "")]}, "empty string"),
        (
            {
                "defaultAction": ALLOW,
                "syscalls": [rule("chmod", args=[{"index": 2**32, "op": "SCMP_CMP_EQ", "value": 5}])],
            },
            "argument 4294967296",
        ),
        ({"defaultAction": ALLOW, "syscalls": [rule("chmod", errnoRet=4095)]}, "chmod"),
    ],
)
def test_profiles_that_every_runc_refuses_get_no_answer(profile: dict[str, Any], reason: str) -> None:
    with pytest.raises(ProfileError, match=rf"p\.json.*{reason}"):
        simulation(profile)


@pytest.mark.parametrize(
    ("profile", "first", "last"),
    [
        (
            {"defaultAction": ALLOW, "syscalls": [rule("chmod", action="SCMP_ACT_LOG")]},
            "1.0.0-rc9",
            "1.0.0-rc8",
        ),
        (
            {"defaultAction": ALLOW, "listenerPath": "/x", "syscalls": [rule("chmod", action=NOTIFY)]},
            "1.1.0",
            "1.0.3",
        ),
        (
            {"defaultAction": ALLOW, "syscalls": [rule("chmod", action="SCMP_ACT_KILL_PROCESS")]},
            "1.1.3",
            "1.1.2",
        ),
        ({"defaultAction": "SCMP_ACT_KILL_THREAD"}, "1.1.3", "1.1.2"),
        ({"defaultAction": ALLOW, "flags": ["SECCOMP_FILTER_FLAG_LOG"]}, "1.2.0", "1.1.15"),
        (
            {"defaultAction": ALLOW, "flags": ["SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV"]},
            "1.5.0",
            "1.4.3",
        ),
        ({"defaultAction": ALLOW, "syscalls": [rule("chmod", action=ALLOW)]}, "1.0.2", "1.0.1"),
        ({"defaultAction": ALLOW, "architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_X32"]}, "1.0.0-rc8", ""),
    ],
)
def test_features_newer_than_a_runc_are_refused_and_accepted_from_then_on(
    profile: dict[str, Any], first: str, last: str
) -> None:
    simulation(profile, first)
    if last:
        with pytest.raises(ProfileError):
            simulation(profile, last)


def test_a_flag_needs_its_libseccomp_too() -> None:
    profile = {"defaultAction": ALLOW, "flags": ["SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV"]}
    oci = resolve(read_profile(json.dumps(profile)).profile, Target())
    assert oci is not None
    current = Version.of("1.5.1")
    assert not list(refusals(oci, arch("amd64"), current, Version.of("2.6.0")))
    (refusal,) = refusals(oci, arch("amd64"), current, Version.of("2.5.4"))
    assert "libseccomp 2.6.0" in refusal.reason


def test_errnos_that_an_old_runc_ignores_are_eperm() -> None:
    profile = {
        "defaultAction": ERRNO,
        "defaultErrnoRet": 38,
        "syscalls": [rule("chmod", errnoRet=13), rule("openat", action=ALLOW)],
    }

    def errnos(runtime: str) -> list[str]:
        run = simulation(profile, runtime)
        return [run.decide(run.call((name,))).errno for name in ("chmod", "chown")]

    assert errnos("1.0.0-rc95") == ["EACCES", "ENOSYS"]
    assert errnos("1.0.0-rc94") == ["EACCES", "EPERM"]
    with pytest.raises(ProfileError):
        errnos("1.0.0-rc90")  # chmod's EPERM is the default then, and that runc refuses it


def test_only_from_rc93_on_a_newer_call_is_unknown_instead_of_denied() -> None:
    profile = {
        "defaultAction": ERRNO,
        "architectures": ["SCMP_ARCH_X86_64"],
        "syscalls": [rule("openat", action=ALLOW)],
    }
    for runtime, errno in (("1.0.0-rc92", "EPERM"), ("1.0.0-rc93", "ENOSYS"), ("1.0.0", "ENOSYS")):
        run = simulation(profile, runtime)
        assert run.decide(run.call(("statx",))).errno == errno


@pytest.mark.parametrize("errno", [65537, 65536 + 4094])
def test_an_errno_is_cut_to_16_bits(errno: int) -> None:
    run = simulation({"defaultAction": ALLOW, "syscalls": [rule("chmod", errnoRet=errno)]})
    assert run.decide(run.call(("chmod",))).errno_number == errno & 0xFFFF


def test_conditions_that_the_runtime_never_looks_at_do_no_harm() -> None:
    """A rule with the default's action, and an unknown name, are skipped before their conditions are read."""
    wrong = [{"index": 6, "op": "SCMP_CMP_EQ", "value": 5}]
    run = simulation(
        {
            "defaultAction": ALLOW,
            "syscalls": [rule("chmod", action=ALLOW, args=wrong), rule("chmodd", args=wrong)],
        }
    )
    assert run.decide(run.call(("chmod", "5"))).action == "allow"


def test_a_filter_that_is_longer_than_the_kernel_takes_is_refused() -> None:
    """Conditions whose upper halves differ share nothing, so each takes several instructions."""
    rules = [
        rule("ioctl", args=[{"index": 1, "value": n << 32 | n, "op": "SCMP_CMP_EQ"}]) for n in range(1500)
    ]
    with pytest.raises(ProfileError, match=r"compiles to \d+ instructions, but the kernel takes 4096"):
        simulation({"defaultAction": ALLOW, "syscalls": rules})
