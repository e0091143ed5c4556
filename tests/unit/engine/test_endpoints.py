"""The engine in the user's Docker settings, as docker's own command reads them, and the sockets that are tried."""

import hashlib
import json
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from runner.engine.endpoints import named, remarks, usual
from runner.errors import UsageError

Listen = Callable[[str], Path]


def context(folder: Path, name: str, host: str, **endpoint: object) -> Path:
    """Write a context into docker's configuration folder; returns the folder for its certificates."""
    identity = hashlib.sha256(name.encode()).hexdigest()
    (folder / "contexts/meta" / identity).mkdir(parents=True)
    meta = {"Name": name, "Metadata": {}, "Endpoints": {"docker": {"Host": host, **endpoint}}}
    (folder / "contexts/meta" / identity / "meta.json").write_text(json.dumps(meta))
    return folder / "contexts/tls" / identity / "docker"


def current(folder: Path, name: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(json.dumps({"currentContext": name}))


def url(engine: str, environ: dict[str, str]) -> str:
    endpoint = named(engine, environ)
    assert endpoint is not None
    return endpoint.url


def test_the_engine_option_comes_before_the_environment() -> None:
    assert url("tcp://example:2375", {"DOCKER_HOST": "unix:///other"}) == "tcp://example:2375"
    assert named("private", {"DOCKER_HOST": "unix:///other"}) is None


def test_a_context_needs_no_config_json(tmp_path: Path) -> None:
    context(tmp_path / ".docker", "colima", "unix:///colima.sock")
    assert url("colima", {"HOME": str(tmp_path)}) == "unix:///colima.sock"
    assert url("auto", {"HOME": str(tmp_path), "DOCKER_CONTEXT": "colima"}) == "unix:///colima.sock"


def test_contexts_are_in_the_folder_that_docker_config_names(tmp_path: Path) -> None:
    """Also where the home has a configuration, which the SDK would fall back to."""
    current(tmp_path / "home/.docker", "theirs")
    context(tmp_path / "home/.docker", "theirs", "unix:///theirs.sock")
    context(tmp_path / "config", "mine", "unix:///mine.sock")
    environ = {"HOME": str(tmp_path / "home"), "DOCKER_CONFIG": str(tmp_path / "config")}
    assert named("auto", environ) is None
    assert url("mine", environ) == "unix:///mine.sock"
    current(tmp_path / "config", "mine")
    assert url("auto", environ) == "unix:///mine.sock"


def test_the_host_comes_before_the_context_and_that_before_the_current_one(tmp_path: Path) -> None:
    for name in ("one", "two"):
        context(tmp_path / ".docker", name, f"unix:///{name}.sock")
    current(tmp_path / ".docker", "one")
    environ = {"HOME": str(tmp_path)}
    assert url("auto", environ) == "unix:///one.sock"
    assert url("auto", environ | {"DOCKER_CONTEXT": "two"}) == "unix:///two.sock"
    both = environ | {"DOCKER_CONTEXT": "two", "DOCKER_HOST": "unix:///host.sock"}
    assert url("auto", both) == "unix:///host.sock"
    said = remarks("auto", both)
    assert len(said) == 2
    assert all("DOCKER_HOST comes first" in sentence for sentence in said)


@pytest.mark.parametrize("text", ["{}", '{"currentContext": "default"}', '{"currentContext": ""}', "[]"])
def test_the_default_context_names_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / "config.json").write_text(text)
    assert named("auto", {"DOCKER_CONFIG": str(tmp_path)}) is None


def test_the_default_context_by_name_is_the_usual_socket() -> None:
    assert url("auto", {"DOCKER_CONTEXT": "default"}) == "unix:///var/run/docker.sock"


@pytest.mark.parametrize("text", ['{"currentContext": ', "[" * 100_000], ids=["cut", "deep"])
def test_a_damaged_config_json_is_ignored_and_reported(tmp_path: Path, text: str) -> None:
    (tmp_path / "config.json").write_text(text)
    context(tmp_path, "mine", "unix:///mine.sock")
    environ = {"DOCKER_CONFIG": str(tmp_path)}
    assert named("auto", environ) is None
    assert url("mine", environ) == "unix:///mine.sock"
    assert "config.json cannot be read" in remarks("auto", environ)[0]


def test_an_unknown_context_is_named_with_those_that_there_are(tmp_path: Path) -> None:
    context(tmp_path, "colima", "unix:///colima.sock")
    with pytest.raises(UsageError, match=r"colma, which does not exist \(did you mean colima\?\)") as raised:
        named("auto", {"DOCKER_CONFIG": str(tmp_path), "DOCKER_CONTEXT": "colma"})
    assert "default, colima" in raised.value.remedy
    with pytest.raises(UsageError, match="--engine names the Docker context colma"):
        named("colma", {"DOCKER_CONFIG": str(tmp_path / "none")})


def test_a_damaged_context_is_named_with_its_file(tmp_path: Path) -> None:
    folder = context(tmp_path, "mine", "unix:///mine.sock")
    file = tmp_path / "contexts/meta" / folder.parent.name / "meta.json"
    file.write_text('{"Name": "mine"}')
    with pytest.raises(UsageError, match=f"{file} cannot be used: it names no engine"):
        named("mine", {"DOCKER_CONFIG": str(tmp_path)})
    file.write_text("[" * 100_000)
    with pytest.raises(UsageError, match=f"{file} cannot be used"):
        named("mine", {"DOCKER_CONFIG": str(tmp_path)})
    with pytest.raises(UsageError, match="other, which does not exist"):
        named("other", {"DOCKER_CONFIG": str(tmp_path)})


def test_a_context_brings_its_certificates(tmp_path: Path) -> None:
    folder = context(tmp_path, "remote", "tcp://example:2376", SkipTLSVerify=False)
    folder.mkdir(parents=True)
    (folder / "ca.pem").write_text("")
    endpoint = named("remote", {"DOCKER_CONFIG": str(tmp_path)})
    assert endpoint is not None
    assert endpoint.tls is not None
    assert endpoint.tls.verified
    assert endpoint.tls.environment["DOCKER_CERT_PATH"] == str(folder)
    configuration = endpoint.tls.configuration()
    assert (configuration.ca_cert, configuration.cert) == (str(folder / "ca.pem"), None)


def test_stale_tls_variables_do_not_matter_to_a_socket() -> None:
    stale = {"DOCKER_TLS_VERIFY": "1", "DOCKER_CERT_PATH": "/nowhere"}
    endpoint = named("auto", stale | {"DOCKER_HOST": "unix:///x.sock"})
    assert endpoint is not None
    assert endpoint.tls is None
    assert (
        "DOCKER_TLS_VERIFY is not followed" in remarks("auto", stale | {"DOCKER_HOST": "unix:///x.sock"})[0]
    )


def test_stale_tls_variables_name_nothing_by_themselves(tmp_path: Path) -> None:
    stale = {"DOCKER_TLS_VERIFY": "1", "DOCKER_CERT_PATH": "/nowhere", "HOME": str(tmp_path)}
    assert named("auto", stale) is None
    assert remarks("auto", stale)


def test_stale_tls_variables_are_named_if_tls_is_requested() -> None:
    stale = {"DOCKER_TLS_VERIFY": "1", "DOCKER_CERT_PATH": "/nowhere", "DOCKER_HOST": "tcp://example"}
    with pytest.raises(UsageError, match=r"/nowhere/ca\.pem cannot be used: no such file") as raised:
        named("auto", stale)
    assert "unset DOCKER_TLS DOCKER_TLS_VERIFY DOCKER_CERT_PATH" in raised.value.remedy


@pytest.mark.parametrize("off", [{}, {"DOCKER_TLS_VERIFY": ""}])
def test_a_certificate_path_alone_asks_for_no_tls(off: dict[str, str]) -> None:
    environ = {"DOCKER_CERT_PATH": "/nowhere", "DOCKER_HOST": "tcp://example", **off}
    assert url("auto", environ) == "tcp://example:2375"
    assert "DOCKER_CERT_PATH is not followed" in remarks("auto", environ)[0]


def test_there_are_no_remarks_if_all_settings_are_followed(tmp_path: Path) -> None:
    context(tmp_path, "mine", "unix:///mine.sock")
    current(tmp_path, "mine")
    assert remarks("auto", {"DOCKER_CONFIG": str(tmp_path)}) == ()
    assert remarks("auto", {"DOCKER_HOST": "unix:///x", "HOME": str(tmp_path)}) == ()


@pytest.fixture
def home() -> Iterator[Path]:
    """A folder with a short path, as sockets need it."""
    with TemporaryDirectory(prefix="w-") as folder:
        yield Path(folder)


@pytest.fixture
def listen(home: Path) -> Iterator[Listen]:
    """Make a socket at a path below the home."""
    with ExitStack() as cleanup:

        def listen(name: str) -> Path:
            path = home / name
            path.parent.mkdir(parents=True, exist_ok=True)
            listener = cleanup.enter_context(socket.socket(socket.AF_UNIX))
            listener.bind(str(path))
            return path

        yield listen


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("r/docker.sock", "rootless Docker"),
        (".docker/desktop/docker.sock", "Docker Desktop"),
        (".docker/run/docker.sock", "Docker of this user"),
        (".colima/default/docker.sock", "Colima"),
        (".colima/docker.sock", "Colima"),
        (".colima/work/docker.sock", "Colima"),
        (".config/colima/default/docker.sock", "Colima"),
        ("c/default/docker.sock", "Colima"),
        (".rd/docker.sock", "Rancher Desktop"),
        (".orbstack/run/docker.sock", "OrbStack"),
        (".lima/docker/sock/docker.sock", "Lima"),
        ("r/podman/podman.sock", "rootless Podman"),
        (".local/share/containers/podman/machine/podman.sock", "Podman machine"),
    ],
)
def test_the_usual_sockets(listen: Listen, home: Path, name: str, source: str) -> None:
    path = listen(name)
    environ = {
        "HOME": str(home),
        "XDG_RUNTIME_DIR": str(home / "r"),
        "COLIMA_HOME": str(home / "c"),
    }
    found = [
        endpoint
        for endpoint in usual(environ, uid=1)
        if endpoint.socket and endpoint.socket.is_relative_to(home)
    ]
    assert [(endpoint.source, endpoint.url) for endpoint in found] == [(source, f"unix://{path}")]


def test_a_socket_is_tried_once_however_many_names_it_has(listen: Listen, home: Path) -> None:
    path = listen(".colima/default/docker.sock")
    (home / ".rd").mkdir()
    (home / ".rd/docker.sock").symlink_to(path)
    found = [endpoint for endpoint in usual({"HOME": str(home)}, uid=1) if str(home) in endpoint.url]
    assert [endpoint.source for endpoint in found] == ["Colima"]


def test_a_file_or_a_dead_link_is_no_socket(home: Path) -> None:
    (home / ".rd").mkdir()
    (home / ".rd/docker.sock").write_text("")
    (home / ".docker/run").mkdir(parents=True)
    (home / ".docker/run/docker.sock").symlink_to(home / "gone")
    assert not [endpoint for endpoint in usual({"HOME": str(home)}, uid=1) if str(home) in endpoint.url]


def test_a_place_that_cannot_be_looked_at_hides_no_other(listen: Listen, home: Path) -> None:
    """A stand-in for the closed folder of a Podman service, which keeps nobody out where root runs the tests."""
    path = listen(".rd/docker.sock")
    environ = {"HOME": str(home), "COLIMA_HOME": str(home / ("x" * 300))}
    found = [endpoint.url for endpoint in usual(environ, uid=1) if str(home) in endpoint.url]
    assert found == [f"unix://{path}"]
