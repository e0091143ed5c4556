"""Removes a killed daemon's leftovers from its data: containers that it may no longer know."""

import re
import shutil
from contextlib import suppress
from pathlib import Path

_LAYER = re.compile(r"[0-9a-z]{16,64}(-init)?")
_LINK = re.compile(r"[0-9A-Z]{26}")


def forget_containers(data: Path) -> None:
    """Delete all containers from the daemon's data folder, before the daemon starts; images and volumes stay.

    None of them is started again, and the daemon does not even list one whose description is incomplete.
    """
    for root in (data, *data.glob("[0-9]*.[0-9]*")):
        _empty(root / "containers")
        mounts = root / "image/overlay2/layerdb/mounts"
        for mount in mounts.glob("*"):
            for name in ("mount-id", "init-id"):
                _delete_layer(root / "overlay2", mount / name)
        _empty(mounts)
        # Records of the containers' networks, each of which would take the daemon half a second on a busy
        # machine.
        _empty(root / "network/files")


def _empty(folder: Path) -> None:
    for entry in folder.glob("*"):
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry, ignore_errors=True)
        else:
            entry.unlink(missing_ok=True)


def _delete_layer(layers: Path, named: Path) -> None:
    """Delete the layer whose name is in the file `named`, with its short name in the folder `l`."""
    # After a loss of power, there may be anything in a file.
    with suppress(OSError, ValueError):
        layer = named.read_text().strip()
        if not _LAYER.fullmatch(layer):
            return
        with suppress(OSError, ValueError):
            link = (layers / layer / "link").read_text().strip()
            if _LINK.fullmatch(link):
                (layers / "l" / link).unlink()
        shutil.rmtree(layers / layer, ignore_errors=True)
