from pathlib import Path

from runner.engine import unix_http
from runner.engine.private import rootlesskit_api
from runner.engine.private.places import Places


def test_it_answers_that_there_is_neither_a_network_nor_a_port_driver(tmp_path: Path) -> None:
    places = Places.under(tmp_path)
    places.exec_root.mkdir(parents=True)
    rootlesskit_api.serve(places)
    socket = rootlesskit_api.folder(places) / "api.sock"
    for _ in range(2):
        status, info = unix_http.request(socket, "GET", "/v1/info", seconds=5)
        assert status == 200
        assert info["networkDriver"]["driver"] == info["portDriver"]["driver"] == "none"
        assert info["portDriver"]["protos"] == []
