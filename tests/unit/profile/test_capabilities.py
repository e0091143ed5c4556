"""`runner.profile.capabilities`: what a container may do, by the options that started it."""

import pytest

from runner.errors import UsageError
from runner.profile.capabilities import (
    ALL_CAPABILITIES,
    DEFAULT_CAPABILITIES,
    all_capabilities,
    container_capabilities,
    read_capabilities,
)
from runner.profile.version import Version

CHOWN = frozenset(("CAP_CHOWN",))
MOUNTS = frozenset(("CAP_SYS_ADMIN",))


@pytest.mark.parametrize(
    ("added", "dropped", "expected"),
    [
        ((), (), DEFAULT_CAPABILITIES),
        (("SYS_ADMIN",), ("cap_chown",), DEFAULT_CAPABILITIES - CHOWN | MOUNTS),
        (("CHOWN",), ("CHOWN",), DEFAULT_CAPABILITIES),
        ((), ("all",), frozenset()),
        (("SYS_ADMIN",), ("ALL", "CHOWN"), MOUNTS),
        (("ALL",), (), ALL_CAPABILITIES),
        (("ALL", "SYS_ADMIN"), ("CHOWN", "SYS_ADMIN"), ALL_CAPABILITIES - CHOWN - MOUNTS),
        (("ALL",), ("ALL",), ALL_CAPABILITIES),
        (("ALL",), ("ALL", "CHOWN"), ALL_CAPABILITIES - CHOWN),
    ],
)
def test_options_give_what_a_current_engine_gives(
    added: tuple[str, ...], dropped: tuple[str, ...], expected: frozenset[str]
) -> None:
    assert container_capabilities(added, dropped, privileged=False) == expected


@pytest.mark.parametrize(
    ("added", "dropped", "expected"),
    [
        (("ALL",), ("ALL",), frozenset()),
        (("ALL", "CHOWN"), ("ALL",), CHOWN),
        (("ALL", "CHOWN"), ("CHOWN",), all_capabilities(Version.of("19.03"))),
        (("ALL",), ("CHOWN",), all_capabilities(Version.of("19.03")) - CHOWN),
    ],
)
def test_engines_before_20_10_drop_all_before_they_add(
    added: tuple[str, ...], dropped: tuple[str, ...], expected: frozenset[str]
) -> None:
    assert container_capabilities(added, dropped, privileged=False, engine=Version.of("19.03.15")) == expected


@pytest.mark.parametrize("engine", [None, Version.of("19.03"), Version.of("29")])
def test_a_privileged_container_has_all_whatever_is_dropped(engine: Version | None) -> None:
    found = container_capabilities((), ("ALL", "CHOWN"), privileged=True, engine=engine)
    assert found == all_capabilities(engine)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("default,SYS_ADMIN", DEFAULT_CAPABILITIES | MOUNTS),
        ("ALL", ALL_CAPABILITIES),
        ("none, cap_sys_admin", MOUNTS),
        ("CAP_SYS_ADMIN CAP_CHOWN", MOUNTS | CHOWN),
        ("00000000a80425fb", DEFAULT_CAPABILITIES),
        ("CapBnd:\t00000000a80425fb", DEFAULT_CAPABILITIES),
        ("0x200001", MOUNTS | CHOWN),
        ("000001ffffffffff", ALL_CAPABILITIES),
        ("0000000000000000", frozenset()),
        ("none", frozenset()),
    ],
)
def test_capabilities_as_people_have_them(text: str, found: frozenset[str]) -> None:
    assert read_capabilities(text) == found


@pytest.mark.parametrize("text", ["", " ", ",", "CapBnd:"])
def test_no_capability_is_no_choice(text: str) -> None:
    with pytest.raises(UsageError, match="no capability is named"):
        read_capabilities(text)


def test_a_mask_with_a_bit_of_no_capability_is_refused() -> None:
    with pytest.raises(UsageError, match="has bit 41, and the last capability is bit 40"):
        read_capabilities("default,0000020000000001")


def test_a_set_is_never_proposed_for_itself() -> None:
    with pytest.raises(UsageError, match="unknown capability 'CAP_X'") as caught:
        read_capabilities("ALL,CAP_X")
    assert "did you mean all" not in str(caught.value)
