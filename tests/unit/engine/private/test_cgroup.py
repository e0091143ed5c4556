import errno
import os
import threading
from pathlib import Path

import pytest

from runner.engine.private.cgroup import MAX_PIDS, EngineCgroup, groups_from, sweep_groups


def test_version_1_limits_go_to_their_hierarchies_and_all_folders_go_again(tmp_path: Path) -> None:
    for hierarchy in ("pids", "memory", "cpu"):
        (tmp_path / hierarchy).mkdir()
        (tmp_path / hierarchy / "tasks").touch()
    group = EngineCgroup.of(Path("/run/x"), root=tmp_path)
    group.create(memory=1000)
    assert (tmp_path / "pids" / group.name / "pids.max").read_text() == str(MAX_PIDS)
    assert (tmp_path / "memory" / group.name / "memory.limit_in_bytes").read_text() == "1000"
    assert list((tmp_path / "cpu" / group.name).iterdir()) == []
    assert not group.remove()
    for limit in tmp_path.glob(f"*/{group.name}/*"):
        limit.unlink()  # in a real hierarchy the files go with their folder
    (tmp_path / "cpu" / group.name / "container").mkdir(parents=True)
    assert group.remove()
    assert list(tmp_path.glob(f"*/{group.name}")) == []


@pytest.mark.parametrize("unified", [True, False])
@pytest.mark.parametrize(("room", "share"), [(768, 576), (256, 96), (100, 25)])
def test_in_a_box_an_engines_containers_leave_room_for_the_engine(
    tmp_path: Path, unified: bool, room: int, share: int
) -> None:
    folders = ("", "") if unified else ("memory", "pids")
    memory, pids = (tmp_path / name for name in folders)
    limit = "memory.max" if unified else "memory.limit_in_bytes"
    if unified:
        (tmp_path / "cgroup.controllers").touch()
    for folder, name, number in ((memory, limit, str(room << 20)), (pids, "pids.max", "100")):
        folder.mkdir(exist_ok=True)
        (folder / "tasks").touch()
        (folder / name).write_text(number)
    group = EngineCgroup.of(Path("/run/x"), root=tmp_path)
    group.create()
    assert (memory / group.name / limit).read_text() == str(share << 20)
    assert (pids / group.name / "pids.max").read_text() == "60"


def test_processors_are_passed_on_without_which_no_container_can_be_put_below(tmp_path: Path) -> None:
    (tmp_path / "cpuset").mkdir()
    for name, value in (("tasks", ""), ("cpuset.cpus", "0-3\n"), ("cpuset.mems", "0\n")):
        (tmp_path / "cpuset" / name).write_text(value)
    group = EngineCgroup.of(Path("/run/x"), root=tmp_path)
    group.create()
    folder = tmp_path / "cpuset" / group.name
    assert {path.name: path.read_text() for path in folder.iterdir()} == {
        "cpuset.cpus": "0-3",
        "cpuset.mems": "0",
    }


def test_version_2_limits_go_to_one_folder(tmp_path: Path) -> None:
    (tmp_path / "cgroup.controllers").touch()
    group = EngineCgroup.of(Path("/run/x"), root=tmp_path)
    group.create(memory=1000)
    assert (tmp_path / group.name / "pids.max").read_text() == str(MAX_PIDS)
    assert (tmp_path / group.name / "memory.max").read_text() == "1000"


def test_in_version_2_the_daemon_is_put_below_the_limits_and_beside_its_containers(tmp_path: Path) -> None:
    (tmp_path / "cgroup.controllers").touch()
    group = EngineCgroup.of(Path("/run/x"), root=tmp_path)
    group.create()
    group.enter()
    assert (tmp_path / group.name / "daemon/cgroup.procs").read_text() == "0"


def test_in_version_2_an_engine_finds_the_controllers_from_the_start(tmp_path: Path) -> None:
    (tmp_path / "cgroup.controllers").touch()
    group = EngineCgroup.of(Path("/run/x"), root=tmp_path)
    group.create()
    assert (tmp_path / group.name / "cgroup.subtree_control").read_text()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives folders away")
def test_the_owner_of_groups_below_may_not_change_the_limits(tmp_path: Path) -> None:
    (tmp_path / "pids").mkdir()
    (tmp_path / "pids/tasks").touch()
    group = EngineCgroup.of(Path("/run/x"), root=tmp_path)
    group.create(owner=700_000)
    folder = tmp_path / "pids" / group.name
    assert (folder.stat().st_uid, (folder / "pids.max").stat().st_uid) == (700_000, 0)


def test_in_version_2_the_number_of_groups_below_is_limited(tmp_path: Path) -> None:
    (tmp_path / "cgroup.controllers").touch()
    group = EngineCgroup.of(Path("/run/x"), root=tmp_path)
    group.create(owner=os.getuid())
    assert (tmp_path / group.name / "cgroup.max.descendants").read_text() == "500"
    assert (tmp_path / group.name / "cgroup.max.depth").read_text() == "10"


def test_groups_that_go_meanwhile_are_left_out(tmp_path: Path) -> None:
    """Containers end, and their groups with them, while an engine's are killed or removed."""
    ended = threading.Event()

    def come_and_go() -> None:
        while not ended.is_set():
            (tmp_path / "a" / "b" / "c").mkdir(parents=True)
            for name in ("a/b/c", "a/b", "a"):
                (tmp_path / name).rmdir()

    containers = threading.Thread(target=come_and_go)
    containers.start()
    try:
        found = [list(groups_from(tmp_path)) for _ in range(2000)]
    finally:
        ended.set()
        containers.join()
    assert {groups[-1] for groups in found} == {tmp_path}


@pytest.fixture(params=["unified", "hierarchies"])
def root(request, tmp_path: Path) -> Path:
    """The top of all groups, in version 2 or in version 1."""
    root = tmp_path / "groups"
    for folder in ("",) if request.param == "unified" else ("pids", "memory"):
        (root / folder).mkdir(parents=True, exist_ok=True)
        (root / folder / "tasks").touch()
    if request.param == "unified":
        (root / "cgroup.controllers").touch()
    return root


def empty_group(root: Path, runtime: str) -> EngineCgroup:
    group = EngineCgroup.of(Path(runtime), root=root)
    for folder in group.folders:
        (folder / "container").mkdir(parents=True)
    return group


def test_groups_of_engines_that_are_gone_are_removed(root: Path, tmp_path: Path) -> None:
    gone, runs, held, other = (empty_group(root, name) for name in ("/gone", "/runs", "/held", "/other"))
    (held.folders[-1] / "container" / "cgroup.procs").write_text("17\n")
    foreign = other.folders[0].rename(other.folders[0].with_name("seccomp-workshop-notes"))
    other.remove()
    (tmp_path / "proc/12").mkdir(parents=True)
    (tmp_path / "proc/12/cmdline").write_text(f"dockerd\0--cgroup-parent={runs.parent}\0")
    (tmp_path / "proc/13").mkdir()
    (tmp_path / "proc/13/cmdline").write_bytes(b"anything\0--cgroup-parent=/\xff\0")
    assert sweep_groups(root, proc=tmp_path / "proc", age=0) == 1
    assert not any(folder.exists() for folder in gone.folders)
    assert all(folder.exists() for folder in (*runs.folders, *held.folders, foreign))


def test_the_group_of_an_engine_that_begins_stays(root: Path, tmp_path: Path) -> None:
    begins = empty_group(root, "/begins")
    assert sweep_groups(root, proc=tmp_path, age=60) == 0
    assert all(folder.exists() for folder in begins.folders)


@pytest.fixture
def group(tmp_path: Path) -> EngineCgroup:
    """A group in version 2, with no process and none below it."""
    (tmp_path / "cgroup.controllers").touch()
    group = EngineCgroup.of(Path("/run/x"), root=tmp_path)
    group.folders[0].mkdir()
    return group


def test_a_group_whose_last_processes_are_ending_is_removed(
    group: EngineCgroup, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its folder lists no process, and is busy for a moment all the same."""
    rmdir, tries = Path.rmdir, []

    def busy_at_first(path: Path) -> None:
        tries.append(path)
        if len(tries) < 4:
            raise OSError(errno.EBUSY, "Device or resource busy", str(path))
        rmdir(path)

    monkeypatch.setattr(Path, "rmdir", busy_at_first)
    assert group.remove()
    assert not group.folders[0].exists()


def test_a_process_that_enters_a_group_as_it_is_removed_ends_too(
    group: EngineCgroup, monkeypatch: pytest.MonkeyPatch
) -> None:
    procs = group.folders[0] / "cgroup.procs"
    rmdir, killed = Path.rmdir, []

    def entered_before(path: Path) -> None:
        if not killed:
            procs.write_text("17\n")
            raise OSError(errno.EBUSY, "Device or resource busy", str(path))
        rmdir(path)

    def kill(pid: int, _: int) -> None:
        killed.append(pid)
        procs.unlink()

    monkeypatch.setattr(Path, "rmdir", entered_before)
    monkeypatch.setattr(os, "kill", kill)
    assert group.clear()
    assert killed == [17]
    assert not group.folders[0].exists()


def test_groups_beside_one_that_does_not_end_are_removed(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "kill", lambda *_: None)
    group = EngineCgroup.of(Path("/run/x"), root=root)
    for folder in group.folders:
        for name in ("ends", "stays"):
            (folder / name).mkdir(parents=True)
        (folder / "stays/cgroup.procs").write_text("17\n")
    assert not group.clear(seconds=0)
    assert all([path.name for path in folder.iterdir()] == ["stays"] for folder in group.folders)


@pytest.mark.parametrize("code", [errno.EACCES, errno.EROFS])
def test_a_group_that_is_not_ours_to_remove_is_not_waited_for(
    group: EngineCgroup, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    tries = []

    def refused(path: Path) -> None:
        tries.append(path)
        raise OSError(code, os.strerror(code), str(path))

    monkeypatch.setattr(Path, "rmdir", refused)
    assert not group.remove()
    assert len(tries) == 1
