"""`workshop install` of a bundle: its image and its workshops."""

import argparse
import gzip
import shutil
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

from runner.cli.author.installing import found_in, install_workshops, scratch_folder
from runner.cli.output import agreed, say
from runner.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

_MOST_IMAGE = 2 << 30


def install_bundle(arguments: argparse.Namespace) -> ExitCode:
    """Check a bundle, show its content, ask, and install its image and its workshops."""
    from runner.bundle.content import content_lines
    from runner.bundle.source import Fetched
    from runner.bundle.unpacking import unpack_bundle
    from runner.folders import cache_folder

    source = Path(arguments.source)
    with scratch_folder() as scratch:
        folder = scratch / "content"
        folder.mkdir()
        manifest = unpack_bundle(source, folder)
        for line in content_lines(manifest):
            say(line)
        say("  every file matches the bundle's manifest")
        images = [part.name for part in manifest.below("image")]
        if images:
            say("  Its image goes into the cache, and containers are started of it.")
            if arguments.yes or agreed("Trust the image?", doing="trusting it"):
                _keep_image(folder, images, cache_folder())
        if (folder / "workshops").is_dir():
            found = found_in(folder / "workshops", str(source))
            install_workshops(found, Fetched(str(source.resolve())), arguments)
    if manifest.below("packages"):
        say("its packages are for an administrator: unpack it, then `sh packages/install.sh` as root")
    return ExitCode.OK


def _keep_image(folder: Path, names: "Sequence[str]", cache: Path) -> None:
    """Put the image of this machine's recipe into the cache, as if it had been built here."""
    from runner.engine.image.recipe import Recipe

    made = Recipe.of_this_machine()
    wanted = f"image/lab-{made.hash}.tar.gz"
    if wanted not in names:
        say(f"its image is not the one that this program uses on {made.suite}, and was not taken")
        return
    target = cache / f"lab-{made.hash}.tar"
    if target.exists():
        say("the image is there already")
        return
    cache.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(f".{target.name}.new")
    try:
        with gzip.open(folder / wanted) as content, unfinished.open("wb") as file:
            shutil.copyfileobj(_Limited(content), file)
        unfinished.replace(target)
    except (OSError, EOFError, zlib.error) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        raise UsageError(f"the image is damaged: {error}", remedy="make the bundle again") from error
    finally:
        unfinished.unlink(missing_ok=True)
    say(f"the image is in {target}")


class _Limited:
    """Stops reading a compressed image that expands beyond any sensible size."""

    def __init__(self, content: gzip.GzipFile) -> None:
        self._content = content
        self._left = _MOST_IMAGE

    def read(self, count: int = -1, /) -> bytes:
        chunk = self._content.read(count)
        self._left -= len(chunk)
        if self._left < 0:
            raise UsageError("the image is larger than an image can be")
        return chunk
