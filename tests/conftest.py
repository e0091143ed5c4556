"""Fixtures that several suites share: a real engine that the test run brings along."""

import asyncio
import inspect
import json
import os
import platform
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from hypothesis import settings

from runner import inherited_signals, language
from runner.engine.addresses import is_address
from runner.engine.api import SESSION_LABEL
from runner.engine.discovery import EngineChoice, open_engine
from runner.engine.docker.engine import DockerEngine
from runner.engine.endpoints import PRIVATE
from runner.engine.image.provide import built, provide
from runner.engine.image.recipe import Recipe
from runner.engine.private import leases
from runner.engine.private.places import OVERRIDE, Places
from runner.folders import cache_folder
from tests.fakes import new_session

# The tests may run in a script's background, or with nohup; the programs that they start are as those of a terminal.
inherited_signals.keep_from_children(signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM)
# How long an example takes says nothing on a busy machine.
settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")


def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Runs async tests, so that no plugin is needed."""
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    names = inspect.signature(pyfuncitem.obj).parameters
    # Development mode finds what is left open. asyncio's part of it, a stack per callback, finds nothing more of that,
    # and would take the app's tests 1.6 times as long.
    asyncio.run(pyfuncitem.obj(**{name: pyfuncitem.funcargs[name] for name in names}), debug=False)
    return True


@pytest.fixture(scope="session", autouse=True)
def _no_installed_workshops(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The person who runs the tests may have installed workshops, which would be listed and played too."""
    before = os.environ.get("XDG_DATA_HOME")
    os.environ["XDG_DATA_HOME"] = str(tmp_path_factory.mktemp("data"))
    yield
    if before is None:
        del os.environ["XDG_DATA_HOME"]
    else:
        os.environ["XDG_DATA_HOME"] = before


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Each test begins with the program's own texts, whatever language the one before it read."""
    yield
    language.use("")


@pytest.fixture(scope="session")
def engine_choice(short_folder: Path) -> Iterator[EngineChoice]:
    """A private engine of this test run, apart from the user's; running, with the image `lab`, and gone afterwards.

    WORKSHOP_TEST_ENGINE names another engine to test with. WORKSHOP_TEST_ABOUT names a file for the engine's
    version and Python's.
    """
    if named := os.environ.get("WORKSHOP_TEST_ENGINE"):
        choice = EngineChoice(engine=named)
        _provide(choice)
        yield choice
        return
    places = Places.under(short_folder)
    lease = leases.acquire(places, print)
    try:
        choice = EngineChoice(engine=PRIVATE, places=places, environ={"HOME": os.environ.get("HOME", "/")})
        _provide(choice)
        yield choice
    finally:
        lease.release()


@pytest.fixture(scope="session")
def short_folder() -> Iterator[Path]:
    """A folder for a private engine, whose sockets' paths have about a hundred characters at most."""
    folder = Path(tempfile.mkdtemp(prefix="workshop-test-", dir="/var/tmp"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def _provide(choice: EngineChoice) -> None:
    """Have the image `lab` on the engine, and write down which engine and Python this run is about."""
    with open_engine(choice, new_session()) as engine:
        provide(engine.client, ["lab"], print)
        info = engine.info
    if file := os.environ.get("WORKSHOP_TEST_ABOUT"):
        engine = f"{info.version} {info.runtime} {info.runtime_version} ({info.isolation})"
        Path(file).write_text(json.dumps({"engine": engine, "python": platform.python_version()}))


@pytest.fixture(scope="session")
def engine_variables(
    engine_choice: EngineChoice, short_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Mapping[str, str]:
    """The variables by which the real command uses the run's engine, whatever this machine's Docker settings name."""
    if engine_choice.engine == PRIVATE:
        settings = str(tmp_path_factory.mktemp("docker-settings"))
        unnamed = {"DOCKER_HOST": "", "DOCKER_CONTEXT": "", "DOCKER_CONFIG": settings}
        return {OVERRIDE: str(engine_choice.places.data.parent), **unnamed}
    # An engine of its own is started by `workshop engine run` alone, and apart from the user's.
    away = {OVERRIDE: str(short_folder)}
    if is_address(engine_choice.engine):
        return {"DOCKER_HOST": engine_choice.engine, **away}
    return {"DOCKER_HOST": "", "DOCKER_CONTEXT": engine_choice.engine, **away}


@pytest.fixture
def our_containers(engine_choice: EngineChoice) -> Callable[[], set[str]]:
    """The containers of workshop sessions that the run's engine has now, in whatever state."""

    def look() -> set[str]:
        with open_engine(engine_choice, new_session()) as engine:
            found = engine.client.containers(all=True, filters={"label": SESSION_LABEL})
            return {container["Id"] for container in found}

    return look


@pytest.fixture
def engine(engine_choice: EngineChoice) -> Iterator[DockerEngine]:
    """The run's real engine on behalf of a session of this test alone."""
    with open_engine(engine_choice, new_session()) as engine:
        yield engine


@pytest.fixture(scope="session")
def lab_archive() -> Path:
    """The root file system of the image `lab`, from this user's cache or made now."""
    return built(Recipe.of_this_machine(), cache_folder(), print)
