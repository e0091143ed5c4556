"""Provides the images that labs use: already on the engine, from our cache, built from packages, or pulled."""

import fcntl
import json
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from docker.errors import APIError, DockerException, ImageNotFound

from runner.engine.api import LABEL, ImageMissing
from runner.engine.docker.client import Client, engine_errors, explanation
from runner.engine.image import recipe
from runner.engine.image.packages import download
from runner.engine.image.recipe import Recipe
from runner.engine.image.rootfs import assemble
from runner.engine.image_names import OWN
from runner.errors import EngineError
from runner.folders import cache_folder
from runner.language import tr
from runner.pace import MACHINE

IMAGE_LABEL = f"{LABEL}.image"
LAB = "lab"
_REPOSITORY = f"{OWN}lab"
_LOAD_SECONDS = 300.0
_BUILD = "build-"


def provide(
    client: Client, images: Iterable[str], progress: Callable[[str], None], *, cache: Path | None = None
) -> None:
    """Ensure that the engine has each image.

    Raises:
        ImageMissing: an image cannot be provided.
        EngineError: `lab` cannot be built; the remedy says what to do.
    """
    for image in dict.fromkeys(images):
        if image.removesuffix(":latest") == LAB:
            provide_lab(client, progress, cache=cache or cache_folder())
        elif labels_of(client, image) is None:
            _pull(client, image, progress)


def provide_lab(client: Client, progress: Callable[[str], None], *, cache: Path) -> None:
    """Ensure that `lab` is the image of the current recipe."""
    made = Recipe.of_this_machine()
    tagged = labels_of(client, LAB)
    if tagged is not None and tagged.get(IMAGE_LABEL) == made.hash:
        return
    if tagged is not None and IMAGE_LABEL not in tagged:
        raise EngineError(
            tr(
                "the engine at {endpoint} has an image `lab` that is not the workshop's",
                endpoint=client.endpoint,
            ),
            remedy=tr(
                "give it another name (docker tag lab NAME; docker rmi lab), or use `--engine private`"
            ),
        )
    image = f"{_REPOSITORY}:{made.hash}"
    if labels_of(client, image) is None:
        archive = built(made, cache, progress)
        progress(tr("Loading the image `lab` into the engine"))
        image = _load(client, archive, made)
    with engine_errors(tr("cannot name the image `lab`"), client.endpoint):
        client.tag(image, _REPOSITORY, made.hash, force=True)
        client.tag(image, LAB, "latest", force=True)


def built(made: Recipe, cache: Path, progress: Callable[[str], None]) -> Path:
    """Return this recipe's archive of the root file system, from the cache or newly built; only one process builds.

    Raises:
        EngineError: the cache cannot be written, or the packages cannot be downloaded.
    """
    archive = cache / f"lab-{made.hash}.tar"
    if archive.exists():
        return archive
    try:
        cache.mkdir(parents=True, exist_ok=True)
        with _locked(cache / "lab.lock"):
            if not archive.exists():
                _build(archive, cache, progress)
    except OSError as error:
        raise EngineError(
            tr("cannot build the image `lab` in {folder}: {error}", folder=cache, error=error),
            remedy=tr("free some space there, or set XDG_CACHE_HOME to another folder"),
        ) from error
    return archive


def labels_of(client: Client, image: str) -> Mapping[str, str] | None:
    """The image's labels; None if the engine lacks the image."""
    inspect: Any = client.inspect_image  # its stub has no types
    with engine_errors(tr("cannot look for the image {image}", image=image), client.endpoint):
        try:
            found: dict[str, Any] = inspect(image)
        except ImageNotFound:
            return None
    return found["Config"].get("Labels") or {}


def _build(archive: Path, cache: Path, progress: Callable[[str], None]) -> None:
    """Build while holding the cache's lock, so another build's folder is from a killed process."""
    for abandoned in cache.glob(f"{_BUILD}*"):
        shutil.rmtree(abandoned, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=_BUILD, dir=cache) as folder:
        packages = download(recipe.PACKAGES, Path(folder, "apt"), progress)
        size = sum(package.stat().st_size for package in packages) / 1e6
        progress(
            tr(
                "Assembling the image `lab` from {number} packages ({size:.0f} MB)",
                number=len(packages),
                size=size,
            )
        )
        unfinished = Path(folder, archive.name)
        assemble(packages, unfinished)
        unfinished.replace(archive)


def _load(client: Client, archive: Path, made: Recipe) -> str:
    """Import the archive and return the image's id, which is the same on every engine."""
    changes = [
        *(f"ENV {key}={value}" for key, value in recipe.ENVIRONMENT.items()),
        f"CMD {json.dumps(list(recipe.COMMAND))}",
        f"LABEL {IMAGE_LABEL}={made.hash}",
    ]
    with (
        engine_errors(tr("cannot load the image `lab`"), client.endpoint),
        client.within(MACHINE.stretched(_LOAD_SECONDS)),
    ):
        try:
            said = str(client.import_image_from_file(str(archive), changes=changes))
        except APIError as error:
            raise _not_loaded(explanation(error)) from error
    if reason := _failure(said):
        raise _not_loaded(reason)
    last = json.loads(said.splitlines()[-1])
    return str(last.get("id") or last["status"])


def _not_loaded(reason: str) -> EngineError:
    return EngineError(
        tr("cannot load the image `lab`: {reason}", reason=reason),
        remedy=tr("see whether `workshop doctor` finds room on the disk"),
    )


def _pull(client: Client, image: str, progress: Callable[[str], None]) -> None:
    progress(tr("Pulling {image}", image=image))
    with (
        engine_errors(tr("cannot pull {image}", image=image), client.endpoint),
        client.within(MACHINE.stretched(_LOAD_SECONDS)),
    ):
        try:
            reason = _failure(str(client.pull(image)))
        except APIError as error:
            raise _not_pulled(image, explanation(error)) from error
        except DockerException as error:  # for one, a program that keeps docker's passwords is not there
            raise _not_pulled(image, str(error)) from error
    if reason:
        raise _not_pulled(image, reason)


def _not_pulled(image: str, reason: str) -> ImageMissing:
    return ImageMissing(
        tr("the engine has no image {image}, and it cannot be pulled: {reason}", image=image, reason=reason),
        remedy=tr(
            "load it into the engine, for example with `docker load`, or build it as {image}", image=image
        ),
    )


def _failure(said: str) -> str:
    """The failure in the engine's answer, a JSON object on each line, which began with success; "" if there is none."""
    return next((str(error) for line in said.splitlines() if (error := json.loads(line).get("error"))), "")


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
