"""The private engine of an ordinary user, whom root borrows for the test where the machine has one."""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

import runner
from runner.engine.private.launch_rootless import has_range
from runner.engine.processes import arguments, pids
from runner.engine.programs import find

pytestmark = pytest.mark.engine

ALL_SINCE_2009 = 2**38 - 1
"""The capabilities that every engine knows."""

SCRIPT = """
import sys
from pathlib import Path
from runner.engine.discovery import EngineChoice, open_engine
from runner.engine.image.provide import provide
from runner.engine.private.places import Places
from runner.lab.model.container import ContainerSpec
folder = Path(sys.argv[1])
spec = ContainerSpec(cap_add=("ALL",), security_opt=("apparmor=unconfined",), init=True)
with open_engine(EngineChoice(engine="private", places=Places.under(folder)), "rootless") as engine:
    provide(engine.client, ["lab"], lambda line: None, cache=folder)
    print(engine.info.isolation, engine.info.bounded)
    shown = engine.run(spec.overridden({"command": ("grep", "CapEff", "/proc/self/status")}), seccomp="", timeout=30)
    print(shown.status, shown.output.split()[-1])
    bomb = spec.overridden({"command": ("bash", "-c", "bomb() { bomb | bomb & }; bomb; exec sleep 60")})
    try:
        engine.run(bomb, seccomp="unconfined", timeout=3)
    except Exception as error:
        print(type(error).__name__)
"""


def borrowed_user() -> pwd.struct_passwd | None:
    """An ordinary user with subordinate ids."""
    files = (Path("/etc/subuid"), Path("/etc/subgid"))
    for user in pwd.getpwall():
        if user.pw_uid >= 1000 and all(has_range(file, user.pw_name, user.pw_uid) for file in files):
            return user
    return None


def python_of(user: pwd.struct_passwd) -> list[str]:
    """A command that runs Python with the tests' modules as that user; skips the test if there is none."""
    package = Path(runner.__file__).parent.parent
    libraries = [str(package), *(path for path in sys.path if path.endswith("site-packages"))]
    for python in (sys.executable, shutil.which("python3", path="/usr/bin:/usr/local/bin")):
        if python is None:
            continue
        command = [
            *("runuser", "-u", user.pw_name, "--", "env", "-i", f"HOME={user.pw_dir}", "PATH=/usr/bin:/bin"),
            *("PYTHONDONTWRITEBYTECODE=1", f"PYTHONPATH={os.pathsep.join(libraries)}", python),
        ]
        if (
            subprocess.run(
                [*command, "-c", "import docker, runner"], check=False, capture_output=True
            ).returncode
            == 0
        ):
            return command
    pytest.skip(f"{user.pw_name} may not run this Python")


@pytest.fixture
def folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="workshop-test-", dir="/var/tmp"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.skipif(os.geteuid() != 0, reason="as an ordinary user the whole suite runs rootless anyway")
@pytest.mark.skipif(
    find("rootlesskit") is None or find("newuidmap") is None, reason="rootlesskit or uidmap is missing"
)
def test_an_ordinary_user_gets_an_engine_with_every_capability_that_leaves_nothing(
    folder: Path, lab_archive: Path
) -> None:
    user = borrowed_user()
    if user is None:
        pytest.skip("no ordinary user has subordinate ids")
    shutil.copy(lab_archive, folder)
    for path in (folder, *folder.iterdir()):
        os.chown(path, user.pw_uid, user.pw_gid)
    done = subprocess.run(
        [*python_of(user), "-c", SCRIPT, str(folder)],
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    isolation, bounded, status, capabilities, bombed = done.stdout.split()
    assert (isolation, bounded, status, bombed) == ("rootless", "False", "0", "ProgramTimeout")
    assert int(capabilities, 16) & ALL_SINCE_2009 == ALL_SINCE_2009
    assert [arguments(pid) for pid in pids() if any(str(folder) in word for word in arguments(pid))] == []
