"""The same attacks on the engine of an ordinary user: it does not show even that user's own files."""

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from runner.engine.programs import find
from tests.engine.test_hostile import EVERYTHING, KEPT, READ, WRITE, Machine
from tests.engine.test_rootless import borrowed_user, python_of

pytestmark = [
    pytest.mark.engine,
    pytest.mark.skipif(os.geteuid() != 0, reason="only root borrows a user"),
    pytest.mark.skipif(
        find("newuidmap") is None or find("rootlesskit") is None, reason="no rootless engine here"
    ),
    pytest.mark.skipif(shutil.which("docker") is None, reason="there is no docker command"),
]

SEEN = f"{EVERYTHING} -v /:/h lab ls /h/usr/bin/env"
SCRIPT = """
import json, shlex, subprocess, sys
from pathlib import Path
from runner.engine.discovery import EngineChoice, open_engine
from runner.engine.image.provide import provide
from runner.engine.private.places import Places
folder = Path(sys.argv[1])
with open_engine(EngineChoice(engine="private", places=Places.under(folder)), "hostile") as engine:
    provide(engine.client, ["lab"], lambda line: None, cache=folder)
    host = ["docker", "--host", engine.info.endpoint, "run", "--rm"]
    done = [
        subprocess.run([*host, *shlex.split(line)], capture_output=True, text=True, timeout=120)
        for line in json.loads(sys.argv[2])
    ]
    print(json.dumps([[one.returncode, one.stdout, one.stderr] for one in done]))
"""


@pytest.fixture
def machine() -> Iterator[Machine]:
    user = borrowed_user()
    if user is None:
        pytest.skip("no ordinary user has subordinate ids")
    with tempfile.TemporaryDirectory(dir="/var/tmp") as name:
        folder = Path(name)
        for file in ("secret", "open"):
            (folder / file).write_text(f"{KEPT}\n")
        for path in (folder, *folder.iterdir()):
            os.chown(path, user.pw_uid, user.pw_gid)
        yield Machine(folder, "/dev/vda", folder.stat().st_dev)


def test_nothing_of_the_machine_is_read_or_changed(machine: Machine, lab_archive: Path) -> None:
    user = borrowed_user()
    assert user is not None
    lines = [SEEN, *map(machine.line, [*READ, *WRITE])]
    with tempfile.TemporaryDirectory(dir="/var/tmp") as name:
        engine = Path(name)
        shutil.copy(lab_archive, engine)
        for path in (engine, *engine.iterdir()):
            os.chown(path, user.pw_uid, user.pw_gid)
        command = [*python_of(user), "-c", SCRIPT, str(engine), json.dumps(lines)]
        done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
    seen, *answers = json.loads(done.stdout)
    assert seen[:2] == [0, "/h/usr/bin/env\n"], seen
    for line, (_, printed, _) in zip(lines[1:], answers, strict=True):
        assert KEPT not in printed, line
        assert "root:" not in printed, line
    assert {path.name: path.read_text() for path in machine.folder.iterdir()} == {
        "open": f"{KEPT}\n",
        "secret": f"{KEPT}\n",
    }
