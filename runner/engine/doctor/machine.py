"""Examines this machine for the needs of engines and labs, without starting or changing anything."""

import ctypes.util
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from runner.engine.api import EngineInfo
from runner.engine.doctor.findings import Finding, Level
from runner.engine.image.recipe import Recipe
from runner.engine.packaging import how_to_install, packages_for
from runner.engine.private import launch, launch_rootless
from runner.engine.private.places import OVERRIDE, Places
from runner.engine.programs import find
from runner.errors import WorkshopError
from runner.files import text_if_any

_CAP_SYS_RESOURCE = 24
_SPACE_NEEDED = 500 * 10**6
_SPACE_WANTED = 2 * 10**9
_TRY_SECONDS = 30.0


def programs(*, needed: bool) -> Finding:
    """The programs of the private engine."""
    absent = tuple(name for name in launch.programs() if find(name) is None)
    if not absent:
        return Finding("private engine", Level.OK, "everything that it needs is installed")
    detail = f"not installed: {', '.join(absent)}"
    return _to_install("private engine", _missing(needed=needed), detail, absent)


def docker_command(search: str) -> Finding:
    """The command that learners type in the lessons."""
    if path := shutil.which("docker", path=search):
        return Finding("docker command", Level.OK, path)
    if elsewhere := find("docker"):
        remedy = f"put its folder on your PATH: export PATH=$PATH:{Path(elsewhere).parent}"
        return Finding("docker command", Level.MISSING, f"{elsewhere} is not on your PATH", remedy)
    detail = "not installed: the `docker` lines of the lessons cannot be typed"
    return _to_install("docker command", Level.MISSING, detail, ("docker",))


def seccomp() -> Finding:
    """The kernel's support for filtering system calls."""
    available = text_if_any("/proc/sys/kernel/seccomp/actions_avail")
    if available:
        return Finding("seccomp", Level.OK, f"the kernel knows {available}")
    if "Seccomp:" in text_if_any("/proc/self/status"):
        detail = "an old kernel: it has filters but does not list its actions"
        return Finding("seccomp", Level.WARNING, detail)
    return Finding("seccomp", Level.MISSING, "the kernel was built without seccomp", "use another kernel")


def user_namespaces(*, needed: bool) -> Finding:
    """This user's permission to create user namespaces."""
    name = "user namespaces"
    if text_if_any("/proc/sys/user/max_user_namespaces") == "0":
        setting = "user.max_user_namespaces=15000"
        return _setting(name, "switched off", setting, needed=needed)
    if os.geteuid():
        if text_if_any("/proc/sys/kernel/unprivileged_userns_clone") == "0":
            setting = "kernel.unprivileged_userns_clone=1"
            return _setting(name, "closed to ordinary users", setting, needed=needed)
        restricted = text_if_any("/proc/sys/kernel/apparmor_restrict_unprivileged_userns") == "1"
        # Distributions that restrict them this way allow them for some programs, rootlesskit among them.
        if restricted and find("rootlesskit") and not _rootlesskit_works():
            setting = "kernel.apparmor_restrict_unprivileged_userns=0"
            return _setting(name, f"AppArmor closes them to {find('rootlesskit')}", setting, needed=needed)
    return Finding(name, Level.OK, "available")


def subordinate_ids(*, needed: bool) -> Finding:
    """This user's range of ids for the users of containers."""
    name = "subordinate ids"
    try:
        launch_rootless.require_subordinate_ids()
    except WorkshopError as error:
        user = launch_rootless.user_name()
        commands = (tuple(launch_rootless.range_command(user)),) if user else ()
        return Finding(name, _missing(needed=needed), str(error), error.remedy, commands=commands)
    return Finding(name, Level.OK, "this user has a range of 65,536 or more")


def capabilities(info: EngineInfo | None) -> Finding:
    """An engine's ability to add all capabilities to a container."""
    if info is not None and info.isolation != "none":
        return Finding("capabilities", Level.OK, "the engine's user namespace has them all")
    bounding = next(
        (line for line in text_if_any("/proc/self/status").splitlines() if line.startswith("CapBnd")), ""
    )
    if bounding and int(bounding.split()[1], 16) >> _CAP_SYS_RESOURCE & 1:
        return Finding("capabilities", Level.OK, "this machine grants them all")
    if info is None:
        return Finding("capabilities", Level.OK, "the private engine's user namespace has them all")
    detail = "this machine withholds CAP_SYS_RESOURCE, so a rootful engine cannot start `--cap-add ALL`"
    return Finding("capabilities", Level.WARNING, detail, "use an isolated engine: --engine private")


def libseccomp() -> Finding:
    """The library that compiles profiles."""
    if found := ctypes.util.find_library("seccomp"):
        return Finding("libseccomp", Level.OK, found)
    detail = "not installed: profiles cannot be compiled"
    return _to_install("libseccomp", Level.WARNING, detail, ("libseccomp",))


def image(cache: Path, *, engine: str = "") -> Finding:
    """The labs' image; `engine` is the address of an engine that has it, if one was found."""
    name = "image lab"
    archive = cache / f"lab-{Recipe.of_this_machine().hash}.tar"
    if archive.exists():
        return Finding(name, Level.OK, f"cached in {archive}")
    if engine:
        return Finding(
            name, Level.OK, f"the engine at {engine} has it; {cache} has no copy for another engine"
        )
    if find("apt-get") and find("dpkg-deb"):
        detail = (
            f"not in {cache}, which is this user's own: it is built from Debian packages when first used, which needs "
            "the network"
        )
        return Finding(name, Level.OK, detail)
    remedy = "build it on a Debian machine and load it here"
    return Finding(name, Level.WARNING, "cannot be built here: this machine has no apt", remedy)


def space(places: Places, *, needed: bool) -> Finding:
    """Disk space for images."""
    folder = next(path for path in (places.data, *places.data.parents) if path.exists())
    free = shutil.disk_usage(folder).free
    detail = f"{free / 1e9:.1f} GB free for {places.data}"
    if free >= _SPACE_WANTED:
        return Finding("disk space", Level.OK, detail)
    level = Level.WARNING if free >= _SPACE_NEEDED else _missing(needed=needed)
    return Finding("disk space", level, detail, f"free some space, or set {OVERRIDE} to a roomier folder")


def _to_install(name: str, level: Level, detail: str, absent: tuple[str, ...]) -> Finding:
    packages = packages_for(absent)
    return Finding(name, level, detail, how_to_install(packages), programs=absent, packages=packages)


def _setting(name: str, detail: str, setting: str, *, needed: bool) -> Finding:
    """A kernel setting that is an administrator's decision: we never change it."""
    level = _missing(needed=needed)
    return Finding(name, level, f"{detail}: labs need {setting}", f"open them: sudo sysctl -w {setting}")


def _missing(*, needed: bool) -> Level:
    """The level of a missing part of the private engine: only a warning if another engine is used."""
    return Level.MISSING if needed else Level.WARNING


def _rootlesskit_works() -> bool:
    """False if it certainly does not; nobody knows while there is no room for a folder to try it in."""
    try:
        room = tempfile.TemporaryDirectory()
    except OSError:
        return True
    with room as folder:
        command = [find("rootlesskit") or "rootlesskit", f"--state-dir={folder}/state", "--net=host", "true"]
        try:
            done = subprocess.run(command, check=False, capture_output=True, timeout=_TRY_SECONDS)
        except (OSError, subprocess.TimeoutExpired):
            return False
    return done.returncode == 0
