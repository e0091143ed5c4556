"""A root folder with only the parts of this machine that a program needs, read-only; the engine's daemon has one."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from runner.engine.private.cgroup import EngineCgroup
from runner.engine.private.id_range import CONTAINERS, SIZE
from runner.engine.private.linux import MS_NODEV, MS_NOEXEC, MS_NOSUID, bind, enter_root, mount

_PROGRAMS = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/nix/store", "/gnu/store")
_LINKER = ("/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/alternatives")
_DEVICES = ("null", "zero", "full", "random", "urandom", "tty")
_TERMINALS = 256
"""The number of pseudo-terminals that may be used there, of the kernel's 4,096."""
REMAPPED = "dockremap"
"""The user whose subordinate ids containers use."""


def build(
    folder: Path,
    *,
    owner: int,
    programs: Iterable[str],
    writable: Mapping[Path, Path],
    readable: Mapping[Path, Path] | None = None,
    groups: EngineCgroup | None = None,
    scratch: Iterable[str] = (),
    home: str = "",
) -> None:
    """Build it at `folder` and make it all that this mount namespace sees.

    `owner` is the id that becomes root in it: a person with the folder `home`, or a daemon. `programs` are paths to
    show, wherever they are. `writable` maps folders that may be changed there to folders of the machine; `readable`
    does the same for read-only ones; `scratch` are further folders in memory. If `groups` is given, it is the only
    control group shown.
    """
    mount("root", folder, "tmpfs", MS_NOSUID | MS_NODEV, "mode=755,size=4m")
    shown = [Path(path) for path in (*_PROGRAMS, *_LINKER)]
    for path in (*shown, *_folders(programs, shown)):
        _show(path, folder)
    _accounts(folder, home)
    _devices(folder)
    _kernel(folder, groups)
    mine = f"mode=755,size=64m,uid={owner},gid={owner}"
    for name in ("run", "tmp", "etc/docker", *scratch):
        _mount_at(folder / name, "tmpfs", MS_NOSUID | MS_NODEV, mine)
    (folder / "var").mkdir(exist_ok=True)
    (folder / "var/run").symlink_to("../run")
    # Writable folders come last: somebody may have put links there.
    for path, source in (readable or {}).items():
        _show(source, folder, at=path)
    for path, source in writable.items():
        target = folder / path.relative_to("/")
        target.mkdir(parents=True, exist_ok=True)
        bind(source, target)
    enter_root(folder)


def _folders(programs: Iterable[str], shown: Sequence[Path]) -> list[Path]:
    """The folders of programs that are outside of the folders shown anyway."""
    homes = {home for path in programs for home in (Path(path).parent, Path(path).resolve().parent)}
    return sorted(home for home in homes if not any(home.is_relative_to(path) for path in shown))


def _show(path: Path, root: Path, *, at: Path | None = None) -> None:
    target = root / (at or path).relative_to("/")
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


def _accounts(root: Path, home: str) -> None:
    etc = root / "etc"
    etc.mkdir(exist_ok=True)
    users, groups = f"root:x:0:0::{home or '/'}:/bin/sh\n", "root:x:0:\n"
    if not home:
        users += f"{REMAPPED}:x:{CONTAINERS}:{CONTAINERS}::/:/bin/false\n"
        groups += f"{REMAPPED}:x:{CONTAINERS}:\n"
        for name in ("subuid", "subgid"):
            (etc / name).write_text(f"{REMAPPED}:{CONTAINERS}:{SIZE}\n")
    (etc / "passwd").write_text(users)
    (etc / "group").write_text(groups)


def _devices(root: Path) -> None:
    """The devices that the runtime shows to every container, and no disk."""
    folder = root / "dev"
    _mount_at(folder, "tmpfs", MS_NOSUID | MS_NOEXEC, "mode=755,size=64k")
    for name in _DEVICES:
        (folder / name).touch()
        bind(f"/dev/{name}", folder / name)
    _mount_at(
        folder / "pts",
        "devpts",
        MS_NOSUID | MS_NOEXEC,
        f"newinstance,ptmxmode=0666,mode=620,max={_TERMINALS}",
    )
    _mount_at(folder / "shm", "tmpfs", MS_NOSUID | MS_NODEV, "mode=1777,size=64m")
    (folder / "mqueue").mkdir()
    for name, target in (("ptmx", "pts/ptmx"), ("fd", "/proc/self/fd")):
        (folder / name).symlink_to(target)


def _kernel(root: Path, groups: EngineCgroup | None) -> None:
    """Mount the kernel's file systems: their files belong to the machine's root, so the daemon may change only its
    groups.

    The kernel allows mounting a container's own /proc and /sys only if complete ones are visible.
    """
    quiet = MS_NOSUID | MS_NODEV | MS_NOEXEC
    _mount_at(root / "proc", "proc", quiet)
    _mount_at(root / "sys", "sysfs", quiet)
    target = root / "sys/fs/cgroup"
    if groups is None:
        bind("/sys/fs/cgroup", target)
    elif groups.unified:
        bind(groups.folders[0], target)
    else:
        _mount_at(target, "tmpfs", quiet, "mode=755,size=64k")
        for group in groups.folders:
            (target / group.relative_to(groups.root).parts[0]).mkdir()
            bind(group, target / group.relative_to(groups.root).parts[0])


def _mount_at(target: Path, kind: str, flags: int, options: str = "") -> None:
    target.mkdir(parents=True, exist_ok=True)
    mount(kind, target, kind, flags, options)
