"""Real programs in an image made from the distribution's packages, and the real command to trace them with."""

import hashlib
import io
import json
import shutil
import struct
import tarfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from runner.cli.main import main
from runner.engine.discovery import EngineChoice, open_engine
from runner.engine.image.packages import download
from runner.engine.image.rootfs import assemble
from runner.folders import cache_folder
from tests.fakes import new_session

BASE = ("base-files", "bash", "busybox-static", "coreutils", "dash", "grep", "libc-bin", "perl-base", "sed")
SERVICES = ("gron", "nginx-light", "python3-minimal", "libpython3-stdlib", "redis-server", "redis-tools")
IMAGE = "workshop-test-services"
DATABASE_IMAGE = "workshop-test-database"
"""Apart, since a database with all that it depends on is larger than the rest, and only long tests need it."""

I386 = "three-calls"
"""A program of 32 bits; with an argument, it also calls chmod."""
# pop eax; if eax != 1: chmod("/tmp", 0700); write(1, "32\n", 3); exit(0)
_CODE = bytes.fromhex(
    "5883f8017411b80f000000bb8a004000b9c0010000cd80b804000000bb01000000b98f004000ba03000000cd80b80100000031dbcd80"
    "2f746d700033320a"
)


def program_of_i386() -> bytes:
    """An ELF file without any library, whose calls are all made by `int 0x80`."""
    base, headers = 0x400000, 52 + 32
    size = headers + len(_CODE)
    ident = b"\x7fELF" + bytes((1, 1, 1)) + bytes(9)  # 32 bits, little-endian, version 1
    header = struct.pack("<HHIIIIIHHHHHH", 2, 3, 1, base + headers, 52, 0, 0, 52, 32, 1, 0, 0, 0)
    segment = struct.pack("<IIIIIIII", 1, 0, base, base, size, size, 5, 0x1000)
    return ident + header + segment + _CODE


def _packed(name: str, program: bytes) -> bytes:
    member = tarfile.TarInfo(name)
    member.size, member.mode = len(program), 0o755
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        archive.addfile(member, io.BytesIO(program))
    return packed.getvalue()


def _archive(image: str, packages: tuple[str, ...], folder: Path) -> Path:
    """The image's root file system, from the cache or made now."""
    named = hashlib.sha256(" ".join(packages).encode()).hexdigest()[:12]
    archive = cache_folder() / f"{image}-{named}.tar"
    if not archive.exists():
        archive.parent.mkdir(parents=True, exist_ok=True)
        unfinished = folder / archive.name
        assemble(download(packages, folder / "apt", print), unfinished)
        shutil.move(unfinished, archive)
    return archive


@pytest.fixture(scope="session")
def database(engine_choice: EngineChoice, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of an image with PostgreSQL in it."""
    archive = _archive(DATABASE_IMAGE, (*BASE, "postgresql"), tmp_path_factory.mktemp("database"))
    with open_engine(engine_choice, new_session()) as engine, engine.client.within(300):
        engine.client.import_image_from_file(str(archive), repository=DATABASE_IMAGE)
    return DATABASE_IMAGE


@pytest.fixture(scope="session")
def services(engine_choice: EngineChoice, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of an image with servers and interpreters in it."""
    archive = _archive(IMAGE, (*BASE, *SERVICES), tmp_path_factory.mktemp("services"))
    with open_engine(engine_choice, new_session()) as engine, engine.client.within(300):
        engine.client.import_image_from_file(str(archive), repository=IMAGE)
        made = engine.client.create_container(IMAGE, ["true"], labels=dict(engine.labels))
        engine.client.put_archive(made["Id"], "/usr/local/bin", _packed(I386, program_of_i386()))
        engine.client.commit(made["Id"], repository=IMAGE)
    return IMAGE


@pytest.fixture
def workshop(
    engine_variables: Mapping[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, str]]:
    """The command on the run's engine: returns its exit code, its output and its messages."""
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
