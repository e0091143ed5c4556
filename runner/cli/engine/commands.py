"""`workshop engine` and `workshop clean`: the private engine, and leftovers of sessions."""

import argparse
import json
from contextlib import closing
from typing import TYPE_CHECKING

from runner.cli.engines import add_engine_options, open_chosen_engine
from runner.cli.output import say
from runner.errors import ExitCode, UsageError
from runner.language import counted

if TYPE_CHECKING:
    from runner.engine.private.control.connection import Status


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `engine` and `clean`."""
    engine = commands.add_parser(
        "engine",
        description="The private engine is a Docker engine of the workshop's own, in a user namespace, apart from "
        "the machine's. It starts by itself when it is needed and stops after its last user.",
    )
    actions = engine.add_subparsers(title="actions", metavar="ACTION")
    start = actions.add_parser("start", help="start it with its image, and keep it until `stop`")
    start.set_defaults(run=run_start)
    status = actions.add_parser(
        "status",
        help="say whether it runs, where, and who uses it",
        description="Say whether the private engine runs, where, and how many processes use it. Exits with 0 if it "
        "runs, else with 3; one that starts, ends or hangs does not answer, and JSON says that it is not running.",
    )
    status.add_argument("--json", action="store_true", help="print JSON")
    status.set_defaults(run=run_status)
    stop = actions.add_parser("stop", help="stop it, also under its users")
    stop.set_defaults(run=run_stop)
    beside = actions.add_parser(
        "run",
        usage="workshop engine run [--seccomp-profile PROFILE] COMMAND [ARGUMENT ...]",
        help="run a command with a separate engine, which ends with it",
        description="Start one more engine, empty but for the image `lab`, and run a command in which `docker` means "
        "that one. Both end together, and nothing of the engine is left. Exits as the command does.",
    )
    beside.add_argument(
        "--seccomp-profile",
        metavar="PROFILE",
        default="",
        help="the default profile of its containers, as dockerd's option of that name: a file, or a built-in profile's "
        "name (default: the engine's own)",
    )
    beside.add_argument("command", nargs=argparse.REMAINDER, metavar="COMMAND", help="such as `sh`")
    beside.set_defaults(run=run_beside)
    clean = commands.add_parser(
        "clean",
        description="Remove containers, networks, volumes and folders of workshop sessions that have died, and control "
        "groups of engines that are gone. For root, also the boxes of a class that was killed. Exits with 3 if a "
        "container stays or no engine can be used; a folder that stays is only named.",
    )
    clean.add_argument("--all", action="store_true", help="also those of sessions that still run")
    add_engine_options(clean)
    clean.set_defaults(run=run_clean)


def run_start(_arguments: argparse.Namespace) -> ExitCode:
    """Start the private engine and keep it running."""
    from runner.engine.docker.client import Client
    from runner.engine.docker.describe import describe
    from runner.engine.image.provide import LAB, provide
    from runner.engine.private.launch import unbounded_notice
    from runner.engine.private.leases import acquire
    from runner.engine.private.places import Places

    lease = acquire(Places.default(), say)
    try:
        with Client(lease.endpoint) as client:
            provide(client, [LAB], say)
            if not describe(client).info.bounded:
                say(unbounded_notice())
        lease.hold()
    finally:
        lease.release()
    print(lease.endpoint)
    return ExitCode.OK


def run_status(arguments: argparse.Namespace) -> ExitCode:
    """Report whether the private engine runs; 3 if it does not, for use in scripts."""
    from runner.engine.private.leases import silent_supervisor, status
    from runner.engine.private.places import Places

    places = Places.default()
    found = status(places)
    if arguments.json:
        print(json.dumps(_status_data(found), indent=2))
    elif found is None:
        who = silent_supervisor(places)
        print(
            f"starting, ending or hanging ({who}); `workshop engine stop` ends it" if who else "not running"
        )
    else:
        users = counted(found.users, "users")
        kept = ", kept until `workshop engine stop`" if found.held else ""
        print(f"running at {found.endpoint} (process {found.pid}, {users}{kept})")
    return ExitCode.OK if found else ExitCode.ENGINE


def run_stop(_arguments: argparse.Namespace) -> ExitCode:
    """Stop the private engine."""
    from runner.engine.private.leases import stop
    from runner.engine.private.places import Places

    say("stopped" if stop(Places.default()) else "it was not running")
    return ExitCode.OK


def run_beside(arguments: argparse.Namespace) -> ExitCode:
    """Run a command with a separate engine.

    Raises:
        SystemExit: with the command's own status.
    """
    import os
    import signal
    import subprocess

    from runner.cli.profile.given.source import read_named
    from runner.engine.addresses import docker_variables
    from runner.engine.docker.client import Client
    from runner.engine.image.provide import LAB, provide
    from runner.engine.private.apart import engine_apart
    from runner.profile.source.writer import write_profile

    words = arguments.command[arguments.command[:1] == ["--"] :]
    if not words:
        raise UsageError("no command is given", remedy="write it after the options: workshop engine run sh")
    profile = write_profile(read_named(name).profile) if (name := arguments.seccomp_profile) else ""
    with engine_apart(profile=profile, progress=say) as lease:
        with Client(lease.endpoint) as client:
            provide(client, [LAB], say)
        # Ctrl-C is for the command, which decides what to do about it.
        before = signal.signal(signal.SIGINT, lambda *_: None)
        try:
            status = subprocess.call(words, env=os.environ | docker_variables(lease.endpoint))
        except OSError as error:
            raise UsageError(f"cannot run {words[0]}: {error.strerror}") from error
        finally:
            signal.signal(signal.SIGINT, before)
    raise SystemExit(status if status >= 0 else 128 - status)


def run_clean(arguments: argparse.Namespace) -> ExitCode:
    """Remove leftovers of sessions, on the engine and on disk; 3 if a container stays."""
    from runner.engine.docker.sweep import sweep_all
    from runner.engine.private.apart import sweep as sweep_apart
    from runner.engine.private.cgroup import sweep_groups
    from runner.engine.private.places import Places
    from runner.stage.scratch import sweep_scratch

    groups = sweep_groups()
    folders = sweep_scratch(say) + sweep_apart(Places.default())
    boxes = _sweep_class()
    # An engine that is started only to look for leftovers, and stopped again, is not reported.
    with closing(open_chosen_engine(arguments, lambda _line: None)) as engine:
        swept = engine.swept + sweep_all(engine.client) if arguments.all else engine.swept
    found = {
        "containers": swept.containers,
        "networks": swept.networks,
        "volumes": swept.volumes,
        "folders": folders,
        "control groups": groups,
    }
    removed = ", ".join(counted(number, name) for name, number in found.items() if number)
    nothing = "nothing could be removed" if swept.failures else "there was nothing to remove"
    if removed or not boxes:
        say(f"removed {removed}" if removed else nothing)
    if boxes:
        say(f"removed leftovers of a killed class, with {boxes} of its boxes; its learners' records are kept")
    for failure in swept.failures:
        say(failure.in_full())
    return ExitCode.ENGINE if swept.failures else ExitCode.OK


def _sweep_class() -> int:
    """Remove the boxes of classes that have ended, and return their number; only root can run classes."""
    import os

    from runner.box.resources import ClassResources

    return 0 if os.geteuid() else ClassResources.default().sweep_dead()


def _status_data(found: "Status | None") -> dict[str, object]:
    if found is None:
        return {"running": False}
    return {
        "running": True,
        "endpoint": found.endpoint,
        "pid": found.pid,
        "users": found.users,
        "held": found.held,
    }
