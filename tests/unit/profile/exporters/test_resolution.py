"""`runner.profile.exporters.resolution`: every loss for one container is reported."""

import json

from runner.profile.capabilities import read_capabilities
from runner.profile.exporters.resolution import resolution_losses
from runner.profile.model import Target
from runner.profile.resolve import resolve
from runner.profile.source.reader import read_profile
from runner.profile.version import Version

PROFILE = {
    "defaultAction": "SCMP_ACT_ERRNO",
    "defaultErrnoRet": 38,
    "flags": ["SECCOMP_FILTER_FLAG_LOG"],
    "archMap": [
        {"architecture": "SCMP_ARCH_X86_64", "subArchitectures": ["SCMP_ARCH_X86"]},
        {"architecture": "SCMP_ARCH_AARCH64", "subArchitectures": []},
    ],
    "syscalls": [
        {"names": ["read"], "action": "SCMP_ACT_ALLOW", "comment": "why not"},
        {"names": ["mount", "umount2"], "action": "SCMP_ACT_ALLOW", "includes": {"caps": ["CAP_SYS_ADMIN"]}},
        {"names": ["ptrace"], "action": "SCMP_ACT_ALLOW", "includes": {"minKernel": "4.8"}},
        {
            "names": ["clone"],
            "action": "SCMP_ACT_ALLOW",
            "excludes": {"arches": ["s390x"], "caps": ["CAP_BPF"]},
        },
    ],
}


def losses(engine: Version | None = None) -> tuple[str, ...]:
    profile = read_profile(json.dumps(PROFILE)).profile
    target = Target(caps=read_capabilities("default"), engine=engine)
    oci = resolve(profile, target)
    assert oci is not None
    return resolution_losses(profile, oci, target)


def test_rules_conditions_comments_and_other_machines() -> None:
    assert losses() == (
        "syscalls[1], which holds only with CAP_SYS_ADMIN: SCMP_ACT_ALLOW for mount, umount2",
        "the condition of syscalls[2] (on kernel 4.8 and newer): it holds for every container now (ptrace)",
        "the condition of syscalls[3] (without CAP_BPF, not on s390x): it holds for every container now (clone)",
        "1 comment",
        "archMap's entries for other machines: SCMP_ARCH_AARCH64",
    )


def test_fields_that_an_old_engine_does_not_hand_on() -> None:
    found = losses(Version.of("20.10.24"))
    assert "defaultErrnoRet: Docker Engine 20.10.24 does not hand it on" in found
    assert "flags: Docker Engine 20.10.24 does not hand it on" in found
