"""The simulator against real containers: a program in one makes the calls, and gets the simulated results.

The probed calls are denied in every case, with a unique errno where a rule's conditions hold, so that none of them is
ever executed.
"""

import json
import random
from typing import Any

import pytest

from runner.engine.api import Engine
from runner.lab.model.container import ContainerSpec
from runner.profile.calls.call import Call
from runner.profile.calls.syscalls import all_calls, arch, never_filtered_calls, of_number
from runner.profile.capabilities import ALL_CAPABILITIES
from runner.profile.filter.simulate import Filter, compile_filter
from runner.profile.history.runtime_needs import GO_RUNTIME, base
from runner.profile.importers.imported import ARCH_MAP
from runner.profile.model import Operator, Target
from runner.profile.resolve import resolve
from runner.profile.source.reader import read_profile
from runner.profile.version import Version

pytestmark = pytest.mark.engine

PROBE = r"""
for my $probe (@ARGV) {
    my ($number, @args) = map { $_ + 0 } split /,/, $probe;
    $! = 0;
    my $result = syscall($number, @args);
    print $result == -1 ? $! + 0 : 0, "\n";
}
"""
PERL_NEEDS = (
    *("access", "arch_prctl", "fadvise64", "getegid", "geteuid", "getgid", "getrandom", "ioctl", "lseek"),
    *(
        "munmap",
        "pread64",
        "prlimit64",
        "rseq",
        "rt_sigaction",
        "rt_sigprocmask",
        "set_robust_list",
        "mremap",
    ),
    *(
        "set_tid_address",
        "readlink",
        "sysinfo",
        "stat",
        "lstat",
        "getuid",
        "open",
        "readv",
        "writev",
        "uname",
    ),
)
VALUES = (0, 1, 0o777, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0x100000000, 0x1000001FF, 2**63, 2**64 - 1)
Probes = list[tuple[int, tuple[int, ...]]]


def filter_of(text: str, engine: Engine) -> Filter:
    info = engine.info
    major, minor = (int(part) for part in info.kernel.split(".")[:2])
    version = Version.of(info.version)
    target = Target(arch=info.arch, caps=ALL_CAPABILITIES, kernel=(major, minor), engine=version)
    oci = resolve(read_profile(text).profile, target)
    assert oci is not None
    return compile_filter(oci, info.arch, runtime=Version.of(info.runtime_version), kernel=(major, minor))


def errnos_in_container(engine: Engine, text: str, probes: Probes) -> list[int]:
    words = [",".join(str(value) for value in (number, *args)) for number, args in probes]
    spec = ContainerSpec(
        command=("perl", "-e", PROBE, *words), cap_add=("ALL",), security_opt=("apparmor=unconfined",)
    )
    completed = engine.run(spec, seccomp=text, timeout=60)
    assert completed.status == 0, completed.output
    return [int(line) for line in completed.output.split()]


def profile_with(rules: list[dict[str, Any]], *, listed: bool = True) -> str:
    arch_map = [{"architecture": e.architecture, "subArchitectures": e.sub_architectures} for e in ARCH_MAP]
    return json.dumps(
        {
            "defaultAction": "SCMP_ACT_ERRNO",
            **({"archMap": arch_map} if listed else {}),
            "syscalls": [{"names": sorted(allowed_names()), "action": "SCMP_ACT_ALLOW"}, *rules],
        }
    )


def allowed_names() -> set[str]:
    return {*GO_RUNTIME, *PERL_NEEDS, *base(None)}


@pytest.mark.parametrize("seed", range(2))
def test_a_program_in_a_container_sees_what_the_simulator_says(engine: Engine, seed: int) -> None:
    """Every call that is not needed to run, with conditions, boundaries and 64-bit tricks."""
    if engine.info.arch != "amd64":
        pytest.skip("the probe's needs are known for amd64")
    rng = random.Random(seed)  # noqa: S311 - repeatable probes, no secret
    abi = arch("amd64")
    unfit = {*allowed_names(), *never_filtered_calls(abi), "exit"}
    calls = [call for call in all_calls(abi) if call.name not in unfit]
    rules, probes = [], []
    for position, call in enumerate(calls):
        indexes = rng.sample(range(3), rng.choice((0, 1, 1, 2)))
        args = [
            {
                "index": index,
                "value": rng.choice(VALUES),
                "valueTwo": rng.choice(VALUES),
                "op": rng.choice(list(Operator)).value,
            }
            for index in indexes
        ]
        if call.known and position % 4:
            rules.append(
                {"names": [call.name], "action": "SCMP_ACT_ERRNO", "errnoRet": 1000 + position, "args": args}
            )
        for _ in range(6 if args else 1):
            values = [rng.choice(VALUES) for _ in range(6)]
            for arg in args:
                values[arg["index"]] = (arg["value"] + rng.choice((0, 0, 1, -1, 2**32, -(2**32)))) % 2**64
            probes.append((call.number, tuple(values)))
    probes += [(number, (0,) * 6) for number in (*range(470, 500), 1000, 100000)]
    text = profile_with(rules)
    filter_ = filter_of(text, engine)
    decisions = [filter_.decide(Call(abi, of_number(number, abi), args)) for number, args in probes]
    assert {decision.action for decision in decisions} == {"errno"}, "a probe must never be executed"
    expected = [decision.errno_number for decision in decisions]
    assert len(probes) > 1000
    assert len(set(expected)) > 100
    seen = errnos_in_container(engine, text, probes)
    assert [row for row in zip(probes, expected, seen, strict=True) if row[1] != row[2]] == []


def test_a_profile_without_architectures_gets_the_stub_that_this_runc_gives(engine: Engine) -> None:
    text = profile_with([], listed=False)
    filter_ = filter_of(text, engine)
    abi = arch(engine.info.arch)
    probes: Probes = [(1000, (0,) * 6)]
    expected = [filter_.decide(Call(abi, of_number(1000, abi), (0,) * 6)).errno_number]
    assert errnos_in_container(engine, text, probes) == expected


@pytest.mark.parametrize("action", ["SCMP_ACT_KILL", "SCMP_ACT_TRAP", "SCMP_ACT_KILL_PROCESS"])
def test_a_deadly_action_ends_the_program_with_status_159(engine: Engine, action: str) -> None:
    text = profile_with([{"names": ["chmod"], "action": action}])
    decision = filter_of(text, engine).decide(Call(arch("amd64"), of_number(90, arch("amd64")), (0,) * 6))
    assert decision.action in ("kill_thread", "trap", "kill_process")
    spec = ContainerSpec(command=("perl", "-e", PROBE, "90,0,0"), cap_add=("ALL",))
    assert engine.run(spec, seccomp=text, timeout=30).status == 159
