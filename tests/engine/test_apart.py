"""The private engine on a machine with other engines, settings for them, and an AppArmor that it cannot read.

The machine is a mount namespace that the test sets up; root's engine is started in it, and an ordinary user's.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from runner.engine.programs import find
from tests.engine.test_rootless import borrowed_user, python_of

pytestmark = [
    pytest.mark.engine,
    pytest.mark.skipif(os.geteuid() != 0, reason="only root can furnish a machine"),
]

# A server that one of our engines asks has been found by it.
MACHINE = """
import os, socket, subprocess, sys, threading
from pathlib import Path

folder, *command = sys.argv[1:]

def shell(script):
    subprocess.run(["sh", "-ec", script], check=True)

shell(f'''
mount --make-rprivate /
mkdir {folder}/etc
cp -a /etc/. {folder}/etc/
mount --bind {folder}/etc /etc
rm -rf /etc/docker
mount -t tmpfs machine /run
mkdir -p /run/containerd /run/docker/plugins /run/cdi /run/dbus /run/user
mkdir -p /etc/docker/plugins /etc/docker/certs.d /etc/cdi /etc/containerd /etc/nri /opt
echo '{{"debug": "this is no setting"' >/etc/docker/daemon.json
echo 'this is no TOML [' >/etc/containerd/config.toml
echo 'kind: this is no device' | tee /etc/cdi/gpu.yaml >/run/cdi/gpu.yaml
echo unix:///run/docker/plugins/authz.sock >/etc/docker/plugins/authz.spec
mount -t tmpfs machine /sys/kernel/security
mkdir /sys/kernel/security/apparmor
echo 'docker-default (enforce)' >/sys/kernel/security/apparmor/profiles
chmod 0 /sys/kernel/security/apparmor/profiles
''')

found = []

def listen(path):
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    os.chmod(path, 0o666)
    listener.listen()
    def serve():
        while True:
            connection, _ = listener.accept()
            found.append(path)
            connection.close()
    threading.Thread(target=serve, daemon=True).start()

theirs = ["containerd/containerd.sock", "docker/plugins/authz.sock", "docker.sock", "dbus/system_bus_socket"]
for name in theirs:
    listen(f"/run/{name}")
done = subprocess.run(command)
print("found:", *found)
written = [str(path) for path in Path("/run").rglob("*") if path.is_socket()]
print("written:", *sorted(set(written) - {f"/run/{name}" for name in theirs}))
sys.exit(done.returncode)
"""

USER = """
import json, sys
from pathlib import Path
from runner.engine.discovery import EngineChoice, open_engine
from runner.engine.image.provide import provide
from runner.engine.private.places import Places
from runner.lab.model.container import ContainerSpec
folder = Path(sys.argv[1])
spec = ContainerSpec(image="lab", command=("grep", "Seccomp:", "/proc/self/status"), cap_add=("ALL",))
with open_engine(EngineChoice(engine="private", places=Places.under(folder)), "apart") as engine:
    provide(engine.client, ["lab"], lambda line: None, cache=folder)
    done = engine.run(spec, seccomp="", timeout=60)
    info = engine.client.info()
    print(json.dumps([done.status, *done.output.split(), info["Plugins"]["Authorization"], info["Debug"]]))
"""


@pytest.fixture
def folder(lab_archive: Path) -> Iterator[Path]:
    """A folder with the archive of the image `lab`, readable for everybody."""
    made = Path(tempfile.mkdtemp(prefix="workshop-test-", dir="/var/tmp"))
    made.chmod(0o711)
    shutil.copy(lab_archive, made)
    yield made
    shutil.rmtree(made, ignore_errors=True)


def of_root() -> list[str]:
    return [sys.executable]


def of_ordinary_user() -> list[str]:
    user = borrowed_user()
    if user is None or find("rootlesskit") is None or find("newuidmap") is None:
        pytest.skip("no ordinary user can have an engine here")
    return python_of(user)


@pytest.mark.parametrize("python", [of_root, of_ordinary_user])
def test_it_finds_nothing_of_the_machines_engines_and_leaves_nothing_there(
    folder: Path, python: object
) -> None:
    command = python()  # type: ignore[operator]
    place = folder / "place"
    place.mkdir()
    shutil.move(str(next(folder.glob("*.tar"))), place)
    if command != of_root():
        user = borrowed_user()
        assert user is not None
        for path in (place, *place.iterdir()):
            os.chown(path, user.pw_uid, user.pw_gid)
    done = subprocess.run(
        ["unshare", "--mount", sys.executable, "-c", MACHINE, str(folder), *command, "-c", USER, str(place)],
        capture_output=True,
        text=True,
        check=False,
        timeout=170,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    said, found, written = done.stdout.splitlines()
    assert json.loads(said) == [0, "Seccomp:", "2", None, False]
    assert found == "found:"
    assert written == "written:"
    assert not (folder / "etc/docker/key.json").exists()
