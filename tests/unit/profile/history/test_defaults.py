"""The default profile of every engine, compared with the file that the engine's release came with."""

import hashlib
import json
from functools import lru_cache
from pathlib import Path

import pytest

from runner.content import PROFILES
from runner.errors import UsageError
from runner.profile.capabilities import ALL_CAPABILITIES, DEFAULT_CAPABILITIES
from runner.profile.filter.effective import effective
from runner.profile.history.defaults import default_of, default_profiles, default_text
from runner.profile.model import Profile, Target
from runner.profile.resolve import resolve
from runner.profile.simulation import Simulation
from runner.profile.source.reader import read_profile
from runner.profile.version import Version

RELEASES = [line.split() for line in Path(__file__).with_name("releases.txt").read_text().splitlines()]
"""Each release, and the digest of its own profile's decisions."""
ARCHES = ("amd64", "arm64", "386", "arm", "s390x", "ppc64le", "riscv64", "mips64le")
CAPS = (
    *(DEFAULT_CAPABILITIES, ALL_CAPABILITIES, frozenset[str]()),
    *(
        frozenset([f"CAP_{name}"])
        for name in ("SYS_ADMIN", "SYS_PTRACE", "BPF", "PERFMON", "SYSLOG", "SYS_NICE")
    ),
)


def digest(profile: Profile) -> str:
    """A hash of a profile's decisions for all architectures, capability sets and kernels that make a difference."""
    found = hashlib.sha256()
    for arch in ARCHES:
        for caps in CAPS:
            for kernel in ((4, 7), (6, 18)):
                oci = resolve(profile, Target(arch=arch, caps=caps, kernel=kernel))
                assert oci is not None
                view = effective(oci)
                rows = sorted((name, view.text(name)) for name in view.calls)
                whole = (str(view.default), sorted(oci.architectures), rows)
                found.update(json.dumps(whole).encode())
    return found.hexdigest()[:16]


@lru_cache(maxsize=len(RELEASES))
def digest_since(since: Version) -> str:
    return digest(read_profile(default_text(since)).profile)


@pytest.mark.parametrize(("release", "expected"), RELEASES)
def test_each_release_has_the_default_that_it_came_with(release: str, expected: str) -> None:
    assert digest_since(default_of(Version.of(release)).since) == expected


def test_todays_default_is_the_newest_ones() -> None:
    assert digest(read_profile((PROFILES / "default.json").read_text()).profile) == RELEASES[-1][1]


@pytest.mark.parametrize(
    ("engine", "since"),
    [
        *[("20.10.9", "20.10.4"), ("20.10.10", "20.10.10"), ("20.10", "20.10.26"), ("24", "24.0.3")],
        *[
            ("24.0.0", "24.0.0"),
            ("23", "23.0.10"),
            ("25.0.2", "25.0.0"),
            ("29.4.2", "29.4.2"),
            ("99", "29.4.3"),
        ],
        *[("17.03.1-ce", "17.03.0"), ("19.3", "19.03.9"), ("1.13.0-rc1", "1.12.0"), ("v28.5.2", "28.2.0")],
    ],
)
def test_an_engines_default_is_that_of_the_last_change_up_to_it(engine: str, since: str) -> None:
    assert default_of(Version.of(engine)).since == Version.of(since)


def test_before_1_11_nothing_is_known() -> None:
    with pytest.raises(UsageError, match=r"1\.10\.3 is not known"):
        default_of(Version.of("1.10.3"))


@pytest.mark.parametrize("engine", ["2", "5.4", "16.0.1", "21", "22.10"])
def test_an_engine_that_never_existed_has_no_default(engine: str) -> None:
    with pytest.raises(UsageError, match=f"there was no Docker Engine {engine}"):
        default_of(Version.of(engine))


def test_a_default_comes_with_the_fields_that_its_engine_knew() -> None:
    first = json.loads(default_text(Version.of("1.12.1")))
    assert set(first) == {"defaultAction", "architectures", "syscalls"}
    assert all(set(rule) <= {"name", "action", "args"} for rule in first["syscalls"])
    second = json.loads(default_text(Version.of("20.10.9")))
    assert set(second) == {"defaultAction", "archMap", "syscalls"}
    assert not any("errnoRet" in rule for rule in second["syscalls"])
    assert json.loads(default_text(Version.of("23.0.1")))["defaultErrnoRet"] == 1


@pytest.mark.parametrize("since", [default.since for default in default_profiles()], ids=str)
def test_every_default_can_be_used_with_its_own_engine(since: Version) -> None:
    run = Simulation.of_text(default_text(since), Target(engine=since, caps=DEFAULT_CAPABILITIES))
    assert run.decide(run.call(("read",))).action == "allow"
    assert run.decide(run.call(("mount",))).action == "errno"


@pytest.mark.parametrize(
    ("engine", "call", "outcome"),
    [
        *[
            ("20.10.9", "clone3", "EPERM"),
            ("20.10.10", "clone3", "ENOSYS"),
            ("24", "io_uring_setup", "allow"),
        ],
        *[
            ("25", "io_uring_setup", "EPERM"),
            ("19.03", "faccessat2", "ENOSYS"),
            ("23.0.10", "fchmodat2", "allow"),
        ],
        *[("24.0.9", "fchmodat2", "ENOSYS"), ("25.0.3", "fchmodat2", "allow"), ("17.12", "statx", "ENOSYS")],
    ],
)
def test_known_surprises_of_the_past(engine: str, call: str, outcome: str) -> None:
    """With a current runc, which answers ENOSYS for calls newer than the whole profile."""
    run = Simulation.of_text(default_text(Version.of(engine)), Target(engine=Version.of(engine)))
    decision = run.decide(run.call((call,)))
    assert (decision.errno or decision.action) == outcome
