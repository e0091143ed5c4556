"""Options that several profile commands share: the profile, its target, and JSON output."""

import argparse
import os
import sys

from runner.errors import UsageError

TYPE_CHECKING = False  # typing is slow to import
if TYPE_CHECKING:
    from runner.profile.calls.syscalls import Arch
    from runner.profile.model import Target
    from runner.profile.version import Version


def add_profile(parser: argparse.ArgumentParser) -> None:
    """Add a positional argument that names a profile."""
    parser.add_argument(
        "profile",
        metavar="PROFILE",
        help="a file, - for standard input, or default, default@VERSION, deny, allow, default-no-chmod",
    )


def add_json(parser: argparse.ArgumentParser) -> None:
    """Add --json."""
    parser.add_argument("--json", action="store_true", help="print JSON")


def add_output(parser: argparse.ArgumentParser) -> None:
    """Add --output."""
    parser.add_argument(
        "-o", "--output", default="-", metavar="FILE", help="write to FILE (default: standard output)"
    )


def add_arch(parser: argparse.ArgumentParser) -> None:
    """Add --arch."""
    parser.add_argument(
        "--arch", help="architecture as Docker names it, such as amd64 (default: this machine's)"
    )


def add_engine_version(parser: argparse.ArgumentParser) -> None:
    """Add --engine-version."""
    parser.add_argument(
        "--engine-version",
        metavar="V",
        help="Docker Engine's version, such as 20.10 or 28.5.2; default is then that engine's default profile",
    )


def add_kernel(parser: argparse.ArgumentParser) -> None:
    """Add --kernel."""
    parser.add_argument("--kernel", metavar="X.Y", help="the kernel's version (default: this machine's)")


def add_runtime(parser: argparse.ArgumentParser) -> None:
    """Add --runtime and --libseccomp, the versions that build the filter."""
    parser.add_argument(
        "--runtime",
        metavar="V",
        help="runc's version, such as 1.1.5 (default: a recent one, or one of an old engine's time)",
    )
    parser.add_argument(
        "--libseccomp",
        metavar="V",
        help="libseccomp's version, such as 2.5.4 (default: a recent one, or one of an old engine's time)",
    )


USUAL_CAPS = "default"
"""The capabilities of a container whose user asks for none."""


def add_target(parser: argparse.ArgumentParser) -> None:
    """Add the options that describe the target of a profile."""
    parser.add_argument(
        "--caps",
        default=USUAL_CAPS,
        metavar="SET",
        help="the container's capabilities: default, all, none, CAP_A,CAP_B, or a mask as /proc/PID/status has it in "
        "CapBnd (default: %(default)s)",
    )
    add_arch(parser)
    add_kernel(parser)
    add_engine_version(parser)


def read_target(arguments: argparse.Namespace) -> "Target":
    """Return the target that the options describe."""
    from runner.cli.profile.given.versions import read_version
    from runner.profile.capabilities import read_capabilities
    from runner.profile.model import Target

    engine = read_version(arguments.engine_version, "--engine-version")
    return Target(
        arch=read_arch(arguments.arch),
        caps=read_capabilities(arguments.caps, engine),
        kernel=read_kernel(arguments.kernel),
        engine=engine,
    )


def read_arch(name: str | None) -> str:
    """Read an architecture by Go's name, or as uname, a distribution, a platform or a log names it."""
    from runner.profile.calls.syscalls import go_name
    from runner.profile.resolve import SECCOMP_ARCHES

    given = os.uname().machine if name is None else name
    arch = given if given in SECCOMP_ARCHES else go_name(given)
    if arch not in SECCOMP_ARCHES:
        raise UsageError(
            f"unknown architecture '{given}'", remedy=f"write --arch and one of {', '.join(SECCOMP_ARCHES)}"
        )
    return arch


def read_kernel(text: str | None) -> tuple[int, int]:
    """Read a kernel's version, of which two numbers count (`6.18.44-fc` is 6.18)."""
    from runner.cli.profile.given.versions import read_version

    version = read_version(os.uname().release if text is None else text, "--kernel")
    if version is None or len(version.numbers) < 2:
        raise UsageError(f"'{text}' is not a kernel's version", remedy="write two numbers: --kernel 6.18")
    return version.numbers[0], version.numbers[1]


def read_abi(arguments: argparse.Namespace) -> "Arch | None":
    """The architecture that `--abi` names; None without the option.

    Raises:
        UsageError: there is no such architecture.
    """
    from runner.profile.calls.syscalls import arch, go_name

    if arguments.abi is None:
        return None
    if not arguments.abi.strip():
        raise UsageError("--abi names no architecture", remedy="write one, such as --abi 386")
    return arch(go_name(arguments.abi))


def refuse_abi(arguments: argparse.Namespace) -> None:
    """Refuse `--abi` beside a line or a log, which would be judged without it.

    Raises:
        UsageError: the option is given.
    """
    if arguments.abi is not None:
        raise UsageError(
            "--abi is for a call that is named, and a line of a log is judged by what it tells itself",
            remedy="leave --abi out, or write the call's name and its arguments in place of the line",
        )


def read_runtime(text: str | None, engine: "Version | None") -> "Version | None":
    """Read runc's version from `--runtime`; else take that of an old engine and print a note. None is a current one."""
    from runner.cli.profile.given.versions import read_version
    from runner.profile.history.engine import runtime_of

    given = read_version(text, "--runtime")
    own = runtime_of(engine) if given is None else None
    if own is not None:
        print(
            f"note: Engine {engine} is taken with runc {own}, of its time; --runtime names another",
            file=sys.stderr,
        )
    return given or own


def read_time(text: str) -> float:
    """The value of an option for a time, in seconds: `10`, `10s`, `2m`, `1h`.

    Raises:
        argparse.ArgumentTypeError: it is not such a time.
    """
    number, unit = (text[:-1], text[-1]) if text[-1:] in ("s", "m", "h") else (text, "s")
    try:
        value = float(number) * {"s": 1, "m": 60, "h": 3600}[unit]
    except ValueError:
        value = 0.0
    if not 0 < value < 1e6:
        raise argparse.ArgumentTypeError(f"{text!r} is not a time such as 10, 10s or 2m")
    return value
