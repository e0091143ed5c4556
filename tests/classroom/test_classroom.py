"""A class from outside: admission, the screens, and the effects of dying parts."""

import asyncio
import os
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import aiohttp
import pexpect
import pytest

from runner.classroom.certificate import make
from runner.classroom.control import SOCKET, RemoteClass
from runner.classroom.joining.found_class import look
from runner.classroom.joining.membership import Membership
from runner.classroom.joining.relay import relaying
from runner.classroom.joining.requests import enter, is_member
from runner.errors import WorkshopError
from runner.pace import MACHINE
from runner.teaching.control import EndClass
from tests.classroom.held import CODE, INSTRUCTOR
from tests.classroom.visiting import Client, holding
from tests.waiting import closed, until

pytestmark = [
    pytest.mark.engine,
    pytest.mark.skipif(os.geteuid() != 0, reason="only root holds classes"),
    pytest.mark.skipif("WORKSHOP_TEST_ENGINE" in os.environ, reason="a box has an engine of its own"),
]


async def test_admission() -> None:
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        async with holding(Path(folder)) as class_, class_.client() as ada, class_.client() as stranger:
            assert (await ada.get("/"))[0] == 200
            assert (await ada.get("/", Host="evil.example"))[0] == 421
            for path in (
                "/ws",
                "/state",
                "/events",
                "/static/js/textual.js",
                "/page/terminal.css",
                "/page/lasting.js",
            ):
                assert (await stranger.get(path))[0] == 403, path
            assert (await ada.post("/join", "https://evil.example", name="Ada", code=CODE)).status == 403
            assert (await ada.post("/join", "", name="Ada", code=CODE)).status == 403

            status, page = await ada.join("Ada", "WRONG")
            assert (status, "not the code" in page) == (403, True)
            answer = await ada.post("/join", name="Ada", code=CODE)
            cookie = answer.headers["Set-Cookie"]
            assert all(
                word in cookie for word in ("__Host-", "Secure", "HttpOnly", "SameSite=Strict", "Path=/")
            )
            assert "Ada" in (await ada.get("/"))[1]
            with pytest.raises(aiohttp.WSServerHandshakeError, match="403"):
                await ada.terminal(origin="https://evil.example")

            assert "already" in (await stranger.join("ADA"))[1]
            assert (await stranger.join("<script>alert(1)</script>"))[0] == 200
            assert "<script>alert" not in (await stranger.get("/"))[1]
            async with class_.client() as third:
                status, page = await third.join("Third")
                assert (status, "full" in page) == (403, True)
                statuses = [await third.join("Third", f"GUESS-{number}") for number in range(12)]
                assert "not the code" in statuses[0][1]
                assert "Too many wrong codes" in statuses[-1][1]
                assert "Too many" in (await third.join("Third", INSTRUCTOR))[1], (
                    "nor is the right one looked at"
                )
            assert (await ada.get("/"))[0] == 200


async def talk_nonsense(bob: Client) -> None:
    """An invalid message ends the connection, and nothing else."""
    for frame in ('["stdin", 1]', "[" * 10_000, '{"a": 1}', '["deliver_file_start", "x"]'):
        hostile = await bob.terminal()
        await hostile.send_str(frame)
        await closed(hostile)


async def test_a_session_outlives_a_lost_browser_and_a_dead_gateway_and_comes_back_after_a_dead_box() -> None:
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        async with holding(Path(folder)) as class_, class_.client() as ada, class_.client() as bob:
            await ada.join("Ada")
            await bob.join("Bob")
            first = await ada.terminal()
            await ada.sees(first, "painted 90x20 pid ")
            pid = (await ada.sees(first, "\r\n")).strip()
            other = await bob.terminal()
            await bob.sees(other, "painted 90x20")
            await ada.type(first, "hello é\r")
            await ada.sees(first, "got hello é")
            await first.send_json(["resize", {"width": 100, "height": 30}])

            second = await ada.terminal()
            await closed(first)
            await ada.sees(second, f"painted 90x20 pid {pid}")
            await talk_nonsense(bob)
            other = await bob.terminal()
            await bob.type(other, "flood\r")
            await ada.type(second, "still\r")
            await ada.sees(second, "got still")
            await bob.sees(other, "end of flood")
            async with class_.client() as grace:
                await grace.join("Grace", INSTRUCTOR)
                screen = await grace.terminal(path="/screen/ws/page")
                await grace.sees(screen, "Bob")
                assert (await ada.get("/screen"))[0] == 403
            await until(lambda: len(class_.programs()) == 1)

            os.kill(class_.gateway(), signal.SIGKILL)
            async with asyncio.timeout(MACHINE.stretched(20)):
                while True:
                    try:
                        third = await ada.terminal()
                        break
                    except (OSError, aiohttp.ClientError):
                        await asyncio.sleep(0.05)
            await ada.sees(third, f"painted 90x20 pid {pid}")

            await ada.type(third, "die\r")
            await closed(third)
            assert "ended with status 7" in (await ada.get("/state"))[1]
            fourth = await ada.terminal()
            await ada.sees(fourth, "painted 90x20 pid ")
            assert class_.record()[0] == ("Ada", "joined")

            control = RemoteClass(class_.resources.own / SOCKET, title="")
            await until(lambda: [person.name for person in control.status().people] == ["Ada", "Bob"])
            assert control.status().people[0].connected
            control.give(EndClass("Bye."))
            await closed(fourth)
            assert "Bye." in (await ada.get("/state"))[1]
            await asyncio.wait_for(class_.process.wait(), MACHINE.stretched(30))
            control.close()


HELLO = r'{"version":1,"hello":{"record":"r1","time":0}}\n'
FORGED = (
    r'{"version":1,"number":1,"learner":"Bob","event":{"learner":"Bob","workshop":"w","lab":"l","step":"s","time":1,'
    r'"kind":"finished","data":{}}}\n'
)


def by_ssh(port: int, word: str) -> str:
    """The output of OpenSSH's own client in a session, from its start to its farewell."""
    options = [
        "StrictHostKeyChecking=no",
        "UserKnownHostsFile=/dev/null",
        "NumberOfPasswordPrompts=1",
    ]
    words = [*(part for option in options for part in ("-o", option)), "-p", str(port), "Ada@127.0.0.1"]
    seconds = MACHINE.stretched(30)
    child = pexpect.spawn("ssh", words, encoding="utf-8", timeout=seconds, dimensions=(20, 90))
    with closing(child):
        child.expect("password:")
        child.sendline(word)
        if child.expect(["painted 90x20", pexpect.EOF]):
            return child.before or ""
        child.sendline("é")
        child.expect("got é")
        child.setwinsize(33, 77)
        child.sendline("size")
        child.expect("77x33")
        child.sendintr()
        child.expect("interrupted")
        child.sendline("leave")
        child.expect(pexpect.EOF)
        return child.before or ""


async def test_openssh_finds_the_same_session() -> None:
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        async with holding(Path(folder)) as class_, class_.client() as ada:
            assert "not the code" in await asyncio.to_thread(by_ssh, class_.ssh, "WRONG")
            await ada.join("Ada")
            browser = await ada.terminal()
            await ada.sees(browser, "painted 90x20")
            page = (await ada.get("/"))[1]
            word = page.partition("<b>")[2].partition("</b>")[0]
            assert "already" in await asyncio.to_thread(by_ssh, class_.ssh, CODE)
            ended = await asyncio.to_thread(by_ssh, class_.ssh, word)
            assert "You have left." in ended
            assert word in ended, "how to come back is said"


def by_machine(port: int, folder: Path) -> str:
    """The class's notices to an app on another machine that joins it."""
    found = look(f"127.0.0.1:{port}")
    with pytest.raises(WorkshopError, match="not the code"):
        enter(found, "Joan", "WRONG")
    member, _ = enter(found, "Joan", CODE)
    member.write(folder / "class.json")
    assert Membership.read(folder / "class.json") == member
    assert is_member(found, member)
    assert not is_member(found, replace(member, secret="x"))  # noqa: S106
    with pytest.raises(WorkshopError, match="intercepting the connection"):
        enter(
            replace(found, certificate=ssl.PEM_cert_to_DER_cert(make(["a.example"])[0].decode())),
            "Joan",
            CODE,
        )
    with relaying(found, member) as path, socket.socket(socket.AF_UNIX) as app:
        app.connect(str(path))
        app.settimeout(MACHINE.stretched(30))
        app.sendall((HELLO + FORGED).replace(r"\n", "\n").encode())
        said = app.recv(4096).decode()
        app.sendall(b"x" * 20_000 + b"\n")
        while app.recv(4096):
            pass
    assert found.fingerprint
    return said


async def test_an_app_speaks_for_its_learner_alone_and_all_goes_with_the_root() -> None:
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        async with holding(Path(folder)) as class_, class_.client() as ada:
            await ada.join("Ada")
            socket = await ada.terminal()
            await ada.type(socket, f"tell {HELLO}{FORGED}\r")
            await ada.sees(socket, '"notice":"welcome"')
            await ada.type(socket, "tell " + r"nonsense\n" * 11 + "\r")
            await ada.type(socket, "tell " + r"\xff\xfe\x00" + "\r")
            await ada.type(socket, f"tell {HELLO}\r")
            await ada.sees(socket, '"received":1')
            assert ("Ada", "finished") in class_.record()
            await ada.type(socket, "storm\r")
            await ada.sees(socket, "got storm")
            await until(lambda: len(list(Path(f"/proc/{class_.gateway()}/fd").iterdir())) < 100)
            said = await asyncio.to_thread(by_machine, class_.port, Path(folder))
            assert '"notice":"welcome"' in said
            await until(lambda: ("Joan", "finished") in class_.record())
            assert class_.record().count(("Joan", "finished")) == 1
            assert "Bob" not in {learner for learner, _ in class_.record()}

            gateway = class_.gateway()
            class_.process.kill()
            await class_.process.wait()
            await until(lambda: not Path(f"/proc/{gateway}").exists())
            await until(lambda: not any(folder.exists() for folder in class_.resources._group.folders))
            await until(lambda: not (class_.resources.run / "mounts").exists())
            assert class_.resources.disk(1).file.exists(), "what the learner did is there"


def test_an_ordinary_user_is_told_what_to_do() -> None:
    command = [sys.executable, "-m", "runner", "classroom"]
    done = subprocess.run(
        ["setpriv", "--reuid=65534", "--clear-groups", *command], check=False, capture_output=True, text=True
    )
    if "Permission denied" in done.stderr:
        pytest.skip("this Python is root's alone")
    assert (done.returncode, "sudo" in done.stderr) == (3, True)
