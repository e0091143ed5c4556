"""Admission to a class."""

import json
from pathlib import Path

import pytest

from runner.box.resources import SEATS
from runner.classroom.code import new_code, same_code
from runner.classroom.live.roll import RefusedError, Roll
from runner.errors import EngineError, WorkshopError
from tests.unit.classroom.live_class import CODE, INSTRUCTOR


def roll(folder: Path, *, seats: int = 2) -> Roll:
    return Roll(folder / "roll.json", code=CODE, instructor=INSTRUCTOR, seats=seats)


def test_a_code_is_read_aloud_and_typed_in_any_way() -> None:
    assert same_code(" abcd 2345 ", CODE)
    assert not same_code("ABCD-234", CODE)
    assert not same_code("", CODE)
    assert len({new_code() for _ in range(100)}) == 100


def test_a_learner_who_entered_the_code_is_known_by_their_secret(tmp_path: Path) -> None:
    class_ = roll(tmp_path)
    ada, secret = class_.enter("  Ada   Łovelace ", CODE, mirror=True)
    assert (ada.name, ada.number, ada.mirror) == ("Ada Łovelace", 1, True)
    for again in (class_, roll(tmp_path)):
        assert again.known(secret) == ada
        assert again.known(secret + "x") is None
        assert again.known("") is None
    assert secret not in (tmp_path / "roll.json").read_text(), "what lets in is not kept"


def test_a_taken_name_needs_its_word_until_it_is_removed(tmp_path: Path) -> None:
    class_ = roll(tmp_path)
    ada, first = class_.enter("Ada", CODE)
    with pytest.raises(RefusedError, match="in this class already") as refused:
        class_.enter("ADA", CODE)
    assert not refused.value.guessed
    assert class_.enter("ada", ada.word.lower())[0] == ada
    class_.remove(ada)
    assert class_.known(first) is None
    assert class_.enter("Ada", CODE)[0].word != ada.word


@pytest.mark.parametrize("code", ["", "ABCD-2346", "x" * 10_000, "\0"])
def test_a_wrong_code_is_a_guess(tmp_path: Path, code: str) -> None:
    with pytest.raises(RefusedError, match="not the code") as refused:
        roll(tmp_path).enter("Ada", code)
    assert refused.value.guessed


@pytest.mark.parametrize("name", ["", "   ", "x" * 33, "a\x1b[31mb", "\u202eadA", "x" * 100_000])
def test_an_invalid_name_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(RefusedError, match="give a name"):
        roll(tmp_path).enter(name, CODE)


def test_a_full_class_has_room_again_when_somebody_is_removed(tmp_path: Path) -> None:
    class_ = roll(tmp_path)
    first, _ = class_.enter("1", CODE)
    class_.enter("2", CODE)
    with pytest.raises(RefusedError, match="2 seats"):
        class_.enter("3", CODE)
    class_.remove(first)
    assert class_.enter("3", CODE)[0].number == first.number


def test_a_number_is_cleared_before_a_new_learner_gets_it(tmp_path: Path) -> None:
    cleared: list[int] = []
    file = tmp_path / "roll.json"
    class_ = Roll(file, code=CODE, instructor=INSTRUCTOR, seats=2, taken=cleared.append)
    ada, _ = class_.enter("Ada", CODE)
    class_.enter("Ada", ada.word)
    class_.enter("", INSTRUCTOR)
    assert cleared == [1]
    class_.remove(ada)
    class_.enter("Bob", CODE)
    assert cleared == [1, 1]


def test_the_instructor_takes_no_seat_and_no_name(tmp_path: Path) -> None:
    class_ = roll(tmp_path, seats=1)
    class_.enter("Ada", CODE)
    instructor, secret = class_.enter("", INSTRUCTOR)
    assert (instructor.number, instructor.instructor) == (SEATS, True)
    assert class_.known(secret) == instructor
    assert [learner.name for learner in class_.people] == ["Ada"]


@pytest.mark.parametrize("name", ["instructor", " Instructor ", "INSTRUCTOR"])
def test_nobody_else_has_the_instructors_name(tmp_path: Path, name: str) -> None:
    class_ = roll(tmp_path)
    with pytest.raises(RefusedError, match="is the instructor's"):
        class_.enter(name, CODE)
    assert class_.people == ()


def test_a_full_disk_refuses_new_learners_and_keeps_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class_ = roll(tmp_path)
    _, secret = class_.enter("Ada", CODE)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("runner.classroom.live.roll.replace_bytes", full)
    with pytest.raises(RefusedError, match="No space left"):
        class_.enter("Bob", CODE)
    assert [learner.name for learner in class_.people] == ["Ada"]
    assert class_.known(secret) is not None


@pytest.mark.parametrize(
    "content",
    [
        "{",
        "[]",
        "[" * 100_000,
        json.dumps({"version": 99}),
        json.dumps({"version": 1}),
        json.dumps({"version": 1, "learners": [{"name": "Ada"}], "secrets": {}}),
        json.dumps({"version": 1, "learners": [], "secrets": {"x": 1}}),
    ],
    ids=lambda content: content[:20],
)
def test_a_damaged_or_newer_file_is_an_error(tmp_path: Path, content: str) -> None:
    (tmp_path / "roll.json").write_text(content)
    with pytest.raises(WorkshopError) as error:
        roll(tmp_path)
    assert "--new" in error.value.remedy


def test_the_newest_secrets_of_each_count_and_no_others_are_kept(tmp_path: Path) -> None:
    class_ = roll(tmp_path)
    ada, first = class_.enter("Ada", CODE)
    bob, his = class_.enter("Bob", CODE)
    later = [class_.enter("Ada", ada.word)[1] for _ in range(10)]
    for _ in range(10):
        class_.enter("", INSTRUCTOR)
    assert class_.known(first) is None
    assert [class_.known(secret) for secret in later] == [ada] * 10
    assert class_.known(his) == bob
    kept = len(json.loads((tmp_path / "roll.json").read_bytes())["secrets"])
    assert kept == 21
    assert class_.enter("Ada", ada.word, secret=False) == (ada, "")
    assert len(json.loads((tmp_path / "roll.json").read_bytes())["secrets"]) == kept
    assert class_.known(later[0]) == ada


def test_a_removed_learner_differs_from_the_next_with_their_name_or_number(tmp_path: Path) -> None:
    class_ = roll(tmp_path)
    ada, _ = class_.enter("Ada", CODE)
    assert class_.has(ada)
    class_.set_mirror(ada, mirror=True)
    assert class_.has(ada)
    class_.remove(ada)
    assert not class_.has(ada)
    other, _ = class_.enter("Ada", CODE, secret=False)
    assert (class_.has(other), class_.has(ada)) == (True, False)
    assert class_.has(class_.instructor)


def test_a_box_that_cannot_be_cleared_refuses(tmp_path: Path) -> None:
    def busy(_: int) -> None:
        raise EngineError("the starter of boxes is busy")

    class_ = Roll(tmp_path / "roll.json", code=CODE, instructor=INSTRUCTOR, seats=2, taken=busy)
    with pytest.raises(RefusedError, match="busy"):
        class_.enter("Ada", CODE)
    assert class_.people == ()


def test_only_a_change_is_written(tmp_path: Path) -> None:
    class_ = roll(tmp_path)
    ada, _ = class_.enter("Ada", CODE)
    (tmp_path / "roll.json").unlink()
    class_.set_mirror(ada, mirror=False)
    assert not (tmp_path / "roll.json").exists()
    class_.set_mirror(ada, mirror=True)
    assert roll(tmp_path).people[0].mirror
