from pathlib import Path

from runner.engine.private.control import locks
from tests.unit.engine.private.control.held import held


def test_the_holder_of_a_lock_is_named_and_not_those_who_have_the_file_open(tmp_path: Path) -> None:
    file = tmp_path / "lock"
    with file.open("w"), held(file) as holder:
        assert locks.is_locked(file)
        assert locks.holders(file) == [holder]
        assert not locks.is_free_within(file, 0.0)
    assert locks.is_free_within(file, 60.0)
    assert not locks.holders(file)


def test_a_missing_file_is_not_locked_and_is_not_created(tmp_path: Path) -> None:
    assert not locks.is_locked(tmp_path / "none")
    assert locks.holders(tmp_path / "none") == []
    assert list(tmp_path.iterdir()) == []
