"""Where a class listens."""

from runner.classroom.host.sockets import listen


def test_an_address_of_this_machine_alone_is_listened_at_alone() -> None:
    sockets = listen("Localhost", 0)
    assert sockets.web.getsockname()[0] == "127.0.0.1"
    sockets.close()
