"""The first program in the private engine's namespaces: hides what is the host's, then becomes the daemon.

It is run by its path, with `python -I`, where nothing of ours need be importable: it imports only what is Python's.

What the daemon would take for its own is hidden by construction where that is possible: `/run`, with every engine's
sockets, plugins and buses, is empty; `/etc` is a copy that lacks the engines' settings, and what is written there is
lost. The remaining places are named one by one in `HIDDEN`.
"""

import argparse
import ctypes
import os
import re
import sys
from collections.abc import Iterable
from pathlib import Path

_RDONLY, _NOSUID, _NODEV = 1, 2, 4
_BIND, _MOVE, _RECURSIVE, _SLAVE = 4096, 8192, 16384, 1 << 19

ENGINE_SETTINGS = re.compile(r"docker|containerd|buildkit|cdi$|cni$|nri$|containers$|criu$|crictl")
"""Names in `/etc` that begin so are an engine's settings, plugins, devices, keys or credentials."""
HIDDEN = (
    *("/opt/containerd", "/opt/cni", "/opt/nri"),
    *("/usr/lib/docker/plugins", "/usr/libexec/docker/plugins", "/usr/local/lib/docker"),
    *("/var/lib/docker", "/var/lib/containerd", "/var/lib/cni", "/var/lib/buildkit"),
)
"""Folders beside `/run` and `/etc` where an engine, containerd or a plugin looks by itself."""
SECURITYFS = Path("/sys/kernel/security")
REMAP_USER = "dockremap"
"""The user whose subordinate ids `--userns-remap=default` gives to containers."""
IDS = 65536
_FIRST = 100000
"""Where ranges begin on most machines; a small user namespace may only have room below."""

_libc = ctypes.CDLL(None, use_errno=True)


def mount(source: str, target: Path | str, kind: str, flags: int, options: str = "") -> None:
    """mount(2).

    Raises:
        OSError: the kernel refused; it names the target.
    """
    words = [os.fsencode(word) for word in (source, target, kind)]
    if _libc.mount(*words, ctypes.c_ulong(flags), options.encode()):
        number = ctypes.get_errno()
        raise OSError(number, f"cannot mount {kind or source}: {os.strerror(number)}", str(target))


def cover(folder: Path, *, writable: bool = False) -> None:
    """Lay an empty folder over one that exists."""
    flags = _NOSUID | _NODEV | (0 if writable else _RDONLY)
    mount("tmpfs", folder, "tmpfs", flags, "mode=755")


def hide(*, keep: list[Path], remap: bool) -> None:
    """Hide the host's engines in this mount namespace, but not the folders in `keep`.

    With `remap` there is a user with subordinate ids for the containers, which the host need not have.
    """
    mount("", "/", "", _RECURSIVE | _SLAVE)  # what the host unmounts is free; what we mount stays here
    kept = [(path, os.open(path, os.O_PATH | os.O_DIRECTORY)) for path in keep]
    files = remap_files(keep) if remap else {}
    for path in map(Path, ("/run", "/var/run")):
        if path.is_dir() and not path.is_symlink():
            cover(path, writable=True)
    for path in (*map(Path, HIDDEN), *filter(_is_engine_setting, Path("/etc").iterdir())):
        if path.is_dir() and not path.is_symlink():
            cover(path)
    _replace_etc(files)
    if unreadable_apparmor():
        cover(SECURITYFS)
    for path, folder in kept:
        path.mkdir(parents=True, exist_ok=True)
        if not os.path.samestat(path.stat(), os.fstat(folder)):
            mount(f"/proc/self/fd/{folder}", path, "", _BIND | _RECURSIVE)
        os.close(folder)


def _replace_etc(files: dict[str, str]) -> None:
    """Have an `/etc` of our own, with all of the host's but the engines' settings, and with `files` in place of its."""
    aside, host = Path("/run/etc"), Path("/etc/.host")
    aside.mkdir()
    mount("/etc", aside, "", _BIND | _RECURSIVE)
    cover(Path("/etc"), writable=True)
    host.mkdir()
    mount(str(aside), host, "", _MOVE)
    aside.rmdir()
    for entry in host.iterdir():
        if not _is_engine_setting(entry) and entry.name not in files:
            Path("/etc", entry.name).symlink_to(entry.readlink() if entry.is_symlink() else entry)
    for name, content in files.items():
        Path("/etc", name).write_text(content)


def _is_engine_setting(entry: Path) -> bool:
    return ENGINE_SETTINGS.match(entry.name) is not None


def unreadable_apparmor() -> bool:
    """Whether AppArmor shows itself but not its profiles, which keeps an engine from starting containers."""
    if not (SECURITYFS / "apparmor").exists():
        return False
    try:
        with (SECURITYFS / "apparmor/profiles").open("rb") as profiles:
            profiles.read(1)
    except OSError:
        return True
    return False


def remap_files(
    keep: list[Path], *, etc: Path = Path("/etc"), mapping: Path = Path("/proc/self/uid_map")
) -> dict[str, str]:
    """The user database with the containers' user, whose ids nobody else has; nothing if the host's has that user.

    A range that an earlier engine has used is taken again if it is still free: what it keeps lies in a folder named so.
    """
    files = {name: _text(etc / name) for name in ("passwd", "group", "subuid", "subgid")}
    if all(REMAP_USER in (line.split(":")[0] for line in text.splitlines()) for text in files.values()):
        return {}
    taken = [
        extent for name, text in files.items() for extent in _extents(text, ranges=name.startswith("sub"))
    ]
    used = [
        int(found[1])
        for folder in keep
        for path in folder.glob("docker/*.*")
        if (found := re.fullmatch(r"(\d+)\.\1", path.name))
    ]
    first = free_range(taken, _mapped(_text(mapping)), wanted=used)
    entries = {
        "passwd": f"{first}:{first}::/nonexistent:/usr/sbin/nologin",
        "group": f"{first}:",
        "subuid": f"{first}:{IDS}",
        "subgid": f"{first}:{IDS}",
    }
    shadow = {"passwd": "x:", "group": "x:"}
    return {
        name: _with(text, f"{REMAP_USER}:{shadow.get(name, '')}{entries[name]}")
        for name, text in files.items()
    }


def free_range(
    taken: list[tuple[int, int]], mapped: list[tuple[int, int]], *, wanted: Iterable[int] = ()
) -> int:
    """The first of 65,536 ids that overlap none of `taken` and exist in one of `mapped` (first id, count).

    Raises:
        OSError: there is no such range in this user namespace.
    """
    ends = sorted(first + count for first, count in taken)
    later = [end for end in ends if end > _FIRST]
    for start in (*wanted, _FIRST, *later, IDS):
        inside = any(first <= start and start + IDS <= first + count for first, count in mapped)
        free = all(start + IDS <= first or first + count <= start for first, count in taken)
        if inside and free:
            return start
    raise OSError(
        f"no {IDS} user ids are free here for the containers: see /etc/subuid and /proc/self/uid_map"
    )


def _extents(text: str, *, ranges: bool) -> list[tuple[int, int]]:
    """The ids that a file's lines take: name:first:count for `ranges`, else name:password:id."""
    fields = [line.split(":") for line in text.splitlines()]
    if ranges:
        return [
            (int(f[1]), int(f[2])) for f in fields if len(f) == 3 and f[1].isdecimal() and f[2].isdecimal()
        ]
    return [(int(f[2]), 1) for f in fields if len(f) > 3 and f[2].isdecimal()]


def _mapped(text: str) -> list[tuple[int, int]]:
    rows = [[int(word) for word in line.split()] for line in text.splitlines()]
    return [(inside, count) for inside, _, count in rows] or [(0, 2**32 - 1)]


def _with(text: str, line: str) -> str:
    """The file with this as its only line of that name."""
    name = line.partition(":")[0]
    others = [other for other in text.splitlines() if other.partition(":")[0] != name]
    return "\n".join([*others, line, ""])


def _text(path: Path) -> str:
    try:
        return path.read_text(errors="replace")
    except OSError:
        return ""


def main(argv: list[str]) -> None:
    """Hide the host, then become the program that `argv` ends with, with this environment but rootlesskit's part."""
    parser = argparse.ArgumentParser(prog="enclosure")
    parser.add_argument("--keep", action="append", type=Path, default=[], help="a folder that stays as it is")
    parser.add_argument(
        "--remap", action="store_true", help="have a user with subordinate ids for containers"
    )
    parser.add_argument("--env", action="append", default=[], help="NAME=VALUE")
    parser.add_argument("program", nargs="+")
    chosen = parser.parse_args(argv)
    try:
        hide(keep=chosen.keep, remap=chosen.remap)
    except OSError as error:
        sys.exit(f"error: cannot keep the engine apart from this machine's own: {error}")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ROOTLESSKIT_")}
    added = dict(entry.split("=", 1) for entry in chosen.env)
    os.execve(chosen.program[0], chosen.program, kept | added)  # noqa: S606 - a path, and no shell is wanted


if __name__ == "__main__":
    main(sys.argv[1:])
