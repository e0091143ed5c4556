import pytest

from runner.engine import processes

NUMBERS = {
    10: [10, 3],  # the shim, in the engine's pid namespace
    20: [20, 7, 1],
    21: [21, 8, 9],  # as the container counts, its number is the engine's of the exec
    22: [22, 9, 4],  # the exec
    23: [23, 11, 5],  # its child
}
BELOW = {10: [20, 21, 22, 23], 22: [23]}


@pytest.fixture
def killed(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """What is killed in a container of a private engine that knows the exec as process 9."""
    ended: list[int] = []
    monkeypatch.setattr(processes, "shims", lambda _container: [10])
    monkeypatch.setattr(processes, "descendants", lambda pid: BELOW.get(pid, []))
    monkeypatch.setattr(processes, "namespaced", NUMBERS.get)
    monkeypatch.setattr(processes, "_kill", lambda pid: not ended.append(pid))
    return ended


def test_an_exec_is_told_from_others_with_its_number_in_the_container(killed: list[int]) -> None:
    assert processes.kill_inside("c", 9)
    assert killed == [22, 23]


def test_without_such_a_process_nothing_is_killed(killed: list[int]) -> None:
    assert not processes.kill_inside("c", 4)
    assert killed == []
