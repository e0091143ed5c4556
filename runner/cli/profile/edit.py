"""`workshop profile edit`: a new profile from an old one."""

import argparse

from runner.cli.profile.options import add_profile
from runner.errors import ExitCode, UsageError

TYPE_CHECKING = False  # typing is slow to import
if TYPE_CHECKING:
    from runner.profile.model import Action, Profile


def add_command(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `edit`."""
    parser = commands.add_parser(
        "edit",
        description="Print a profile changed. The changes are made in the order of merge, action, remove, deny, "
        "allow. Calls are names separated by commas, and the options may be repeated.",
    )
    add_profile(parser)
    parser.add_argument(
        "--merge", metavar="HOW", choices=("union", "intersection"), help="union or intersection"
    )
    parser.add_argument("--with", dest="other", metavar="PROFILE", help="the profile to merge with")
    parser.add_argument(
        "--action", metavar="ACTION", help="the default action, such as allow, errno or kill_process"
    )
    for name, what in (
        ("remove", "drop all rules for these calls"),
        ("deny", "deny these calls"),
        ("allow", "allow these calls whatever their arguments"),
    ):
        parser.add_argument(f"--{name}", action="append", default=[], metavar="CALLS", help=what)
    parser.add_argument("--errno", metavar="E", help="what --deny and --action errno return (default: EPERM)")
    parser.add_argument(
        "-o", "--output", default="-", metavar="FILE", help="write to FILE (default: standard output)"
    )
    parser.add_argument("--json", action="store_true", help="no effect: a profile is JSON")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> ExitCode:
    """Write the changed profile."""
    from runner.cli.output import write_text
    from runner.cli.profile.source import check_stdin, read_named
    from runner.profile import edit
    from runner.profile.source.writer import write_profile

    check_stdin(arguments.profile, arguments.other)
    errno = _errno(arguments.errno)
    profile = _merged(read_named(arguments.profile).profile, arguments)
    if arguments.action:
        profile = edit.with_default(profile, _action(arguments.action), errno=errno)
    profile = edit.remove(profile, _calls(arguments.remove))
    profile = edit.deny(profile, _calls(arguments.deny), errno=errno)
    profile = edit.allow(profile, _calls(arguments.allow))
    write_text(arguments.output, write_profile(profile))
    return ExitCode.OK


def _merged(profile: "Profile", arguments: argparse.Namespace) -> "Profile":
    if bool(arguments.merge) != bool(arguments.other):
        raise UsageError("--merge and --with go together", remedy="write both: --merge union --with default")
    if not arguments.merge:
        return profile
    from runner.cli.profile.source import read_named
    from runner.profile.merge import intersection, union

    merge = union if arguments.merge == "union" else intersection
    return merge(profile, read_named(arguments.other).profile)


def _calls(values: list[str]) -> list[str]:
    """The names given, each of which must be a system call's: a slip of the pen would change nothing."""
    from runner.profile.calls.groups import KNOWN
    from runner.suggest import did_you_mean

    names = [name for value in values for name in value.replace(",", " ").split()]
    for name in names:
        if name not in KNOWN:
            raise UsageError(f"no system call is called '{name}'{did_you_mean(name, KNOWN)}")
    return names


def _action(name: str) -> "Action":
    from runner.profile.model import Action

    full = name.upper() if name.upper().startswith("SCMP_ACT_") else f"SCMP_ACT_{name.upper()}"
    try:
        return Action(full)
    except ValueError:
        known = ", ".join(action.value.removeprefix("SCMP_ACT_").lower() for action in Action)
        raise UsageError(f"unknown action '{name}'", remedy=f"write --action and one of {known}") from None


def _errno(text: str | None) -> int | None:
    import errno

    if text is None:
        return None
    number = (
        int(text)
        if text.isascii() and text.isdigit() and len(text) < 5
        else getattr(errno, text.upper(), None)
    )
    if not isinstance(number, int) or not 0 <= number <= 4094:
        raise UsageError(f"'{text}' is not an errno", remedy="write --errno EPERM, or a number up to 4094")
    return number
