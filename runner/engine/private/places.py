"""The folders for the private engine's data and sockets."""

import os
import shutil
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from runner.errors import EngineError
from runner.files import OTHERS_WRITE
from runner.folders import NAME, runtime_home, state_home

OVERRIDE = "WORKSHOP_ENGINE_DIR"
"""The environment variable that moves everything of the private engine below one folder."""
_EXEC_ROOT_LENGTH = 74


@dataclass(frozen=True, slots=True)
class Places:
    """`data` keeps images between runs; `runtime` has sockets, locks and the log, and is emptied with the engine."""

    data: Path
    runtime: Path

    @classmethod
    def default(cls, environ: Mapping[str, str] | None = None, *, uid: int | None = None) -> "Places":
        """The places of this user: the system's for root, otherwise XDG's."""
        environ = os.environ if environ is None else environ
        uid = os.geteuid() if uid is None else uid
        if override := environ.get(OVERRIDE):
            return cls.under(Path(override))
        if uid == 0:
            return cls(Path("/var/lib", NAME), Path("/run", NAME))
        data = state_home(environ) / NAME
        if runtime := runtime_home(environ, uid=uid):
            return cls(data, runtime / NAME)
        return cls(data, Path("/tmp", f"{NAME}-engine-{uid}"))  # noqa: S108 - `has_runtime` refuses others'

    @classmethod
    def under(cls, folder: Path) -> "Places":
        """Everything below one folder, for tests and for several engines side by side."""
        folder = folder.absolute()
        return cls(folder / "data", folder / "run")

    @property
    def socket(self) -> Path:
        return self.runtime / "docker.sock"

    @property
    def endpoint(self) -> str:
        """The address of the engine, as DOCKER_HOST takes it."""
        return f"unix://{self.socket}"

    @property
    def control(self) -> Path:
        """The supervisor's socket: a connected process is a user of the engine."""
        return self.runtime / "control.sock"

    @property
    def lock(self) -> Path:
        """The file that an engine's supervisor holds a lock on until all of the engine has ended."""
        return self.runtime / "engine.lock"

    @property
    def start_lock(self) -> Path:
        """The file that a process holds a lock on while it starts an engine."""
        return self.runtime / "start.lock"

    @property
    def log(self) -> Path:
        return self.runtime / "engine.log"

    @property
    def exec_root(self) -> Path:
        """The folder that the daemon writes to besides its data: any user of the engine may change all of it."""
        return self.runtime / "exec"

    @property
    def root(self) -> Path:
        """The folder in which the daemon's root folder is assembled."""
        return self.runtime / "root"

    @property
    def docker_data(self) -> Path:
        """The daemon's data root."""
        return self.data / "docker"

    @property
    def profile(self) -> Path:
        """The default profile of the engine's containers; without this file, the one in the engine's code applies."""
        return self.data / "seccomp.json"

    @property
    def shown_profile(self) -> Path:
        """The path of a copy of the profile for the daemon, which sees only its own folders."""
        return self.exec_root / "seccomp.json"

    def show_profile(self) -> None:
        """Create the copy; the exec root must exist.

        Raises:
            OSError: it cannot be read or written.
        """
        if self.profile.exists():
            shutil.copyfile(self.profile, self.shown_profile)

    def prepare(self) -> None:
        """Create the folders.

        Raises:
            EngineError: a folder cannot be created or used; the remedy says what to do.
        """
        if len(str(self.exec_root)) > _EXEC_ROOT_LENGTH:
            raise EngineError(
                f"the engine's runtime folder {self.runtime} has too long a path for its sockets",
                remedy=f"set {OVERRIDE} to a folder with a shorter path",
            )
        try:
            self.data.mkdir(parents=True, exist_ok=True, mode=0o711)
            self.runtime.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise EngineError(
                f"cannot create the private engine's folders: {error}",
                remedy=f"set {OVERRIDE} to a folder that you may write",
            ) from error
        if self.has_runtime():
            self.runtime.chmod(0o700)

    def has_runtime(self) -> bool:
        """True if the runtime folder exists, and nobody else could have put sockets and other files into it.

        Raises:
            EngineError: it is another user's, or open to others.
        """
        try:
            found = self.runtime.lstat()
        except OSError:
            return False
        # Below /tmp anybody may have created it, or a link of that name to a folder of this user.
        if found.st_uid != os.geteuid() or not stat.S_ISDIR(found.st_mode):
            raise EngineError(
                f"{self.runtime} is not a folder of this user's",
                remedy=f"set {OVERRIDE} to a folder of yours",
            )
        if stat.S_IMODE(found.st_mode) & OTHERS_WRITE:
            raise EngineError(
                f"other users may write to the engine's runtime folder {self.runtime}",
                remedy=f"remove it (`rm -r {self.runtime}`), or set {OVERRIDE} to a folder of yours",
            )
        return True
