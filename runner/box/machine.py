"""Examination of this machine for a class: missing parts, and room for learners. Changes nothing."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from runner.ambient_limits import GROUPS
from runner.box.resources import SEATS, ClassResources
from runner.engine.doctor.findings import Finding, Level
from runner.engine.packaging import how_to_install, packages_for
from runner.engine.private import launch_root
from runner.engine.programs import find
from runner.extras import how_to_add
from runner.files import text_if_any

_PROGRAMS = (*launch_root.PROGRAMS, "mkfs.ext4", "mount")
_MODULES = ("aiohttp", "cryptography", "segno", "textual_serve")
_LEARNER_MEMORY = 200 * 10**6
"""Memory for one learner in a lab with a container: 116 MB as measured, and room for their experiments."""
_SYSTEM_MEMORY = 500 * 10**6
_LEARNERS_PER_PROCESSOR = 9
"""Computed from measurements on two processors: a learner idles at half a percent, and container starts take the
the rest."""
_SPARE_DISK = 10**9
_SETTINGS = {
    "kernel.dmesg_restrict": ("1",),
    "kernel.unprivileged_bpf_disabled": ("1", "2"),
    "kernel.perf_event_paranoid": ("2", "3", "4"),
    "kernel.io_uring_disabled": ("1", "2"),
}
"""Settings that protect parts of the kernel from learners, with the protecting values. A box cannot have a filter."""
_CLOSED_TO_BOXES = {
    "kernel.unprivileged_userns_clone": "0",
    "kernel.apparmor_restrict_unprivileged_userns": "1",
}
"""Settings with the values that deny user namespaces to unprivileged users, including a box's."""


@dataclass(frozen=True, slots=True)
class Capacity:
    """The number of learners that fit, by resource."""

    memory: int
    processors: int
    disk: int

    @property
    def learners(self) -> int:
        """The number of learners that fit in all."""
        return max(0, min(self.memory, self.processors, self.disk, SEATS))

    def __str__(self) -> str:
        parts = f"memory is enough for {self.memory}, processors for {self.processors}, disk for {self.disk}"
        return f"{self.learners} learners fit: {parts}"


def capacity(resources: ClassResources) -> Capacity:
    """The number of learners that fit now, beside everything else on this machine."""
    folder = next(path for path in (resources.state, *resources.state.parents) if path.exists())
    kept = sum(file.stat().st_blocks * 512 for file in resources.state.glob("disks/*/*.ext4"))
    free = shutil.disk_usage(folder).free + kept - _SPARE_DISK
    processors = len(os.sched_getaffinity(0))
    return Capacity(
        memory=max(0, _available() - _SYSTEM_MEMORY) // _LEARNER_MEMORY,
        processors=processors * _LEARNERS_PER_PROCESSOR,
        disk=max(0, free) // resources.share.disk,
    )


def examine(resources: ClassResources) -> tuple[Finding, ...]:
    """A finding for each requirement of a class."""
    fit = capacity(resources)
    level = Level.OK if fit.learners else Level.MISSING
    remedy = "" if fit.learners else f"free some memory, or some space for {resources.state}"
    return (
        _root(),
        _programs(),
        _modules(),
        _groups(),
        _disks(),
        _namespaces(),
        *_settings(),
        Finding("room", level, str(fit), remedy),
    )


def _root() -> Finding:
    if os.geteuid() == 0:
        return Finding(
            "root", Level.OK, "boxes can be started; all that reads what learners send runs without"
        )
    remedy = "start it with sudo: sudo workshop classroom"
    return Finding("root", Level.MISSING, "only root can start a box for each learner", remedy)


def _programs() -> Finding:
    absent = [name for name in _PROGRAMS if find(name) is None]
    if find("docker-init") is None and find("tini") is None:
        absent.append("tini")
    if not absent:
        return Finding("programs", Level.OK, "everything that a box needs is installed")
    packages = packages_for(absent)
    detail = f"not installed: {', '.join(absent)}"
    return Finding(
        "programs",
        Level.MISSING,
        detail,
        how_to_install(packages),
        programs=tuple(absent),
        packages=packages,
    )


def _modules() -> Finding:
    absent = [name for name in _MODULES if find_spec(name) is None]
    if absent:
        remedy = how_to_add("classroom")
        return Finding("python packages", Level.MISSING, f"not installed: {', '.join(absent)}", remedy)
    door = "" if find_spec("asyncssh") else "; without asyncssh, nobody can come by ssh"
    return Finding("python packages", Level.OK, f"the web server's are installed{door}")


def _groups() -> Finding:
    name = "control groups"
    if (GROUPS / "cgroup.controllers").exists():
        has = set((GROUPS / "cgroup.controllers").read_text().split())
    else:
        has = {part for path in GROUPS.glob("*/tasks") for part in path.parent.name.split(",")}
    if absent := sorted({"memory", "pids", "cpu"} - has):
        remedy = "switch them on with the kernel's command line, such as cgroup_enable=memory"
        return Finding(name, Level.MISSING, f"nothing bounds {', '.join(absent)}", remedy)
    if not os.access(GROUPS, os.W_OK) and os.geteuid() == 0:
        return Finding(name, Level.MISSING, f"{GROUPS} cannot be written", "run it outside of a container")
    return Finding(name, Level.OK, "memory, processes and processors of a box are bounded")


def _disks() -> Finding:
    if Path("/dev/loop-control").exists():
        return Finding("disks", Level.OK, "each box gets a disk of its own size")
    remedy = "load the module: modprobe loop"
    return Finding(
        "disks", Level.MISSING, "/dev/loop-control is not there, so disks cannot be bounded", remedy
    )


def _namespaces() -> Finding:
    if text_if_any("/proc/sys/user/max_user_namespaces") == "0":
        remedy = "open them: sudo sysctl -w user.max_user_namespaces=15000"
        return Finding("user namespaces", Level.MISSING, "switched off", remedy)
    # The engine in a box sets up its own, where it has no power over the machine.
    for name, closed in _CLOSED_TO_BOXES.items():
        if text_if_any(f"/proc/sys/{name.replace('.', '/')}") == closed:
            remedy = f"open them: sudo sysctl -w {name}={1 - int(closed)}"
            return Finding(
                "user namespaces", Level.MISSING, f"closed to all but root ({name}={closed})", remedy
            )
    return Finding("user namespaces", Level.OK, "available")


def _settings() -> Iterator[Finding]:
    """Settings for an administrator to decide about, so nothing here changes them."""
    for name, good in _SETTINGS.items():
        value = text_if_any(f"/proc/sys/{name.replace('.', '/')}")
        if value in good:
            yield Finding(name, Level.OK, value)
        elif value:
            remedy = f"close it to learners: sudo sysctl -w {name}={good[-1]}"
            yield Finding(
                name, Level.WARNING, f"{value}: a part of the kernel that no lab needs is open", remedy
            )


def _available() -> int:
    for line in Path("/proc/meminfo").read_text().splitlines():
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) * 1024
    return 0
