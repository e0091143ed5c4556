"""The limit on guesses."""

from runner.classroom.limits.failure_limit import FailureLimit


def test_only_the_address_that_failed_often_waits() -> None:
    now = [0.0]
    failures = FailureLimit(3, 60.0, clock=lambda: now[0])
    for _ in range(3):
        assert failures.wait("192.0.2.1") == 0
        failures.failed("192.0.2.1")
    assert failures.wait("192.0.2.1") == 60
    assert failures.wait("192.0.2.2") == 0
    now[0] = 59.0
    assert failures.wait("::ffff:192.0.2.1") == 1
    now[0] = 60.5
    assert failures.wait("192.0.2.1") == 0


def test_a_network_counts_as_one_place() -> None:
    failures = FailureLimit(2, 60.0, clock=lambda: 0.0)
    failures.failed("2001:db8::1")
    failures.failed("2001:db8::2")
    assert failures.wait("2001:db8::3") > 0
    assert failures.wait("2001:db8:0:1::3") == 0


def test_the_number_of_remembered_places_is_bounded() -> None:
    failures = FailureLimit(1, 60.0, clock=lambda: 0.0)
    for number in range(11_000):
        failures.failed(f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}")
    assert len(failures._failures) == 10_000
