"""`workshop profile history`: the behaviour of older engines and runtimes."""

import argparse

from runner.cli.profile.given.options import add_json
from runner.errors import ExitCode, UsageError

TYPE_CHECKING = False  # typing is slow to import
if TYPE_CHECKING:
    from runner.profile.history.features import Feature
    from runner.profile.model import Json
    from runner.profile.views.timeline import Period


def add_command(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `history`."""
    parser = commands.add_parser(
        "history",
        description="Say what the default profile of each Docker Engine since 1.11 does with a system call, and which "
        "versions of the engine and of runc understand an action, a key, a flag or an architecture. Without a word, "
        "list what has been added since. Example: workshop profile history clone3",
    )
    parser.add_argument(
        "words",
        nargs="*",
        metavar="WORD",
        help="a system call, or a word of a profile: errnoRet, flags, SCMP_ACT_LOG (several with blanks or commas)",
    )
    add_json(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> ExitCode:
    """Print the periods of each call, and the versions of each word."""
    from runner.profile.history.features import features, features_named

    words = " ".join(arguments.words).replace(",", " ").split()
    found = {word: features_named(word) or _known(word) for word in words}
    if arguments.json:
        import json

        told = [
            _call_json(each) if isinstance(each, str) else {"word": word, "features": _rows(each)}
            for word, each in found.items()
        ]
        print(json.dumps((told[0] if len(told) == 1 else told) if found else _rows(features()), indent=2))
    else:
        for each in found.values() or (features(),):
            _print_call(each) if isinstance(each, str) else _print_features(each)
    return ExitCode.OK


def _known(word: str) -> str:
    """Return the call's name.

    Raises:
        UsageError: there is no such call.
    """
    from runner.profile.calls.groups import KNOWN
    from runner.profile.views.timeline import timeline

    if word in KNOWN or any(period.rules for period in timeline(word)):
        return word
    from runner.profile.calls.meant import did_you_mean_call

    raise UsageError(
        f"nothing is called '{word}'{did_you_mean_call(word)}",
        remedy="name a system call, or run `workshop profile history` for the other words",
    )


def _call_json(name: str) -> "Json":
    from runner.profile.history.library import known_since
    from runner.profile.history.runtime_needs import releases_that_need
    from runner.profile.views.timeline import timeline

    return {
        "call": name,
        "default": [_period(name, each) for each in timeline(name)],
        "libseccomp": str(known_since(name) or ""),
        "runc": releases_that_need(name),
    }


def _print_call(name: str) -> None:
    from runner.profile.history.library import known_since
    from runner.profile.history.runtime_needs import releases_that_need
    from runner.profile.views.timeline import by_capability_in_code, outcomes, timeline

    print(f"{name} in Docker's default profile:")
    for period in timeline(name):
        print(f"  Engine {period.engines}:")
        for outcome in outcomes(name, period):
            print(f"    {outcome}")
    if note := by_capability_in_code(name):
        print(note)
    if library := known_since(name):
        print(f"libseccomp {library} and newer know it: with an older one the runtime leaves its rules out.")
    if needed := releases_that_need(name):
        print(f"runc itself makes this call to start a container: {needed}.")


def _period(name: str, period: "Period") -> "Json":
    from runner.profile.views.timeline import outcomes

    return {
        "since": str(period.since),
        "until": str(period.until) if period.until else None,
        "outcomes": list(outcomes(name, period)),
    }


def _rows(found: "tuple[Feature, ...]") -> "list[Json]":
    return [
        {
            "word": each.word,
            "reader": each.reader,
            "since": str(each.since),
            "before": each.before,
            "effect": each.effect,
        }
        for each in found
    ]


def _print_features(found: "tuple[Feature, ...]") -> None:
    for each in found:
        print(f"{each.word}: {each.reader} {each.since} and newer; {each.before} before, so {each.effect}")
