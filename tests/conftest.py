"""What several suites share: a real engine that the test run brings along."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from runner.cache import cache_folder
from runner.engine.discovery import EngineChoice, open_engine
from runner.engine.docker.engine import DockerEngine
from runner.engine.image.provide import built, provide
from runner.engine.image.recipe import Recipe
from runner.engine.private import leases
from runner.engine.private.places import Places
from tests.fakes import new_session

# How long an example takes says nothing on a busy machine.
settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")


@pytest.fixture(scope="session")
def engine_choice() -> Iterator[EngineChoice]:
    """A private engine of this test run, apart from the user's; running, with the image `lab`, and gone afterwards.

    WORKSHOP_TEST_ENGINE names another engine to test with.
    """
    if named := os.environ.get("WORKSHOP_TEST_ENGINE"):
        choice = EngineChoice(engine=named)
        with open_engine(choice, new_session()) as engine:
            provide(engine.client, ["lab"], print)
        yield choice
        return
    folder = Path(tempfile.mkdtemp(prefix="workshop-test-", dir="/var/tmp"))
    folder.chmod(0o711)
    places = Places.under(folder)
    lease = leases.acquire(places, print)
    try:
        choice = EngineChoice(engine="private", places=places, environ={"HOME": os.environ.get("HOME", "/")})
        with open_engine(choice, new_session()) as engine:
            provide(engine.client, ["lab"], print)
        yield choice
    finally:
        lease.release()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def engine(engine_choice: EngineChoice) -> Iterator[DockerEngine]:
    """The run's real engine on behalf of a session of this test alone."""
    with open_engine(engine_choice, new_session()) as engine:
        yield engine


@pytest.fixture(scope="session")
def lab_archive() -> Path:
    """The root file system of the image `lab`, from this user's cache or made now."""
    return built(Recipe.of_this_machine(), cache_folder(), print)
