"""Examining this machine: what the engines and labs need, what is missing, and what to do about it."""

import ctypes.util
import os
import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from runner.engine.api import EngineInfo
from runner.engine.discovery import Candidate, EngineChoice, Suitability, survey
from runner.engine.endpoints import PRIVATE, remarks
from runner.engine.image.recipe import Recipe
from runner.engine.private import launch_rootless
from runner.engine.private.launch import packages
from runner.engine.private.places import OVERRIDE, Places
from runner.engine.programs import find
from runner.errors import WorkshopError
from runner.folders import cache_folder

_CAP_SYS_RESOURCE = 24
_SPACE_NEEDED = 500 * 10**6
_SPACE_WANTED = 2 * 10**9


class Level(StrEnum):
    """How much a finding matters: a warning restricts something, a missing thing keeps labs from running."""

    OK = "ok"
    WARNING = "warning"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. `packages` are Debian's that would mend it, `remedy` says what does otherwise."""

    name: str
    level: Level
    detail: str
    remedy: str = ""
    packages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Examination:
    """All that was found: `candidates` in order of preference, `used` the one that a run would take, if any.

    `remarks` say which of the user's Docker settings are not followed.
    """

    candidates: tuple[Candidate, ...]
    used: Candidate | None
    findings: tuple[Finding, ...]
    remarks: tuple[str, ...] = ()

    @property
    def healthy(self) -> bool:
        """Whether labs can run."""
        return all(finding.level is not Level.MISSING for finding in self.findings)


def examine(choice: EngineChoice) -> Examination:
    """Look at everything; nothing is started or changed."""
    trouble: WorkshopError | None = None
    candidates: tuple[Candidate, ...] = ()
    try:
        candidates = tuple(survey(choice))
    except WorkshopError as error:
        trouble = error
    used = next((candidate for candidate in candidates if candidate.suitability is Suitability.USABLE), None)
    if used is None and choice.consent:
        used = next(
            (candidate for candidate in candidates if candidate.suitability is Suitability.CONSENT), None
        )
    private = used is None or used.endpoint.source == PRIVATE
    info = used.description.info if used is not None and used.description else None
    looks: list[Callable[[], Finding]] = [
        lambda: _engine(used, candidates, trouble),
        lambda: _programs(needed=private),
        lambda: _client(choice.environ.get("PATH", os.defpath)),
        _seccomp,
        lambda: _user_namespaces(needed=private),
        *([lambda: _subordinate_ids(needed=private)] if os.geteuid() else []),
        lambda: _capabilities(info),
        lambda: _limits(info),
        _libseccomp,
        lambda: _image(cache_folder(choice.environ)),
        lambda: _space(choice.places, needed=private),
    ]
    return Examination(
        candidates, used, tuple(look() for look in looks), remarks(choice.engine, choice.environ)
    )


def missing_packages(findings: Iterable[Finding]) -> tuple[str, ...]:
    """Debian's packages that would mend what was found, each once."""
    return tuple(dict.fromkeys(name for finding in findings for name in finding.packages))


def _engine(
    used: Candidate | None, candidates: Sequence[Candidate], trouble: WorkshopError | None
) -> Finding:
    if used is not None:
        return Finding("engine", Level.OK, f"{used.endpoint.source} at {used.endpoint.url}: {used.reason}")
    if any(candidate.suitability is Suitability.CONSENT for candidate in candidates):
        remedy = "agree to its risk with `--yes`, or install what the private engine needs"
        return Finding("engine", Level.WARNING, "only an engine without isolation is left", remedy)
    if trouble is not None:
        return Finding("engine", Level.MISSING, str(trouble), trouble.remedy)
    reasons = "; ".join(f"{item.endpoint.source}: {item.reason}" for item in candidates)
    remedy = "mend what is missing below, or start the engine that you named, or name none"
    return Finding("engine", Level.MISSING, reasons, remedy)


def _programs(*, needed: bool) -> Finding:
    wanted = {"dockerd": "docker.io", "runc": "docker.io", "containerd": "docker.io"}
    if os.geteuid():
        wanted |= {"rootlesskit": "rootlesskit", "newuidmap": "uidmap"}
    absent = [program for program in wanted if find(program) is None]
    if not absent:
        return Finding("private engine", Level.OK, "everything that it needs is installed")
    mending = tuple(dict.fromkeys(name for name in packages() if name in {wanted[item] for item in absent}))
    return Finding(
        "private engine",
        _missing(needed=needed),
        f"not installed: {', '.join(absent)}",
        f"install {', '.join(mending)}",
        mending,
    )


def _client(search: str) -> Finding:
    if path := shutil.which("docker", path=search):
        return Finding("docker command", Level.OK, path)
    detail = "not on PATH: the `docker` lines of the lessons cannot be typed"
    return Finding("docker command", Level.MISSING, detail, "install docker.io", ("docker.io",))


def _seccomp() -> Finding:
    available = _text("/proc/sys/kernel/seccomp/actions_avail")
    if available:
        return Finding("seccomp", Level.OK, f"the kernel knows {available}")
    if "Seccomp:" in _text("/proc/self/status"):
        return Finding(
            "seccomp", Level.WARNING, "an old kernel: it has filters but does not list its actions"
        )
    return Finding("seccomp", Level.MISSING, "the kernel was built without seccomp", "use another kernel")


def _missing(*, needed: bool) -> Level:
    """What lacking something means that only the private engine needs: nothing much, if another engine is used."""
    return Level.MISSING if needed else Level.WARNING


def _user_namespaces(*, needed: bool) -> Finding:
    name = "user namespaces"
    if _text("/proc/sys/user/max_user_namespaces") == "0":
        remedy = "switch them on: sudo sysctl -w user.max_user_namespaces=15000"
        return Finding(name, _missing(needed=needed), "switched off", remedy)
    if os.geteuid():
        for setting, closed in (
            ("kernel.unprivileged_userns_clone", "0"),
            ("kernel.apparmor_restrict_unprivileged_userns", "1"),
        ):
            if _text("/proc/sys/" + setting.replace(".", "/")) == closed:
                detail, opened = f"closed to ordinary users ({setting}={closed})", 1 - int(closed)
                remedy = f"open them: sudo sysctl -w {setting}={opened}"
                return Finding(name, _missing(needed=needed), detail, remedy)
    return Finding(name, Level.OK, "available")


def _subordinate_ids(*, needed: bool) -> Finding:
    try:
        launch_rootless.require_subordinate_ids()
    except WorkshopError as error:
        return Finding("subordinate ids", _missing(needed=needed), str(error), error.remedy)
    return Finding("subordinate ids", Level.OK, "this user has a range of 65,536 or more")


def _capabilities(info: EngineInfo | None) -> Finding:
    if info is not None and info.isolation != "none":
        return Finding("capabilities", Level.OK, "the engine's user namespace has them all")
    bounding = next(
        (line for line in _text("/proc/self/status").splitlines() if line.startswith("CapBnd")), ""
    )
    if bounding and int(bounding.split()[1], 16) >> _CAP_SYS_RESOURCE & 1:
        return Finding("capabilities", Level.OK, "this machine grants them all")
    if info is None:
        return Finding("capabilities", Level.OK, "the private engine's user namespace has them all")
    detail = "this machine withholds CAP_SYS_RESOURCE, so a rootful engine cannot start `--cap-add ALL`"
    return Finding("capabilities", Level.WARNING, detail, "use an isolated engine: --engine private")


def _limits(info: EngineInfo | None) -> Finding:
    cgroups = os.geteuid() == 0 and Path("/sys/fs/cgroup").is_dir()
    if cgroups if info is None else info.bounded:
        return Finding("limits", Level.OK, "processes and memory of each container are bounded")
    detail = "an engine without cgroups: processes are bounded by a ulimit, memory is not"
    return Finding("limits", Level.WARNING, detail, "run as root for memory limits")


def _libseccomp() -> Finding:
    if found := ctypes.util.find_library("seccomp"):
        return Finding("libseccomp", Level.OK, found)
    detail = "not installed: profiles cannot be compared with what the library makes of them"
    return Finding("libseccomp", Level.WARNING, detail, "install libseccomp2", ("libseccomp2",))


def _image(cache: Path) -> Finding:
    archive = cache / f"lab-{Recipe.of_this_machine().hash}.tar"
    if archive.exists():
        return Finding("image lab", Level.OK, f"cached in {archive}")
    if find("apt-get") and find("dpkg-deb"):
        return Finding(
            "image lab", Level.OK, "is built from Debian packages when first used, which needs the network"
        )
    return Finding(
        "image lab",
        Level.WARNING,
        "cannot be built here: this machine has no apt",
        "build it on a Debian machine and load it here",
    )


def _space(places: Places, *, needed: bool) -> Finding:
    folder = next(path for path in (places.data, *places.data.parents) if path.exists())
    free = shutil.disk_usage(folder).free
    detail = f"{free / 1e9:.1f} GB free for {places.data}"
    if free >= _SPACE_WANTED:
        return Finding("disk space", Level.OK, detail)
    level = Level.WARNING if free >= _SPACE_NEEDED else _missing(needed=needed)
    return Finding("disk space", level, detail, f"free some space, or set {OVERRIDE} to a roomier folder")


def _text(path: str) -> str:
    try:
        return Path(path).read_text().strip()
    except OSError:
        return ""
