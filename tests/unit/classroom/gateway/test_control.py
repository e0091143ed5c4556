"""The instructor's screen controls a class from its own process."""

import socket
from pathlib import Path

import pytest

from runner.classroom.control import SOCKET, RemoteClass
from runner.classroom.gateway import control
from runner.errors import WorkshopError
from runner.record.notice import Pace, Watched
from runner.teaching.control import ClassStatus, EndClass, SetPace, Watch
from tests.unit.classroom.live_class import holding
from tests.waiting import until


async def test_the_screen_sees_the_class_and_gives_orders_from_its_own_process(tmp_path: Path) -> None:
    async with holding(tmp_path) as held:
        path = tmp_path / SOCKET
        remote = RemoteClass(path, title="A class")
        assert "gateway" in remote.status().trouble
        with pytest.raises(WorkshopError, match="not there"):
            remote.give(SetPace(Pace(1)))
        server = await control.serve(path, held.desk)
        assert oct(path.stat().st_mode)[-3:] == "600"
        await until(lambda: len(remote.status().people) == 2)
        remote.give(SetPace(Pace(1)))
        await until(lambda: remote.status().pace == Pace(1))
        with pytest.raises(WorkshopError, match="not agreed"):
            remote.give(Watch("Bob"))
        remote.give(Watch("Eve"))
        await until(lambda: "Eve is not in the class" in remote.status().trouble)
        remote.close()
        server.close()
        assert isinstance(remote.status(), ClassStatus)


async def test_a_screen_that_is_gone_watches_nobody(tmp_path: Path) -> None:
    async with holding(tmp_path) as held:
        held.terminal(held.ada.number)
        server = await control.serve(tmp_path / SOCKET, held.desk)
        first, second = (RemoteClass(tmp_path / SOCKET, title="A class") for _ in range(2))
        await until(lambda: len(first.status().people) == len(second.status().people) == 2)
        first.give(Watch("Ada"))
        await until(lambda: second.status().watching == "Ada")
        first.close()
        await until(lambda: second.status().watching == "")
        assert not held.live.watching
        assert held.apps["Ada"].told == [Watched(on=True), Watched(on=False)]
        second.close()
        server.close()


async def test_a_screen_knows_that_another_one_has_ended_the_class(tmp_path: Path) -> None:
    async with holding(tmp_path) as held:
        server = await control.serve(tmp_path / SOCKET, held.desk)
        first, second = (RemoteClass(tmp_path / SOCKET, title="A class") for _ in range(2))
        await until(lambda: len(first.status().people) == len(second.status().people) == 2)
        first.give(EndClass(""))
        await until(lambda: second.status().over)
        server.close()
        (tmp_path / SOCKET).unlink()
        second._socket.shutdown(socket.SHUT_RDWR)
        await until(lambda: "the class is over" in second.status().trouble)
        with pytest.raises(WorkshopError, match="the class is over"):
            second.give(SetPace(Pace(1)))
        first.close()
        second.close()
