"""A damaged log: what is kept of it, and where the rest goes."""

import pytest

from runner.learner.progress.journal import Journal
from runner.record.event import CheckPassed
from runner.record.reading import read_record
from tests.unit.record.sqlite.logs import event, opened


@pytest.mark.parametrize("content", [b"no database", b"SQLite format 3\0" + b"\xff" * 4096])
def test_a_damaged_file_is_set_aside_as_it_is(path, content):
    """Progress goes on in a new file, and a message names the old one."""
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    journal = Journal(opened(path), "me")
    assert not journal.trouble
    (aside,) = path.parent.glob("progress.damaged-*")
    assert str(aside) in journal.notice
    assert aside.read_bytes() == content
    journal.record(CheckPassed("one"), "w", "l", "s")
    journal.close()
    again = Journal(opened(path), "me")
    assert again.lab("w", "l").passed == {"one"}
    assert not again.notice


def test_readable_rows_of_a_damaged_file_are_kept(path):
    log = opened(path)
    for number in range(2000):
        log.append(event(number))
    log.close()
    content = bytearray(path.read_bytes())
    middle = len(content) // 2 & ~0xFFF
    content[middle : middle + 0x2000] = bytes(0x2000)
    path.write_bytes(content)

    log = opened(path)
    times = [one.time for one in log.events("me")]
    assert "could be read and are kept" in log.notice
    assert 1500 < len(times) < 2000
    assert times == sorted(set(times))
    assert {0, 1999} <= set(times)
    assert not log.trouble
    assert [one.time for one in opened(path).events("me")] == times


def test_a_byte_that_is_no_text_hides_no_event(path):
    log = opened(path)
    log.append(event(1), event(2))
    log.close()
    content = path.read_bytes()
    place = content.rindex(event(2).workshop.encode() + event(2).lab.encode())
    path.write_bytes(content[:place] + b"\xff" + content[place + 1 :])
    assert [one.time for one in opened(path).events("me")] == [1, 2]
    assert [one.time for one in read_record(path)[0]] == [1, 2]


def test_damage_of_which_sqlite_tells_in_bytes_that_are_no_text_is_damage(path):
    log = opened(path)
    log.append(event(1))
    log.close()
    path.write_bytes(path.read_bytes().replace(b"CREATE INDEX", b"CREATE \xffNDEX"))
    assert read_record(path) == ([], f"{path} is damaged: 0 events of it could be read")
    log = opened(path)
    assert log.events("me") == ()
    assert "nothing of it could be read" in log.notice
    log.append(event(2))
    assert [one.time for one in log.events("me")] == [2]


def test_two_who_find_the_same_damage_set_it_aside_once(path):
    path.parent.mkdir(parents=True)
    path.write_bytes(b"no database")
    with path.open("rb"):
        first, second = opened(path), opened(path)
        first.append(event(1))
        second.append(event(2))
    assert [one.time for one in first.events("me")] == [1, 2]
    assert len(list(path.parent.glob("progress.damaged-*"))) == 1
