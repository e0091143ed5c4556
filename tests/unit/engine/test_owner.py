import subprocess
import sys
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from runner.engine.owner import Owner, start_time


def test_this_process_is_not_dead() -> None:
    assert not Owner.current().is_dead()


def test_a_label_is_read_back() -> None:
    assert Owner.parse(str(Owner.current())) == Owner.current()


@given(st.text(alphabet="ab:19-", max_size=30))
def test_other_texts_give_no_owner_or_a_valid_one(text: str) -> None:
    parsed = Owner.parse(text)
    assert parsed is None or Owner.parse(str(parsed)) == parsed


def test_a_process_that_ended_is_dead() -> None:
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    owner = replace(Owner.current(), pid=child.pid, started=start_time(child.pid) or 0)
    assert not owner.is_dead()
    child.kill()
    child.communicate()
    assert owner.is_dead()


def test_a_reused_process_number_does_not_revive_its_owner() -> None:
    assert replace(Owner.current(), started=1).is_dead()


def test_a_reboot_ends_everybody() -> None:
    assert replace(Owner.current(), boot="another").is_dead()


def test_a_process_of_another_machine_or_container_is_not_judged() -> None:
    unknown = replace(Owner.current(), pid=2**22 + 1)
    assert unknown.is_dead()
    assert not replace(unknown, host="another").is_dead()
    assert not replace(unknown, namespace="1").is_dead()


def test_a_process_with_a_name_that_is_no_text_is_alive() -> None:
    """The kernel cuts names after 15 bytes, in the middle of a letter if need be."""
    name = "x" * 14 + "é"
    code = "import ctypes, sys, time; ctypes.CDLL(None).prctl(15, sys.argv[1].encode()); print(); time.sleep(600)"
    process = subprocess.Popen([sys.executable, "-c", code, name], stdout=subprocess.PIPE)
    try:
        process.stdout.readline()
        assert start_time(process.pid) is not None
    finally:
        process.kill()
        process.communicate()
