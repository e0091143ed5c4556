"""Real programs in an image made of the distribution's packages, and the real command to watch them with."""

import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from runner.cli.main import main
from runner.engine.discovery import EngineChoice, open_engine
from runner.engine.image.packages import download
from runner.engine.image.rootfs import assemble
from runner.folders import cache_folder
from tests.fakes import new_session

PACKAGES = (
    *("base-files", "bash", "busybox-static", "coreutils", "dash", "grep", "libc-bin", "perl-base", "sed"),
    *("nginx-light", "postgresql-15", "python3-minimal", "libpython3-stdlib", "redis-server", "redis-tools"),
)
IMAGE = "workshop-test-services"


@pytest.fixture(scope="session")
def services(engine_choice: EngineChoice, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of an image with servers and interpreters in it."""
    folder = tmp_path_factory.mktemp("services")
    archive = cache_folder() / f"{IMAGE}.tar"
    if not archive.exists():
        archive.parent.mkdir(parents=True, exist_ok=True)
        unfinished = folder / archive.name
        assemble(download(PACKAGES, folder / "apt", print), unfinished)
        shutil.move(unfinished, archive)
    with open_engine(engine_choice, new_session()) as engine, engine.client.within(300):
        engine.client.import_image_from_file(str(archive), repository=IMAGE)
    return IMAGE


@pytest.fixture
def workshop(
    engine_variables: Mapping[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, str]]:
    """The command on the run's engine: its exit code, what it printed, and what it said."""
    for name, value in engine_variables.items():
        monkeypatch.setenv(name, value)
    private = not engine_variables.get("DOCKER_HOST") and not engine_variables.get("DOCKER_CONTEXT")

    def run(command: str, *words: str) -> tuple[int, str, str]:
        engine = ["--engine", "private"] if private else []
        capsys.readouterr()
        code = main(["profile", command, *engine, *words])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return run


@pytest.fixture
def generated(workshop: Callable[..., tuple[int, str, str]], tmp_path: Path) -> Callable[..., Path]:
    """Generates a profile for a workload, and gives its file."""

    def generate(*words: str) -> Path:
        file = tmp_path / "generated.json"
        code, _, said = workshop("generate", "-o", str(file), *words)
        assert code == 0, said
        assert "proven" in said
        assert json.loads(file.read_text())["defaultAction"] == "SCMP_ACT_ERRNO"
        return file

    return generate
