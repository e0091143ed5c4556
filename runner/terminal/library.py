"""The path of the terminal emulator's library."""

import importlib.util
from pathlib import Path

from runner.errors import ExitCode, WorkshopError


class NoEmulatorError(WorkshopError):
    """No terminal emulator exists for this platform, so labs cannot be shown."""

    exit_code = ExitCode.USAGE


def library() -> Path:
    """The path of libghostty-vt in the installed pyghostty wheel, found without importing pyghostty.

    Raises:
        NoEmulatorError: the library is missing.
    """
    spec = importlib.util.find_spec("pyghostty")
    if spec is None or spec.origin is None:
        raise NoEmulatorError(
            "the app shows terminals through libghostty, and the package pyghostty is not installed here",
            remedy="install it if there is a wheel for this platform (glibc Linux and macOS, x86-64 and ARM64); "
            "`workshop verify` and `workshop profile` work without",
        )
    for suffix in (".so", ".dylib"):
        path = Path(spec.origin).parent / "_lib" / f"libghostty-vt{suffix}"
        if path.exists():
            return path
    raise NoEmulatorError(
        f"{Path(spec.origin).parent}: pyghostty is installed without libghostty-vt",
        remedy="reinstall its wheel; `workshop verify` and `workshop profile` work without",
    )
