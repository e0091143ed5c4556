"""The root folder of the private engine's daemon: what it needs of this machine, read-only, and nothing else."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from runner.engine.private.id_range import CONTAINERS, SIZE
from runner.engine.private.linux import MS_NODEV, MS_NOEXEC, MS_NOSUID, bind, enter_root, mount

_PROGRAMS = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/nix/store", "/gnu/store")
_LINKER = ("/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/alternatives")
_DEVICES = ("null", "zero", "full", "random", "urandom", "tty")
REMAPPED = "dockremap"
"""The user whose subordinate ids the containers have."""


def build(folder: Path, *, owner: int, programs: Iterable[str], writable: Sequence[Path]) -> None:
    """Make it at `folder` and have this mount namespace see nothing else.

    `owner` is the daemon's id; `programs` are paths that are shown wherever they are; `writable` are folders that the
    daemon may change, at the path that they have on the machine.
    """
    mount("root", folder, "tmpfs", MS_NOSUID | MS_NODEV, "mode=755,size=4m")
    shown = [Path(path) for path in (*_PROGRAMS, *_LINKER)]
    for path in (*shown, *_folders(programs, shown)):
        _show(path, folder)
    _accounts(folder)
    _devices(folder)
    _kernel(folder)
    mine = f"mode=755,size=64m,uid={owner},gid={owner}"
    for name in ("run", "tmp", "etc/docker"):
        _mount_at(folder / name, "tmpfs", MS_NOSUID | MS_NODEV, mine)
    (folder / "var").mkdir()
    (folder / "var/run").symlink_to("../run")
    for path in writable:
        target = folder / path.relative_to("/")
        target.mkdir(parents=True, exist_ok=True)
        bind(path, target)
    enter_root(folder)


def _folders(programs: Iterable[str], shown: Sequence[Path]) -> list[Path]:
    """Where programs are that stand outside of what is shown anyway."""
    homes = {home for path in programs for home in (Path(path).parent, Path(path).resolve().parent)}
    return sorted(home for home in homes if not any(home.is_relative_to(path) for path in shown))


def _show(path: Path, root: Path) -> None:
    target = root / path.relative_to("/")
    if target.exists() or not path.exists():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    if path.is_symlink():
        target.symlink_to(path.readlink())
        return
    if path.is_dir():
        target.mkdir()
    else:
        target.touch()
    bind(path, target, read_only=True)


def _accounts(root: Path) -> None:
    etc = root / "etc"
    etc.mkdir(exist_ok=True)
    (etc / "passwd").write_text(
        f"root:x:0:0::/:/bin/sh\n{REMAPPED}:x:{CONTAINERS}:{CONTAINERS}::/:/bin/false\n"
    )
    (etc / "group").write_text(f"root:x:0:\n{REMAPPED}:x:{CONTAINERS}:\n")
    for name in ("subuid", "subgid"):
        (etc / name).write_text(f"{REMAPPED}:{CONTAINERS}:{SIZE}\n")


def _devices(root: Path) -> None:
    """Those that the runtime shows to every container, and no disk."""
    folder = root / "dev"
    _mount_at(folder, "tmpfs", MS_NOSUID | MS_NOEXEC, "mode=755,size=64k")
    for name in _DEVICES:
        (folder / name).touch()
        bind(f"/dev/{name}", folder / name)
    _mount_at(folder / "pts", "devpts", MS_NOSUID | MS_NOEXEC, "newinstance,ptmxmode=0666,mode=620")
    _mount_at(folder / "shm", "tmpfs", MS_NOSUID | MS_NODEV, "mode=1777,size=64m")
    (folder / "mqueue").mkdir()
    for name, target in (("ptmx", "pts/ptmx"), ("fd", "/proc/self/fd")):
        (folder / name).symlink_to(target)


def _kernel(root: Path) -> None:
    """Views of the kernel: its files belong to the machine's root, so that the daemon may change none but its groups.

    A container's own /proc and /sys may be mounted only where a whole one is to be seen.
    """
    quiet = MS_NOSUID | MS_NODEV | MS_NOEXEC
    _mount_at(root / "proc", "proc", quiet)
    _mount_at(root / "sys", "sysfs", quiet)
    bind("/sys/fs/cgroup", root / "sys/fs/cgroup")


def _mount_at(target: Path, kind: str, flags: int, options: str = "") -> None:
    target.mkdir(parents=True, exist_ok=True)
    mount(kind, target, kind, flags, options)
