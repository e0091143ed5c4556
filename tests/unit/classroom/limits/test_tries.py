"""How often somebody may guess."""

from runner.classroom.limits.tries import Tries


def test_who_failed_often_waits_and_nobody_else_does() -> None:
    now = [0.0]
    tries = Tries(3, 60.0, clock=lambda: now[0])
    for _ in range(3):
        assert tries.wait("192.0.2.1") == 0
        tries.failed("192.0.2.1")
    assert tries.wait("192.0.2.1") == 60
    assert tries.wait("192.0.2.2") == 0
    now[0] = 59.0
    assert tries.wait("::ffff:192.0.2.1") == 1
    now[0] = 60.5
    assert tries.wait("192.0.2.1") == 0


def test_who_has_a_network_of_addresses_is_one() -> None:
    tries = Tries(2, 60.0, clock=lambda: 0.0)
    tries.failed("2001:db8::1")
    tries.failed("2001:db8::2")
    assert tries.wait("2001:db8::3") > 0
    assert tries.wait("2001:db8:0:1::3") == 0


def test_what_is_remembered_is_bounded() -> None:
    tries = Tries(1, 60.0, clock=lambda: 0.0)
    for number in range(11_000):
        tries.failed(f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}")
    assert len(tries._failures) == 10_000
