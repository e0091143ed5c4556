"""LXC's policies: their defaults, conditions and architectures, and the line of each fault."""

import pytest

from runner.errors import UsageError
from runner.profile.importers import import_profile
from runner.profile.model import Action, Arg, Operator
from runner.profile.simulation import decide
from runner.profile.source.writer import write_profile
from tests.unit.profile.importers.results import allowed, verdict
from tests.unit.profile.importers.samples import LXC


def test_an_lxc_policy_of_numbers() -> None:
    profile = import_profile("1\nwhitelist\n0\n1\n92\n").profile
    assert allowed(profile) == {"read", "write", "chown"}
    assert verdict(profile, "chown") == "allow"
    assert verdict(profile, "chmod") == "kill_thread"


def test_an_lxc_policy_of_names_with_its_defaults_conditions_and_architectures() -> None:
    imported = import_profile(LXC)
    profile = imported.profile
    assert (profile.default_action, profile.default_errno) == (Action.ERRNO, 5)
    assert Arg(1, 0xFFFFFFFF, Operator.MASKED_EQ, 0x5412) in profile.rules[4].args
    assert verdict(profile, "umount2", "0", "1") == "EACCES"
    assert verdict(profile, "umount2", "0", "2") == "EIO"
    assert verdict(profile, "kexec_load") == "EPERM"
    assert verdict(profile, "chmod", "0", "0777") == "ENOSYS"
    assert verdict(profile, "chmod", "0", "0776") == "EIO"
    assert verdict(profile, "chown") == "allow"
    assert verdict(profile, "ioctl", "0", "0xf00005412") == "EACCES"
    assert verdict(profile, "socket", "AF_NETLINK", "0", "8") == "EIO"
    assert verdict(profile, "socket", "AF_NETLINK", "0", "NETLINK_AUDIT") == "EAFNOSUPPORT"
    assert verdict(profile, "open") == "EIO"
    assert verdict(profile, "fchmodat", arch="arm64") == "trap"
    assert verdict(profile, "fchmodat") == "ENOSYS"
    assert any("[x86]" in note for note in imported.notes)


@pytest.mark.parametrize(("style", "outcome"), [("allowlist", "kill_thread"), ("denylist", "allow")])
def test_an_lxc_policys_default_for_other_calls(style: str, outcome: str) -> None:
    profile = import_profile(f"2\n{style}\nread\n").profile
    assert verdict(profile, "write") == outcome
    assert verdict(profile, "read") == ("allow" if style == "allowlist" else "kill_thread")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("3\nallowlist\n", 1),
        ("2\nsomelist\n", 2),
        ("1\ndenylist\n5\n", 2),
        ("1\nallowlist\nread\n", 3),
        ("2\nallowlist explode\n", 2),
        ("2\nallowlist\nread explode\n", 3),
        ("2\nallowlist\nread errno\n", 3),
        ("2\nallowlist\nread errno 5000\n", 3),
        ("2\nallowlist\n[vax]\n", 3),
        ("2\nallowlist\nread allow [6,1,SCMP_CMP_EQ]\n", 3),
        ("2\nallowlist\nread allow [1,1]\n", 3),
        ("2\nallowlist\nread allow [1,99999999999999999999,==]\n", 3),
    ],
)
def test_a_fault_in_an_lxc_policy_is_found_on_its_line(text: str, line: int) -> None:
    with pytest.raises(UsageError, match=f"line {line},"):
        import_profile(text, "lxc")


def test_a_wrong_number_in_an_lxc_policy_is_reported_and_the_rest_is_read() -> None:
    imported = import_profile("1\nallowlist\n0\n1\n1024\n92\n")
    assert allowed(imported.profile) == {"read", "write", "chown"}
    assert [(unused.line, unused.text) for unused in imported.unused] == [(5, "1024")]


def test_an_imported_profile_is_written_and_read_back_with_the_same_decisions() -> None:
    text = write_profile(import_profile(LXC).profile)
    assert decide(text, "chmod", ("/x", "0777")).errno == "ENOSYS"
    assert decide(text, "mknod").errno == "EIO"


def test_unknown_names_in_a_policy_are_reported_and_the_rest_is_read() -> None:
    imported = import_profile("2\nallowlist\n[all]\nread\n99999\nwrite errno 1\n")
    assert allowed(imported.profile) == {"read"}
    assert [(unused.line, unused.text) for unused in imported.unused] == [(5, "99999")]


def test_a_name_that_no_kernel_has_is_noted() -> None:
    notes = import_profile("2\ndenylist\nmount errno 1\nfrobnicate errno 1\n").notes
    assert notes == ("line 4: unknown system call 'frobnicate'; the runtime will leave it out",)
