"""Docker's own settings: its configuration folder, the contexts in it, and the certificates of TLS.

The SDK looks for contexts only beside a `config.json`, and in the process's environment; docker's own command needs
neither that file nor all three certificates.
"""

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from docker.tls import TLSConfig

from runner import paths
from runner.engine.addresses import DEFAULT_SOCKET
from runner.errors import UsageError
from runner.folders import home
from runner.language import tr
from runner.suggest import nearest

DEFAULT = "default"
"""The context that means the usual socket; it has no file."""


@dataclass(frozen=True, slots=True)
class Certificates:
    """The folder of `ca.pem`, `cert.pem` and `key.pem`; `verified` is true if the server's certificate is checked."""

    folder: Path
    verified: bool

    @property
    def environment(self) -> dict[str, str]:
        """The variables that make docker's own command use them."""
        name = "DOCKER_TLS_VERIFY" if self.verified else "DOCKER_TLS"
        return {name: "1", "DOCKER_CERT_PATH": str(self.folder)}

    def configuration(self) -> TLSConfig:
        """The SDK's settings, without the client's own key pair if that does not exist."""
        pair = (self.folder / "cert.pem", self.folder / "key.pem")
        own = (str(pair[0]), str(pair[1])) if all(map(paths.is_file, pair)) else None
        authority = self.folder / "ca.pem"
        return TLSConfig(
            client_cert=own,
            ca_cert=str(authority) if paths.is_file(authority) else None,
            verify=self.verified,
        )


@dataclass(frozen=True, slots=True)
class Context:
    """A context's engine."""

    host: str
    certificates: Certificates | None = None


@dataclass(frozen=True, slots=True)
class DockerFolder:
    """docker's configuration folder, which need not exist."""

    path: Path

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> "DockerFolder":
        """The folder that docker's own command would use."""
        if named := environ.get("DOCKER_CONFIG"):
            return cls(Path(named).absolute())
        return cls(home(environ) / ".docker")

    @property
    def configuration(self) -> Path:
        return self.path / "config.json"

    def current(self) -> str:
        """The name of the current context, "" for the default one.

        Raises:
            ValueError: the configuration cannot be read; docker's own command then goes on without it.
        """
        try:
            found = json.loads(self.configuration.read_bytes())
        except FileNotFoundError:
            return ""
        except (OSError, ValueError, RecursionError) as error:
            raise ValueError(f"{self.configuration} cannot be read: {error}") from error
        name = found.get("currentContext", "") if isinstance(found, dict) else ""
        return name if isinstance(name, str) and name != DEFAULT else ""

    def names(self) -> list[str]:
        """The existing contexts."""
        found = []
        for file in (self.path / "contexts/meta").glob("*/meta.json"):
            try:
                found.append(str(json.loads(file.read_bytes())["Name"]))
            except (OSError, ValueError, KeyError, TypeError, RecursionError):
                continue
        return sorted(found)

    def context(self, name: str, *, source: str) -> Context:
        """Read the context of that name, which came from `source`.

        Raises:
            UsageError: there is none, or it cannot be read; the remedy lists the existing ones.
        """
        if name == DEFAULT:
            return Context(f"unix://{DEFAULT_SOCKET}")
        identity = hashlib.sha256(os.fsencode(name)).hexdigest()
        file = self.path / "contexts/meta" / identity / "meta.json"
        try:
            endpoint: Any = json.loads(file.read_bytes())["Endpoints"]["docker"]
            host, unverified = str(endpoint.get("Host") or ""), bool(endpoint.get("SkipTLSVerify"))
        except FileNotFoundError as error:
            raise self._unknown(name, source) from error
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            empty = isinstance(error, LookupError | TypeError | AttributeError)
            raise UsageError(
                tr(
                    "{source} names the Docker context {name}, whose file {file} cannot be used: {why}",
                    source=source,
                    name=name,
                    file=file,
                    why=tr("it names no engine") if empty else error,
                ),
                remedy=tr(
                    "make it anew: docker context rm {name}; docker context create {name} --docker host=...",
                    name=name,
                ),
            ) from error
        folder = self.path / "contexts/tls" / identity / "docker"
        return Context(
            host or f"unix://{DEFAULT_SOCKET}",
            Certificates(folder, verified=not unverified) if paths.is_folder(folder) else None,
        )

    def _unknown(self, name: str, source: str) -> UsageError:
        known = self.names()
        near = nearest(name, known)
        if near:
            said = tr(
                "{source} names the Docker context {name}, which does not exist (did you mean {near}?)",
                source=source,
                name=name,
                near=near,
            )
        else:
            said = tr(
                "{source} names the Docker context {name}, which does not exist", source=source, name=name
            )
        if known:
            remedy = tr(
                "name another or none (there are: {names}); --engine also takes `private` and "
                "unix:///.../docker.sock",
                names=", ".join([DEFAULT, *known]),
            )
        else:
            remedy = tr(
                "name another or none (there is none in {folder}); --engine also takes `private` and "
                "unix:///.../docker.sock",
                folder=self.path,
            )
        return UsageError(said, remedy=remedy)


def certificates(environ: Mapping[str, str]) -> Certificates | None:
    """The certificates that the environment asks for, read as docker does: DOCKER_CERT_PATH alone asks for none."""
    verified = bool(environ.get("DOCKER_TLS_VERIFY"))
    if not verified and not environ.get("DOCKER_TLS"):
        return None
    return Certificates(
        Path(environ.get("DOCKER_CERT_PATH") or DockerFolder.of(environ).path), verified=verified
    )


def require_authority(found: Certificates) -> Certificates:
    """Return the certificates if their authority's file exists.

    Raises:
        UsageError: it does not exist, for example because the variables belong to a machine that is gone.
    """
    authority = found.folder / "ca.pem"
    if not (problem := paths.look(authority).not_a(paths.Kind.FILE)):
        return found
    raise UsageError(
        tr(
            "the environment asks for TLS, but {authority} cannot be used: {problem}",
            authority=authority,
            problem=tr(problem),
        ),
        remedy=tr("unset what is stale (unset DOCKER_TLS DOCKER_TLS_VERIFY DOCKER_CERT_PATH), or correct it"),
    )
