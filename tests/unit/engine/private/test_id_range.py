from collections.abc import Iterator
from pathlib import Path

import pytest

from runner.engine.private import id_range
from runner.engine.private.id_range import CONTAINERS, SIZE, IdRange
from runner.errors import EngineError

DATA = Path("/var/lib/engine")


def mapped(monkeypatch: pytest.MonkeyPatch, *ranges: tuple[int, int]) -> None:
    monkeypatch.setattr(id_range, "_mapped", lambda _kind: iter(ranges))


@pytest.fixture(autouse=True)
def machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine with every id, of which nobody has a subordinate one."""
    mapped(monkeypatch, (0, 2**32 - 1))
    monkeypatch.setattr(id_range, "_subordinate", lambda: iter(()))


def test_an_engine_has_the_same_ids_each_time_and_another_engine_has_others() -> None:
    assert IdRange.of(DATA) == IdRange.of(DATA)
    assert IdRange.of(DATA) != IdRange.of(DATA / "other")


def test_the_machines_root_is_not_among_them() -> None:
    ids = IdRange.of(DATA)
    assert ids.map.splitlines() == [f"0 {ids.daemon} {SIZE}", f"{CONTAINERS} {ids.daemon + SIZE} {SIZE}"]
    assert ids.daemon >= 524_288


def test_ids_of_others_are_avoided(monkeypatch: pytest.MonkeyPatch) -> None:
    first = IdRange.of(DATA).daemon

    def taken() -> Iterator[tuple[int, int]]:
        yield first + 2 * SIZE - 1, 10

    monkeypatch.setattr(id_range, "_subordinate", taken)
    assert IdRange.of(DATA).daemon == first + 4 * SIZE


def test_in_a_small_user_namespace_its_last_ids_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    mapped(monkeypatch, (0, 1), (1, 400_000))
    assert IdRange.of(DATA).daemon == 400_001 - 2 * SIZE


def test_too_few_ids_are_an_error_with_a_way_on(monkeypatch: pytest.MonkeyPatch) -> None:
    mapped(monkeypatch, (0, 2 * SIZE))
    with pytest.raises(EngineError, match="no 131,072 consecutive unused ids") as raised:
        IdRange.of(DATA)
    assert "ordinary user" in raised.value.remedy
