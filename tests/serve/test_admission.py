"""Admission to a served workshop."""

import aiohttp
import pytest


async def test_strangers_are_told_what_to_do(place):
    """Without the address or the cookie there is nothing but a page that says where the address is."""
    async with place() as served:
        room = (await served.learner()).room
        for path in (
            "/",
            "/?token=",
            "/?token=guess",
            "/nothing",
            room,
            f"{room}ws",
            f"{room}static/js/textual.js",
        ):
            status, page = await served.visitor().get(path)
            assert status == 403, path
            assert "workshop serve" in page
        assert served.notes == []


async def test_an_address_works_once(place):
    """Its user can go on, nobody else can come in by it, and there is another one for the next person."""
    async with place() as served:
        first = served.addresses[0]
        async with served.visitor().http.head(first) as response:
            assert response.status in {403, 405}, "looking at an address does not use it up"
        learner = served.visitor()
        assert 'class="textual-terminal"' in await learner.enter(first)
        assert (await learner.get(learner.room))[0] == 200
        assert (await served.visitor().get(first.removeprefix(served.origin)))[0] == 403
        assert len(served.addresses) == 2
        await served.visitor().enter(served.addresses[1])


async def test_the_plain_address_leads_those_on_who_were_let_in(place):
    """By a script, since only a script can recognise a browser that was here; the page itself reveals no place."""
    async with place() as served:
        learner = await served.learner()
        for path in ("/", served.addresses[0].removeprefix(served.origin)):
            status, page = await served.visitor().get(path)
            assert status == 403
            assert '<script src="/entrance.js"' in page
            assert learner.room not in page
        status, script = await served.visitor().get("/entrance.js")
        assert status == 200
        assert "localStorage" in script
        assert learner.room not in script


async def test_the_cookie_is_for_the_server_alone(place):
    """Scripts do not see it, other sites do not send it, and other servers of this machine do not get it."""
    async with place() as served:
        visitor = served.visitor()
        async with visitor.http.get(served.addresses[0]) as response:
            cookie = next(iter(response.cookies.values()))
        assert cookie["httponly"]
        assert cookie["samesite"] == "Strict"
        assert len(cookie["path"]) > 20
        assert response.headers["Referrer-Policy"] == "same-origin"
        assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]


@pytest.mark.parametrize("origin", ["http://evil.example", "http://127.0.0.1:1", "null", ""])
async def test_other_pages_start_nothing(place, origin):
    """A page of another origin gets no session, even from a browser that has the cookie."""
    async with place() as served:
        learner = await served.learner()
        with pytest.raises(aiohttp.WSServerHandshakeError, match="403"):
            await learner.connect(Origin=origin)
        assert served.notes == []


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "localhost", "127.0.0.1"])
async def test_another_name_for_this_machine_leads_nowhere(place, host):
    """A page whose name is made to lead here can neither use an address up nor start a session."""
    async with place() as served:
        path = served.addresses[0].removeprefix(served.origin)
        status, page = await served.visitor().get(path, Host=host)
        assert (status, "exactly as it was printed" in page) == (421, True)
        learner = await served.learner()
        with pytest.raises(aiohttp.WSServerHandshakeError, match="421"):
            await learner.connect(Host=host)
        assert served.notes == []
