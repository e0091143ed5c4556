"""Requests of strangers to the class's door."""

import logging
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer

from runner.classroom.gateway.web import WebDoor
from runner.classroom.limits.failure_limit import FailureLimit
from tests.unit.classroom.live_class import holding

FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (("/enter", "application/json", b"[" * 60_000), 400),
        (("/enter", "application/json; charset=nope", b"{}"), 400),
        (("/enter", "application/json", b"\xff"), 400),
        (("/enter", "application/json", b"[]"), 400),
        (("/enter", "application/json", b'{"name": [], "code": 1}'), 400),
        (("/join", "multipart/form-data", b"x"), 400),
        (("/join", "multipart/form-data; boundary=x", b"--x\r\n\r\n\r\n--x--"), 400),
        (("/join", f"{FORM}; charset=nope", b"name=x"), 400),
        (("/join", FORM, b"name=\xff"), 400),
        (("/join", f"{FORM}; charset=unicode_escape", b"name=\\ud800"), 403),
        (("/join", FORM, b"name=%ff"), 403),
        (("/join", FORM, b"x" * 70_000), 413),
    ],
)
async def test_a_body_that_is_nonsense_is_refused_without_a_traceback(
    sent: tuple[str, str, bytes], status: int, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (path, kind, body), hosts = sent, ["class.example"]
    async with holding(tmp_path) as held:
        app = WebDoor(held.live, held.live.roll, hosts=hosts, failures=FailureLimit(10, 60.0)).application()
        async with TestClient(TestServer(app)) as client:
            headers = {"Host": hosts[0], "Content-Type": kind}
            if path == "/join":
                headers["Origin"] = f"https://{hosts[0]}"
            answer = await client.post(path, data=body, headers=headers)
            assert answer.status == status
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []
