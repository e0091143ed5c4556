"""Runs a program in a root file system: like a container, but with this machine's devices, cgroups and network."""

import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path

from tools import registries

_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def inside(
    root: Path,
    argv: Sequence[str],
    *,
    shared: Mapping[Path, str],
    user: str = "root",
    network: bool = True,
    environment: Mapping[str, str] | None = None,
) -> list[str]:
    """The command that runs `argv` in `root`, with `shared` folders of this machine, mapped to their paths there.

    It has its own mounts and processes, which all end with the command. Without `network` it has an empty network.
    chroot alone would not do: the kernel refuses user namespaces to a process in one.
    """
    home = "/root" if user == "root" else f"/home/{user}"
    variables = {
        "PATH": _PATH,
        "HOME": home,
        "LANG": "C.UTF-8",
        **registries.variables(root),
        **(environment or {}),
    }
    words = [*(f"{name}={value}" for name, value in variables.items()), *argv]
    # A change of user cancels the kill that unshare has asked for.
    change = ["setpriv", f"--reuid={user}", f"--regid={user}", "--init-groups", "--pdeathsig=KILL"]
    become = [] if user == "root" else change
    steps = [
        f"mount --bind {shlex.quote(str(root))} {shlex.quote(str(root))}",
        f"cd {shlex.quote(str(root))}",
        "mount -t proc proc proc",
        "mount --rbind /sys sys",
        "mount --rbind /dev dev",
        "mount -t tmpfs -o mode=755 tmpfs run",
        "mkdir -p run/user/1000 && chown 1000:1000 run/user/1000 && chmod 700 run/user/1000",
        "cp -L /etc/resolv.conf etc/resolv.conf",
        *(
            f"mkdir -p .{path} && mount --bind {shlex.quote(str(folder))} .{path}"
            for folder, path in shared.items()
        ),
        "mkdir -p before",
        "pivot_root . before",
        "umount -l /before",
        *([] if network else ["ip link set lo up"]),
        # If this was started in the background, everything that tests start would ignore an interrupt.
        f"exec {shlex.join(['setsid', '--wait', *become, 'env', '--default-signal', '-i', *words])}",
    ]
    return [
        *("unshare", "--mount", "--pid", "--fork", "--kill-child=SIGKILL", "--propagation=private"),
        *([] if network else ["--net"]),
        *("sh", "-ec", "\n".join(steps)),
    ]
