"""A filter whose tests are in another order than the runtime's decides the same."""

import json

from hypothesis import example, given, reject, settings
from hypothesis import strategies as st

from runner.content import PROFILES
from runner.errors import UsageError
from runner.profile.calls.call import Call
from runner.profile.calls.syscalls import arch, find, names
from runner.profile.capabilities import DEFAULT_CAPABILITIES
from runner.profile.errors import ProfileError
from runner.profile.model import Target
from runner.profile.simulation import Simulation
from runner.profile.source.reader import read_profile

TARGET = Target(caps=DEFAULT_CAPABILITIES)
DEFAULT = (PROFILES / "default.json").read_text()
NAMES = ["read", "clone", "personality", "socket", "socketcall", "keyctl", "mount", "ioctl", "uretprobe"]
# Arguments that the default profile's conditions, and those below, distinguish.
VALUES = [0, 1, 8, 40, 0x20000, 0x10000000, 0x7E020000, 0xFFFFFFFF, 1 << 32, (1 << 64) - 1]

MANY = [name for name in names(arch("amd64")) if name not in NAMES]
ARCHITECTURES = ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86"]

calls = st.tuples(
    st.sampled_from(["amd64", "386", "arm64"]),
    st.integers(-1, 600) | st.sampled_from(NAMES),
    st.lists(st.sampled_from(VALUES), min_size=6, max_size=6).map(tuple),
)
rules = st.fixed_dictionaries(
    {
        "names": st.lists(st.sampled_from(NAMES), min_size=1, max_size=3, unique=True),
        "action": st.sampled_from(["SCMP_ACT_ALLOW", "SCMP_ACT_TRAP", "SCMP_ACT_LOG"]),
        "args": st.lists(
            st.fixed_dictionaries(
                {
                    "index": st.integers(0, 2),
                    "value": st.sampled_from(VALUES),
                    "op": st.sampled_from(["SCMP_CMP_EQ", "SCMP_CMP_NE", "SCMP_CMP_GT", "SCMP_CMP_LE"]),
                }
            ),
            max_size=2,
            unique_by=lambda condition: condition["index"],
        ),
    }
)


def _pair(text):
    profile = read_profile(text).profile
    return Simulation(profile, TARGET), Simulation(profile, TARGET, exact=False)


def _same(pair, made):
    go, which, args = made
    machine = arch(go)
    name = f"#{which}" if isinstance(which, int) else which
    try:
        call = Call(machine, find(name, machine), args)
    except UsageError:
        return
    exact, other = (simulation.decide(call) for simulation in pair)
    assert (exact.action, exact.errno, exact.cause) == (other.action, other.errno, other.cause)


BOTH = _pair(DEFAULT)


@given(st.lists(calls, min_size=20, max_size=40))
def test_the_default_profile_decides_the_same_for_every_call(made):
    for one in made:
        _same(BOTH, one)


PAIR_OF_SOCKETS = {
    "names": ["socketcall"],
    "action": "SCMP_ACT_TRAP",
    "args": [{"index": 0, "value": 8, "op": "SCMP_CMP_EQ"}],
}


@settings(max_examples=20)  # each is compiled twice
@example([PAIR_OF_SOCKETS], [])
@given(st.lists(rules, max_size=5), st.lists(calls, min_size=10, max_size=20))
def test_a_profile_with_many_names_decides_the_same(chosen, made):
    """Only filters with many names are ordered in two ways."""
    distinct = {tuple(rule["names"]): rule for rule in chosen}.values()
    seen: set[str] = set()
    kept = [rule for rule in distinct if seen.isdisjoint(rule["names"]) and not seen.update(rule["names"])]
    rules = [*kept, {"names": MANY, "action": "SCMP_ACT_ALLOW"}]
    profile = {"defaultAction": "SCMP_ACT_ERRNO", "architectures": ARCHITECTURES, "syscalls": rules}
    try:
        pair = _pair(json.dumps(profile))
    except ProfileError:
        # On i386, a condition of socketcall's says the same as the rule for a call of its own, such as socketpair, for
        # which there always is one: no runtime takes both.
        assert "socketcall" in seen
        reject()
    for one in made:
        _same(pair, one)
