"""Writes a class's settings and keys where the gateway reads them."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from runner.box.resources import ClassResources
from runner.classroom import certificate as certificates
from runner.classroom import ssh_key
from runner.classroom.settings import CERTIFICATE, KEY, SSH_KEY, Marks, Settings, give
from runner.errors import UsageError


def furnish(
    resources: ClassResources, settings: Settings, *, certificate: Path | None, key: Path | None
) -> Settings:
    """Write the settings and keys for the gateway; returns the settings with the fingerprints of the class's own keys.

    Raises:
        UsageError: the given certificate or key cannot be used.
    """
    reader = resources.gateway_id
    if certificate is not None and key is not None:
        certificates.context(certificate, key)
        give(resources.settings / CERTIFICATE, certificate.read_bytes(), reader=reader)
        give(resources.settings / KEY, key.read_bytes(), reader=reader)
        own = ""
    else:
        own = _own_certificate(resources, settings, reader=reader)
    ssh = _ssh_key(resources.settings / SSH_KEY, reader=reader) if settings.ssh_port else ""
    complete = replace(settings, marks=Marks(own, ssh))
    complete.write(resources.settings, reader=reader)
    return complete


def _own_certificate(resources: ClassResources, settings: Settings, *, reader: int) -> str:
    """The fingerprint of the class's own certificate, which is created unless a usable one exists."""
    file, key = resources.settings / CERTIFICATE, resources.settings / KEY
    names = settings.names
    if not _serves(file, key, names):
        pem, private = certificates.make(names)
        give(file, pem, reader=reader)
        give(key, private, reader=reader)
    return certificates.fingerprint(file.read_bytes())


def _serves(file: Path, key: Path, names: Sequence[str]) -> bool:
    """True if the certificate is for these names and fits the key, which a loss of power can have emptied."""
    try:
        certificates.context(file, key)
    except UsageError:
        return False
    return certificates.valid_for(file.read_bytes(), names)


def _ssh_key(file: Path, *, reader: int) -> str:
    """The fingerprint of the class's own ssh key, which is created if there is no usable one."""
    with suppress(OSError, ValueError):
        return ssh_key.fingerprint(file.read_bytes())
    give(file, ssh_key.make(), reader=reader)
    return ssh_key.fingerprint(file.read_bytes())
