"""`workshop profile edit`: make a new profile from an old one."""

import argparse
import sys

from runner.cli.profile.given.options import add_output, add_profile
from runner.errors import ExitCode, UsageError

TYPE_CHECKING = False  # typing is slow to import
if TYPE_CHECKING:
    from runner.cli.profile.given.calls import Calls
    from runner.profile.model import Action, Profile


def add_command(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `edit`."""
    parser = commands.add_parser(
        "edit",
        description="Print a profile changed. The changes are made in the order of merge, action, remove, deny, "
        "allow. Calls are names separated by commas, a call with the arguments that it must have "
        "('personality ADDR_NO_RANDOMIZE', with * for any) or with conditions ('clone (arg0 & CLONE_NEWUSER) != 0'), "
        "a line of strace, or @runc for what runc itself calls (@runc=1.1.5 for a version); these options may be "
        "repeated, and --with too.",
    )
    add_profile(parser)
    parser.add_argument(
        "--merge", metavar="HOW", choices=("union", "intersection"), help="union or intersection"
    )
    parser.add_argument(
        "--with",
        dest="others",
        action="append",
        default=[],
        metavar="PROFILE",
        help="the profile to merge with",
    )
    parser.add_argument(
        "--action", metavar="ACTION", help="the default action, such as allow, errno or kill_process"
    )
    for name, what in (
        ("remove", "drop all rules for these calls"),
        ("deny", "deny these calls"),
        ("allow", "allow these calls"),
    ):
        parser.add_argument(f"--{name}", action="append", default=[], metavar="CALLS", help=what)
    parser.add_argument(
        "--errno", metavar="E", help="the errno that --deny and --action errno return (default: EPERM)"
    )
    add_output(parser)
    parser.add_argument("--json", action="store_true", help="no effect: a profile is JSON")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> ExitCode:
    """Write the changed profile."""
    from runner.cli.output import check_target, write_told
    from runner.cli.profile.given.calls import edit_calls
    from runner.cli.profile.given.inputs import check_stdin
    from runner.profile import edit
    from runner.profile.model import Action
    from runner.profile.source.writer import write_profile

    check_stdin(arguments.profile, *arguments.others)
    check_target(arguments.output)
    errno = _errno(arguments.errno)
    _refuse_errno(arguments)
    given = _read(arguments.profile)
    profile = _merged(given, arguments)
    if arguments.action:
        profile = edit.with_default(profile, _action(arguments.action), errno=errno)
    profile = edit.remove(profile, _names(arguments.remove, profile))
    denied = edit_calls(arguments.deny, profile)
    profile = _decided(profile, denied, Action.ERRNO, errno)
    profile = _decided(profile, edit_calls(arguments.allow, profile), Action.ALLOW, None)
    _note_flags(profile, denied)
    if arguments.action and given.rules:
        _note_no_exception(profile)
    _note_refused(profile)
    text = write_profile(profile)
    said = _said(arguments)
    if said and text == write_profile(given):
        said += ", as before"
    write_told(arguments.output, text, said=said)
    return ExitCode.OK


def _said(arguments: argparse.Namespace) -> str:
    """The changes that were asked for, in the order in which they are made."""
    asked = (
        (f"{arguments.merge} with", arguments.others),
        ("default action", [arguments.action] if arguments.action else []),
        ("no rule for", arguments.remove),
        ("denied", arguments.deny),
        ("allowed", arguments.allow),
    )
    return "; ".join(f"{what} {', '.join(words)}" for what, words in asked if words)


def _merged(profile: "Profile", arguments: argparse.Namespace) -> "Profile":
    if bool(arguments.merge) != bool(arguments.others):
        raise UsageError("--merge and --with go together", remedy="write both: --merge union --with default")
    if not arguments.merge:
        return profile
    from runner.profile.merge import intersection, union

    merge = union if arguments.merge == "union" else intersection
    for other in arguments.others:
        profile = merge(profile, _read(other))
    return profile


def _read(name: str) -> "Profile":
    """The profile of that name, with a note on each rule that is corrected."""
    from runner.cli.output import say_each
    from runner.cli.profile.given.inputs import spoken
    from runner.cli.profile.given.source import read_named
    from runner.profile.edit import with_names_alone

    profile, notes = with_names_alone(read_named(name).profile)
    say_each("note", (f"{spoken(name)}: {note}" for note in notes))
    return profile


def _names(texts: list[str], profile: "Profile") -> list[str]:
    from runner.cli.profile.given.calls import edit_calls

    calls = edit_calls(texts, profile)
    conditional = next((name for name, args in calls if args), None)
    if conditional:
        raise UsageError(
            f"--remove drops all rules for {conditional}, whatever the arguments",
            remedy="give the name alone",
        )
    return [name for name, _ in calls]


def _decided(profile: "Profile", calls: "Calls", action: "Action", errno: int | None) -> "Profile":
    """The profile with an action for these calls: all without arguments at once, then the others one by one."""
    from runner.profile import edit
    from runner.profile.conditional import decide_where
    from runner.profile.model import Action

    plain = [name for name, args in calls if not args]
    profile = edit.allow(profile, plain) if action is Action.ALLOW else edit.deny(profile, plain, errno=errno)
    for name, args in calls:
        if args:
            profile = decide_where(profile, name, args, action, errno=errno)
    return profile


def _note_no_exception(profile: "Profile") -> None:
    """Print a note if all rules agree with the default action, so that it decides on every call."""
    from runner.profile.filter.effective import effect

    assert profile.default_action is not None
    default = effect(profile.default_action, profile.default_errno)
    decides, other = ("allows", "--deny") if default.passes else ("denies", "--allow")
    if all(effect(rule.action, rule.errno).passes == default.passes for rule in profile.rules):
        print(
            "note: with this default action no rule makes an exception any more: the profile "
            f"{decides} every call. {other} makes one",
            file=sys.stderr,
        )


def _note_refused(profile: "Profile") -> None:
    """Print a note if engines refuse the new profile, as they did the given one."""
    from runner.profile.errors import ProfileError
    from runner.profile.model import Target
    from runner.profile.resolve import resolve

    try:
        resolve(profile, Target())
    except ProfileError as error:
        print(f"note: engines refuse the profile as it is now: {error.reason}", file=sys.stderr)


def _note_flags(profile: "Profile", denied: "Calls") -> None:
    """Print a note for each denied call whose flags are compared as a whole, so that other flags get past it."""
    from runner.profile.conditional import flags_compared
    from runner.profile.filter.effective import arg_text, number_text

    for name, args in denied:
        for arg in flags_compared(profile, name, args):
            bits = f"arg{arg.index} & {number_text(arg.value)} != 0"
            conditions = [bits if other is arg else arg_text(other) for other in args]
            print(
                f"note: {name} is denied only where argument {arg.index} is {number_text(arg.value)} and nothing else: "
                f"with any other flag beside it, it passes. This denies the flag: "
                f"--deny '{name} {' and '.join(conditions)}'",
                file=sys.stderr,
            )


def _action(name: str) -> "Action":
    from runner.profile.model import Action

    full = name.upper() if name.upper().startswith("SCMP_ACT_") else f"SCMP_ACT_{name.upper()}"
    try:
        return Action(full)
    except ValueError:
        known = ", ".join(action.value.removeprefix("SCMP_ACT_").lower() for action in Action)
        raise UsageError(f"unknown action '{name}'", remedy=f"write --action and one of {known}") from None


def _refuse_errno(arguments: argparse.Namespace) -> None:
    from runner.cli.profile.given.fitting import refuse_unused
    from runner.profile.model import Action

    if arguments.deny or (arguments.action and _action(arguments.action) is Action.ERRNO):
        return
    refuse_unused(
        {"--errno": arguments.errno},
        "it is what --deny and --action errno return, and neither is given",
        "write --deny CALLS or --action errno beside it, or leave it out",
    )


def _errno(text: str | None) -> int | None:
    from runner.profile.calls.constants import read_errno

    if text is None:
        return None
    number = read_errno(text.upper())
    if number is None or number > 4094:
        raise UsageError(f"'{text}' is not an errno", remedy="write --errno EPERM, or a number up to 4094")
    return number
