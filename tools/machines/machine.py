"""A virtual machine: started from an image that it does not change, controlled over SSH."""

import shlex
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tools.machines.image import Image

_BOOT_SECONDS = 900.0
_EMULATED = ("-accel", "tcg,thread=multi,tb-size=1024", "-cpu", "max,la57=off")
_ACCELERATED = ("-accel", "kvm", "-cpu", "host")


class MachineError(Exception):
    """The machine failed in a way that no scenario expects."""


@dataclass(frozen=True, slots=True)
class Done:
    """The result of a command in the machine."""

    status: int
    output: str
    seconds: float


class Machine:
    """A running machine; `port` is its SSH port on this machine's loopback."""

    def __init__(self, image: Image, folder: Path, port: int) -> None:
        self._image = image
        self._folder = folder
        self._port = port

    def ssh(self, user: str, *options: str) -> list[str]:
        """The command that logs `user` in."""
        shared = {
            "StrictHostKeyChecking": "no",
            "UserKnownHostsFile": "/dev/null",
            "LogLevel": "ERROR",
            "ConnectTimeout": "30",
            "ServerAliveInterval": "30",
            "ServerAliveCountMax": "40",
        }
        settings = [word for name, value in shared.items() for word in ("-o", f"{name}={value}")]
        return [
            "ssh",
            *settings,
            "-i",
            str(self._image.key),
            "-p",
            str(self._port),
            *options,
            f"{user}@127.0.0.1",
        ]

    def run(self, user: str, command: str, *, seconds: float = 600.0) -> Done:
        """Run a command line in the user's home, and wait for its end."""
        began = time.monotonic()
        try:
            done = subprocess.run(
                [*self.ssh(user), command],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
                timeout=seconds,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            text = (
                error.stdout
                if isinstance(error.stdout, str)
                else (error.stdout or b"").decode(errors="replace")
            )
            return Done(124, f"{text}\n(still running after {seconds:g} s)", time.monotonic() - began)
        return Done(done.returncode, done.stdout, time.monotonic() - began)

    def ask(self, user: str, command: str, *, seconds: float = 600.0) -> str:
        """Run a command that must succeed, and return its output."""
        done = self.run(user, command, seconds=seconds)
        if done.status != 0:
            raise MachineError(
                f"`{command}` as {user} ended with {done.status}: {done.output.strip()[-2000:]}"
            )
        return done.output

    def put(self, user: str, source: Path, name: str) -> None:
        """Copy the tracked files of the checkout `source` into the folder `name` of the user's home."""
        files = subprocess.run(
            ["git", "-C", source, "ls-files", "-z"], capture_output=True, check=True
        ).stdout
        packing = ["tar", "-C", str(source), "--null", "--files-from=-", "--ignore-failed-read", "-czf", "-"]
        packed = subprocess.run(packing, input=files, capture_output=True, check=True).stdout
        quoted = shlex.quote(name)
        unpack = f"mkdir -p {quoted} && tar -C {quoted} -xzf -"
        subprocess.run([*self.ssh(user), unpack], input=packed, check=True, timeout=600)

    def add_user(self, name: str) -> None:
        """Create an ordinary user without sudo, whose login uses root's key."""
        keys = f"/home/{name}/.ssh"
        self.ask(
            "root",
            f"useradd --create-home --shell /bin/bash {name} && install -d -o {name} -m 700 {keys} && "
            f"install -o {name} -m 600 /root/.ssh/authorized_keys {keys}",
        )

    def reset(self) -> None:
        """Press the reset button, and wait until the machine is up again."""
        before = self.ask("root", "cat /proc/sys/kernel/random/boot_id")
        with socket.socket(socket.AF_UNIX) as monitor:
            monitor.settimeout(30)
            monitor.connect(str(self._folder / "monitor"))
            _await_monitor(monitor)
            monitor.sendall(b"system_reset\n")
            # The connection is lost with the answer still missing.
            _await_monitor(monitor)
        self.await_up(since=before)

    def await_up(self, *, since: str = "") -> None:
        """Wait until the machine has booted (again, since the boot with that id) and accepts logins."""
        deadline = time.monotonic() + _BOOT_SECONDS
        while time.monotonic() < deadline:
            found = self.run(
                "root",
                "cat /proc/sys/kernel/random/boot_id; systemctl is-system-running --wait",
                seconds=300,
            )
            boot, _, state = found.output.partition("\n")
            if boot.count("-") == 4 and f"{boot}\n" != since and state.strip() in {"running", "degraded"}:
                return
            time.sleep(2)
        raise MachineError(
            f"the machine did not come up within {_BOOT_SECONDS:g} s: see {self._folder}/console.log"
        )


@contextmanager
def booted(image: Image, *, memory: int = 4096, processors: int = 2) -> Iterator[Machine]:
    """Start a machine with a copy of the image's disk, which is deleted with the block."""
    with TemporaryDirectory(prefix="machine-", dir=image.folder) as name:
        folder = Path(name)
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        process = subprocess.Popen(
            [
                *("nice", "-n", "5", "qemu-system-x86_64", "-machine", "q35", *_processor()),
                *(
                    "-smp",
                    str(processors),
                    "-m",
                    str(memory),
                    "-display",
                    "none",
                    "-device",
                    "virtio-rng-pci",
                ),
                *("-kernel", str(image.folder / "vmlinuz"), "-initrd", str(image.folder / "initrd.img")),
                *("-append", "root=/dev/vda rw console=ttyS0"),
                # In a file that nobody else sees, and that a reset keeps.
                *("-drive", f"file={image.disk},if=virtio,format=raw,cache=unsafe,snapshot=on"),
                *("-netdev", f"user,id=net,hostfwd=tcp:127.0.0.1:{port}-:22"),
                *("-device", "virtio-net-pci,netdev=net"),
                *(
                    "-serial",
                    f"file:{folder}/console.log",
                    "-monitor",
                    f"unix:{folder}/monitor,server,nowait",
                ),
            ],
            env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "TMPDIR": str(folder)},
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            machine = Machine(image, folder, port)
            machine.await_up()
            yield machine
        finally:
            process.send_signal(signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                process.wait(60)
            process.kill()
            process.wait()


def _await_monitor(monitor: socket.socket) -> None:
    """Read the output of QEMU's monitor up to its next prompt."""
    said = b""
    while not said.endswith(b"\n(qemu) "):
        if not (more := monitor.recv(4096)):
            raise MachineError(f"QEMU's monitor has ended: {said!r}")
        said += more


def _processor() -> tuple[str, ...]:
    """Hardware virtualisation if this machine has it; else an emulated processor, about ten times as slow."""
    real = {"vmx", "svm"} & set(Path("/proc/cpuinfo").read_text().split())
    return _ACCELERATED if real and Path("/dev/kvm").exists() else _EMULATED
