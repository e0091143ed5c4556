"""The possible endpoints: the one that the user named, and the usual sockets."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from runner import paths
from runner.engine.addresses import DEFAULT_SOCKET, is_address, read_address
from runner.engine.contexts import Certificates, DockerFolder, certificates, require_authority
from runner.folders import config_home, home, runtime_home
from runner.language import tr

AUTOMATIC = "auto"
PRIVATE = "private"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A place where an engine may listen, and the source of that information."""

    source: str
    url: str
    tls: Certificates | None = None

    @property
    def socket(self) -> Path | None:
        """The socket's path, if it is on this machine."""
        return Path(self.url.removeprefix("unix://")) if self.url.startswith("unix://") else None


def named(engine: str, environ: Mapping[str, str]) -> Endpoint | None:
    """Return the endpoint that the user names: by `engine` (an address or a context), `DOCKER_HOST`, `DOCKER_CONTEXT`,
    or the current Docker context, in this order, which is docker's own.

    Raises:
        UsageError: no such endpoint exists.
    """
    if engine == PRIVATE:
        return None
    if engine != AUTOMATIC:
        return _at("--engine", engine, environ) if is_address(engine) else _in("--engine", engine, environ)
    if environ.get("DOCKER_HOST", "").strip():
        return _at("DOCKER_HOST", environ["DOCKER_HOST"], environ)
    if name := environ.get("DOCKER_CONTEXT"):
        return _in("DOCKER_CONTEXT", name, environ)
    folder = DockerFolder.of(environ)
    try:
        current = folder.current()
    except ValueError:
        return None
    return _in(str(folder.configuration), current, environ) if current else None


def remarks(engine: str, environ: Mapping[str, str]) -> tuple[str, ...]:
    """The user's Docker settings that are ignored, with the reason, a sentence each."""
    said = []
    ways = [
        ("--engine", "" if engine == AUTOMATIC else engine),
        ("DOCKER_HOST", environ.get("DOCKER_HOST", "").strip()),
        ("DOCKER_CONTEXT", environ.get("DOCKER_CONTEXT", "")),
    ]
    folder = DockerFolder.of(environ)
    try:
        ways.append((f"the current context of {folder.configuration}", folder.current()))
    except ValueError as error:
        said.append(f"{error}; docker's own command ignores it too")
    given = [(way, value) for way, value in ways if value]
    said += [f"{way} ({value}) is not followed: {given[0][0]} comes first" for way, value in given[1:]]
    return (*said, *_remarks_on_tls(given[0] if given else ("", ""), environ))


def _remarks_on_tls(first: tuple[str, str], environ: Mapping[str, str]) -> Iterator[str]:
    asked = " and ".join(name for name in ("DOCKER_TLS", "DOCKER_TLS_VERIFY") if environ.get(name))
    if not asked:
        if environ.get("DOCKER_CERT_PATH"):
            yield "DOCKER_CERT_PATH is not followed: only DOCKER_TLS or DOCKER_TLS_VERIFY switches TLS on"
        return
    way, value = first
    if way in {"--engine", "DOCKER_HOST"} and is_address(value) and not value.startswith(("unix:", "ssh:")):
        return
    yield f"{asked} is not followed: only an engine that is named by its tcp:// address is reached over TLS"


def usual(environ: Mapping[str, str], *, uid: int) -> Iterator[Endpoint]:
    """The sockets of commonly installed engines, each once, this user's first."""
    seen = set()
    for source, path in _sockets(environ, uid):
        if paths.is_socket(path) and (real := path.resolve()) not in seen:
            seen.add(real)
            yield Endpoint(source, f"unix://{path}")


def _sockets(environ: Mapping[str, str], uid: int) -> Iterator[tuple[str, Path]]:
    system = Path(f"/run/user/{uid}")
    runtimes = list(dict.fromkeys([runtime_home(environ) or system, system]))
    user, settings = home(environ), config_home(environ)
    for runtime in runtimes:
        yield "rootless Docker", runtime / "docker.sock"
    yield "Docker Desktop", user / ".docker/desktop/docker.sock"
    # Without a runtime folder, rootless Docker listens here, as Docker Desktop does on macOS.
    yield "Docker of this user", user / ".docker/run/docker.sock"
    machines = [Path(named) for named in [environ.get("COLIMA_HOME")] if named]
    for colima in (*machines, user / ".colima", settings / "colima"):
        yield from (("Colima", colima / name) for name in ("default/docker.sock", "docker.sock"))
        yield from (("Colima", path) for path in _profiles(colima, "*/docker.sock"))
    yield "Rancher Desktop", user / ".rd/docker.sock"
    yield "OrbStack", user / ".orbstack/run/docker.sock"
    yield from (
        ("Lima", path)
        for path in _profiles(Path(environ.get("LIMA_HOME") or user / ".lima"), "*/sock/docker.sock")
    )
    yield "Docker", DEFAULT_SOCKET
    for runtime in runtimes:
        yield "rootless Podman", runtime / "podman/podman.sock"
    yield "Podman machine", user / ".local/share/containers/podman/machine/podman.sock"
    yield "Podman", Path("/run/podman/podman.sock")


def _profiles(folder: Path, pattern: str) -> list[Path]:
    try:
        return sorted(folder.glob(pattern))
    except OSError:
        return []


def _at(source: str, text: str, environ: Mapping[str, str]) -> Endpoint:
    tls = certificates(environ)
    url = read_address(text, source=source, environ=environ, tls=tls is not None)
    # A socket on this machine needs no TLS.
    return Endpoint(source, url, require_authority(tls) if tls and url.startswith("tcp://") else None)


def _in(source: str, name: str, environ: Mapping[str, str]) -> Endpoint:
    found = DockerFolder.of(environ).context(name, source=source)
    whose = tr("the Docker context {name} ({source})", name=name, source=source)
    url = read_address(found.host, source=whose, environ=environ, tls=found.certificates is not None)
    return Endpoint(whose, url, found.certificates if url.startswith("tcp://") else None)
