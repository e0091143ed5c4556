"""What the daemon can see from inside: everything runs in a mount namespace of the test's own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from runner.engine.private import enclosure
from runner.engine.private.enclosure import IDS, REMAP_USER, free_range, remap_files

ALL = [(0, 2**32 - 1)]

HOST = """
set -e
mount -t tmpfs host /run
mount -t tmpfs host /etc
mkdir -p /run/containerd /run/docker/plugins /run/dbus /run/ours
mkdir -p /etc/docker/plugins /etc/cdi /etc/containerd /etc/nri /etc/ssl
for socket in containerd/containerd.sock docker/plugins/theirs.sock docker.sock dbus/system_bus_socket
do echo socket >/run/$socket; done
for file in docker/daemon.json docker/plugins/theirs.spec cdi/gpu.json containerd/config.toml nri/conf ssl/certificate
do echo host >/etc/$file; done
echo 'root:x:0:0::/root:/bin/sh' >/etc/passwd
echo 'root:x:0:' >/etc/group
echo 'me:100000:65536' | tee /etc/subuid >/etc/subgid
ln -s ../run/resolver /etc/resolv.conf
echo kept >/run/ours/file
"""


def inside(tmp_path: Path, script: str, *options: str, host: str = HOST) -> list[str]:
    """The lines that `script` prints in the enclosure, on a host that has what a host may have."""
    program = [sys.executable, "-I", enclosure.__file__, *options, "--", "/bin/sh", "-c", script]
    done = subprocess.run(
        ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", f'{host}\nexec "$@"', "sh", *program],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_runtime_folders_are_empty_but_for_those_that_are_kept(tmp_path: Path) -> None:
    seen = inside(tmp_path, "find /run; cat /run/ours/file", "--keep=/run/ours")
    assert seen == ["/run", "/run/ours", "/run/ours/file", "kept"]


def test_what_is_written_to_kept_folders_is_outside_too(tmp_path: Path) -> None:
    inside(tmp_path, f"echo new >{tmp_path}/file", f"--keep={tmp_path}")
    assert (tmp_path / "file").read_text() == "new\n"


@pytest.mark.parametrize("name", ["docker", "cdi", "containerd", "nri"])
def test_engine_settings_are_hidden(tmp_path: Path, name: str) -> None:
    assert inside(tmp_path, f"find /etc/{name} /etc/.host/{name} -type f 2>/dev/null; echo end") == ["end"]


def test_the_rest_of_etc_is_the_hosts(tmp_path: Path) -> None:
    seen = inside(tmp_path, "cat /etc/ssl/certificate /etc/passwd; readlink /etc/resolv.conf")
    assert seen == ["host", "root:x:0:0::/root:/bin/sh", "../run/resolver"]


def test_what_is_written_to_etc_stays_inside(tmp_path: Path) -> None:
    """As an engine does that makes a key for itself."""
    host = HOST + f"mkdir {tmp_path}/etc; cp -r /etc/. {tmp_path}/etc; mount --rbind {tmp_path}/etc /etc\n"
    assert inside(
        tmp_path, "mkdir -p /etc/docker && echo key >/etc/docker/key.json && echo made", host=host
    ) == ["made"]
    assert not (tmp_path / "etc/docker/key.json").exists()


def test_variables_of_rootlesskit_are_dropped_and_ours_set(tmp_path: Path) -> None:
    host = HOST + "export ROOTLESSKIT_STATE_DIR=/theirs ROOTLESSKIT_PARENT_EUID=1000 KEPT=yes\n"
    seen = inside(
        tmp_path, "env | grep -E 'ROOTLESS|KEPT' | sort", "--env=ROOTLESSKIT_STATE_DIR=/ours", host=host
    )
    assert seen == ["KEPT=yes", "ROOTLESSKIT_STATE_DIR=/ours"]


def test_containers_get_a_user_that_the_host_lacks(tmp_path: Path) -> None:
    wide = ["unshare", "--mount", "sh", "-c"] if os.geteuid() == 0 else None
    if wide is None:
        pytest.skip("only root has the ids of others to give")
    program = [
        sys.executable,
        "-I",
        enclosure.__file__,
        "--remap",
        "--",
        "/bin/sh",
        "-c",
        "grep -h dock /etc/*id /etc/passwd",
    ]
    done = subprocess.run(
        [*wide, f'{HOST}\nexec "$@"', "sh", *program], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines() == [
        *["dockremap:165536:65536"] * 2,
        "dockremap:x:165536:165536::/nonexistent:/usr/sbin/nologin",
    ]


@pytest.mark.parametrize(("mode", "hidden"), [("000", True), ("444", False)])
def test_profiles_of_apparmor_that_cannot_be_read_are_hidden(tmp_path: Path, mode: str, hidden: bool) -> None:
    host = HOST + (
        "mount -t tmpfs fake /sys/kernel/security; mkdir /sys/kernel/security/apparmor; "
        f"echo p >/sys/kernel/security/apparmor/profiles; chmod {mode} /sys/kernel/security/apparmor/profiles\n"
    )
    # Root may read everything, so it is not root here.
    lost = "-dac_override,-dac_read_search"
    host += f'set -- setpriv --bounding-set={lost} --inh-caps={lost} "$@"\n'
    seen = inside(tmp_path, "ls /sys/kernel/security", host=host)
    assert (seen == []) is hidden


def test_a_mount_that_is_refused_is_an_error_with_its_place(tmp_path: Path) -> None:
    program = [sys.executable, "-I", enclosure.__file__, "--", "/bin/true"]
    command = ["unshare", "--user", *program]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "cannot keep the engine apart" in done.stderr
    assert "Traceback" not in done.stderr


def files(folder: Path, **texts: str) -> Path:
    for name in ("passwd", "group", "subuid", "subgid"):
        (folder / name).write_text(texts.get(name, ""))
    return folder


def test_the_hosts_own_user_for_containers_is_left_as_it_is(tmp_path: Path) -> None:
    line = f"{REMAP_USER}:1:2\n"
    etc = files(tmp_path, passwd=line, group=line, subuid=line, subgid=line)
    assert remap_files([], etc=etc) == {}


def test_a_half_made_user_is_made_anew(tmp_path: Path) -> None:
    etc = files(tmp_path, group="root:x:0:\n", subuid=f"{REMAP_USER}:7:9\n")
    made = remap_files([], etc=etc)
    assert made["subuid"] == made["subgid"] == f"{REMAP_USER}:100000:65536\n"
    assert made["group"] == f"root:x:0:\n{REMAP_USER}:x:100000:\n"


def test_the_range_of_an_earlier_engine_is_taken_again_while_it_is_free(tmp_path: Path) -> None:
    (tmp_path / "data/docker/300000.300000").mkdir(parents=True)
    etc = files(tmp_path)
    assert f"{REMAP_USER}:300000:" in remap_files([tmp_path / "data"], etc=etc)["subuid"]
    files(tmp_path, subuid="someone:299999:65536\n")
    assert f"{REMAP_USER}:100000:" in remap_files([tmp_path / "data"], etc=etc)["subuid"]


@pytest.mark.parametrize(
    ("taken", "mapped", "first"),
    [
        ([], ALL, 100000),
        ([(100000, IDS)], ALL, 165536),
        ([(100000, IDS), (200000, IDS)], ALL, 265536),
        ([(100000, 1)], ALL, 100001),
        ([], [(0, 2 * IDS)], IDS),
        ([], [(0, 1), (1, 300000)], 100000),
    ],
)
def test_a_range_is_free_and_there(
    taken: list[tuple[int, int]], mapped: list[tuple[int, int]], first: int
) -> None:
    assert free_range(taken, mapped) == first


def test_where_no_range_is_left_it_says_where_to_look() -> None:
    with pytest.raises(OSError, match="/etc/subuid"):
        free_range([], [(0, IDS)])
