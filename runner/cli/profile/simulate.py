"""`workshop profile simulate`: what the kernel does with calls under a profile."""

import argparse
import sys

from runner.cli.profile.options import add_json, add_profile, add_target
from runner.errors import ExitCode, UsageError, WorkshopError

TYPE_CHECKING = False  # typing is slow to import
if TYPE_CHECKING:
    from collections.abc import Iterable

    from runner.profile.calls.call import Call
    from runner.profile.filter.simulate import Decision
    from runner.profile.model import Json
    from runner.profile.simulation import Simulation

_MAX_LINE = 4096


def add_command(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `simulate`."""
    parser = commands.add_parser(
        "simulate",
        description="Compile the profile as the runtime does, run the filter on the call, and print the action, the "
        "errno and the rule that decides. Example: workshop profile simulate default socket AF_INET SOCK_STREAM",
    )
    add_call(parser)
    parser.add_argument(
        "--calls",
        metavar="FILE",
        help="decide every line of a file (- for standard input): SYSCALL [ARGUMENT…]",
    )
    add_json(parser)
    parser.set_defaults(run=run)


def add_call(parser: argparse.ArgumentParser) -> None:
    """Add the profile, the call, and what decisions depend on."""
    add_profile(parser)
    parser.add_argument("syscall", nargs="?", help="its name or number")
    parser.add_argument(
        "arguments",
        nargs="*",
        metavar="ARGUMENT",
        help="a number (0777 is octal), a constant (CLONE_NEWUSER|CLONE_NEWNS), or a text such as a path; default: 0",
    )
    add_target(parser)
    parser.add_argument(
        "--abi", metavar="ARCH", help="make the call as programs of another architecture do (386 on amd64)"
    )
    parser.add_argument(
        "--runtime", metavar="V", help="runc's version, such as 1.1.5 (default: a recent one)"
    )
    parser.add_argument(
        "--libseccomp", metavar="V", help="libseccomp's version, such as 2.5.4 (default: a recent one)"
    )


def run(arguments: argparse.Namespace) -> ExitCode:
    """Print a line, or with `--json` an object, for each call."""
    from runner.cli.profile.source import check_stdin

    if arguments.calls is not None and arguments.syscall is not None:
        raise UsageError("both a system call and --calls are given", remedy="leave one of them out")
    check_stdin(arguments.profile, arguments.calls)
    simulation = read_simulation(arguments)
    if arguments.calls is None:
        _print(arguments, one_call(arguments, simulation), simulation)
        return ExitCode.OK
    for call in _calls(arguments, simulation):
        _print(arguments, call, simulation)
    return ExitCode.OK


def one_call(arguments: argparse.Namespace, simulation: "Simulation") -> "Call":
    """The call on the command line."""
    if arguments.syscall is None:
        raise UsageError("no system call is named", remedy="name one after the profile, such as chmod")
    return simulation.call((arguments.syscall, *arguments.arguments), arguments.abi or "")


def read_simulation(arguments: argparse.Namespace) -> "Simulation":
    """The profile of the command line in force on its target."""
    from dataclasses import replace

    from runner.cli.profile.options import read_target, read_version
    from runner.cli.profile.source import of_engine, read_named
    from runner.profile.simulation import Simulation

    target = replace(
        read_target(arguments),
        runtime=read_version(arguments.runtime, "--runtime"),
        library=read_version(arguments.libseccomp, "--libseccomp"),
    )
    name = of_engine(arguments.profile, target.engine)
    return Simulation(read_named(name).profile, target, file=name)


def decision_json(call: "Call", decision: "Decision", *, file: str) -> "Json":
    """A decision for machines."""
    rule = decision.rule
    source = rule.source if rule else None
    return {
        "call": {
            "name": call.syscall.name,
            "number": call.syscall.number,
            "arch": call.arch.go,
            "args": list(call.args),
        },
        "action": decision.action,
        "errno": decision.errno,
        "errnoNumber": decision.errno_number,
        "executed": decision.executed,
        "cause": decision.cause.value,
        "rule": None
        if rule is None
        else {
            "index": decision.index,
            "path": source.at.path if source else f"syscalls[{decision.index}]",
            "file": file,
            "line": source.at.line if source else None,
        },
        "agrees": decision.agrees,
        "notes": list(decision.notes),
    }


def _calls(arguments: argparse.Namespace, simulation: "Simulation") -> "Iterable[Call]":
    from runner.cli.profile.source import spoken

    name = arguments.calls
    for number, line in enumerate(_lines(name), 1):
        words = line.decode("utf-8", "replace").partition("#")[0].split()
        if not words:
            continue
        try:
            yield simulation.call(words, arguments.abi or "")
        except WorkshopError as error:
            raise UsageError(f"{spoken(name)}:{number}: {error}", remedy=error.remedy) from error


def _lines(name: str) -> "Iterable[bytes]":
    if name == "-":
        from runner.cli.profile.source import standard_input

        lines = standard_input().buffer
        yield from iter(lambda: lines.readline(_MAX_LINE), b"")
        return
    try:
        with open(name, "rb") as file:  # noqa: PTH123 - as source.py: pathlib is slow
            yield from iter(lambda: file.readline(_MAX_LINE), b"")
    except OSError as error:
        raise UsageError(
            f"cannot read {name}: {error.strerror}", remedy="name a file of calls, or -"
        ) from error


def _print(arguments: argparse.Namespace, call: "Call", simulation: "Simulation") -> None:
    from runner.profile.views.explain import headline, reason

    decision = simulation.decide(call)
    if arguments.json:
        import json

        print(json.dumps(decision_json(call, decision, file=simulation.file)))
        return
    print(f"{headline(call, decision)} ({reason(decision, simulation.file)})")
    for note in decision.notes:
        print(f"  note: {note}", file=sys.stderr)
