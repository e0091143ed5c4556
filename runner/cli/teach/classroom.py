"""`workshop classroom`: teach a room full of people on this machine."""

import argparse
import os
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from runner.cli.languages import add_language_option, language_for_others
from runner.cli.output import say
from runner.cli.workshops import load_workshops, located, workshop_folders
from runner.errors import EngineError, ExitCode, UsageError, WorkshopError
from runner.extras import how_to_add

if TYPE_CHECKING:
    from runner.box.resources import ClassResources
    from runner.classroom.host.host import Host
    from runner.classroom.settings import Settings

_SEATS, _PORT, _SSH_PORT = 30, 8443, 2222
_MEGA = 2**20


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `classroom`."""
    parser = commands.add_parser(
        "classroom",
        description="Hold a class: people join in a browser with their name and the class's code, and each gets the "
        "labs in a box of their own on this machine, with an engine of its own and no network. Needs root, which only "
        "the starting of boxes keeps. A class goes on where it was until it is over, also after a crash.",
        epilog="`workshop doctor --classroom` says what this machine lacks, and how many learners fit.",
    )
    parser.add_argument(
        "workshop",
        nargs="?",
        type=Path,
        metavar="WORKSHOP",
        help="a workshop's folder (default: those that came with workshop)",
    )
    parser.add_argument(
        "--address",
        metavar="NAME",
        help="the address that learners type to reach this machine (default: its address in the network)",
    )
    parser.add_argument("--port", type=_number(1, 65535), default=_PORT, help=f"the port (default: {_PORT})")
    parser.add_argument(
        "--ssh-port",
        type=_number(0, 65535),
        default=_SSH_PORT,
        metavar="PORT",
        help=f"where people come by `ssh NAME@host` (default: {_SSH_PORT}; 0 for nowhere)",
    )
    parser.add_argument(
        "--seats",
        type=_number(1, 127),
        default=_SEATS,
        metavar="N",
        help=f"how many may join (default: {_SEATS})",
    )
    parser.add_argument("--title", default="Workshop", help="the class's title")
    parser.add_argument("--instructor", default="", metavar="NAME", help="who teaches it")
    parser.add_argument(
        "--certificate", type=Path, metavar="FILE", help="a certificate of yours (PEM), with --key"
    )
    parser.add_argument("--key", type=Path, metavar="FILE", help="its key (PEM, without a passphrase)")
    for option, least, usual in (("--memory", 256, 768), ("--disk", 256, 1024)):
        parser.add_argument(
            option,
            type=_number(least, 1 << 20),
            default=usual,
            metavar="MB",
            help=f"of each learner (default: {usual})",
        )
    parser.add_argument(
        "--screen",
        action="store_true",
        help="show the instructor's screen of the class that is held on this machine",
    )
    parser.add_argument(
        "--no-screen",
        action="store_true",
        help="hold the class without the instructor's screen in this terminal",
    )
    parser.add_argument(
        "--rehearse",
        action="store_true",
        help="practise with 30 simulated learners: opens no port, needs no root",
    )
    add_language_option(parser)
    parser.add_argument(
        "--new", action="store_true", help="start over: delete the last class, its people and their files"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> ExitCode:
    """Hold the class until it ends or is interrupted."""
    if arguments.workshop is not None:
        arguments.workshop = located(arguments.workshop)
    if arguments.rehearse:
        from runner.cli.teach import rehearse

        return rehearse.run(arguments)
    _require(arguments)
    if arguments.screen:
        return _show_screen(arguments)
    from runner.box.box import Content
    from runner.box.machine import capacity
    from runner.box.resources import ClassResources, Share
    from runner.classroom.given import OWN
    from runner.classroom.host.address import hosts
    from runner.classroom.host.furnish import furnish
    from runner.classroom.host.host import Host
    from runner.classroom.host.past import PAST, forget
    from runner.classroom.host.prebuilt_cache import prebuilt_cache
    from runner.classroom.host.sockets import listen
    from runner.classroom.host.terminal_relay import show_beside
    from runner.content import LABS
    from runner.engine.image.provide import built
    from runner.engine.image.recipe import Recipe
    from runner.folders import cache_folder

    reachable = hosts(arguments.address, arguments.port)
    _require_image(arguments.workshop or LABS)
    share = Share(memory=arguments.memory * _MEGA, disk=arguments.disk * _MEGA)
    resources = ClassResources.default(share=share)
    fit = capacity(resources)
    if fit.learners < arguments.seats:
        say(f"workshop: {fit}; with {arguments.seats} seats it may get slow or full")
    image = built(Recipe.of_this_machine(), cache_folder(), say)
    ssh_port = arguments.ssh_port if find_spec("asyncssh") else 0
    folders = [arguments.workshop.resolve()] if arguments.workshop else []
    lock = resources.prepare()
    try:
        sockets = listen(arguments.address or "", arguments.port, ssh_port)
        settings = _settings(arguments, resources, reachable, ssh_port)
        settings = furnish(resources, settings, certificate=arguments.certificate, key=arguments.key)
        cache = prebuilt_cache(
            resources, workshop_folders(folders[0] if folders else LABS), settings.language
        )
        words = ("runner", "run", *map(str, folders), "--resume", "--engine", "private", *_asked(settings))
        content = Content.of(words, folders=folders, image=image, cache=cache)
        host = Host(resources, content, settings, sockets, screen=_words(OWN, settings, folders))
        screen = _screen(resources, settings, content.folders, folders)
        announce = partial(_announce, settings)
        _hold(
            host,
            announce,
            None if arguments.no_screen else partial(show_beside, resources, screen[0], readable=screen[1]),
        )
        forget(resources)
        say(f"workshop: the class is over; the records, and your report, are in {resources.state / PAST}")
    finally:
        os.close(lock)
    return ExitCode.OK


def _hold(host: "Host", announce: Callable[[], None], show: Callable[[], int] | None) -> None:
    """Hold the class until it ends; once learners can connect, announce it and show the instructor's screen."""
    screens: list[int] = []

    def ready() -> None:
        announce()
        if show is not None and sys.stdin.isatty() and sys.stdout.isatty():
            screens.append(show())

    over = False
    try:
        host.hold(ready)
        over = True
    finally:
        # A second signal must not interrupt the cleanup.
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        _await_screens(screens, over=over)
        host.close()


def _asked(settings: "Settings") -> list[str]:
    """The words that request the class's language from a program."""
    return ["--lang", settings.language] if settings.language else []


def _words(own: Path, settings: "Settings", folders: Sequence[Path]) -> list[str]:
    """The command line of the instructor's screen, with the class's folder at `own`."""
    return ["runner.cli.teach.screen", *_asked(settings), str(own), settings.title, *map(str, folders)]


def _screen(
    resources: "ClassResources", settings: "Settings", shown: Sequence[Path], folders: Sequence[Path]
) -> tuple[list[str], dict[Path, Path]]:
    """The command line of the instructor's screen, and the folders it reads."""
    return _words(resources.own, settings, folders), {folder: folder for folder in shown}


def _show_screen(arguments: argparse.Namespace) -> ExitCode:
    """Show the screen of a class that another command runs."""
    from runner.box.box import Content
    from runner.box.resources import ClassResources
    from runner.classroom.control import SOCKET
    from runner.classroom.host.terminal_relay import show
    from runner.classroom.settings import Settings

    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError("the instructor's screen needs a terminal", remedy="run it in one")
    resources = ClassResources.default()
    settings = Settings.read(resources.settings)
    if settings is None or not (resources.own / SOCKET).exists():
        raise WorkshopError("no class is held on this machine", remedy="begin one: sudo workshop classroom")
    folders = [arguments.workshop.resolve()] if arguments.workshop else []
    content = Content.of((), folders=folders, image=None)
    words, readable = _screen(resources, settings, content.folders, folders)
    show(resources, words, readable=readable)
    return ExitCode.OK


def _await_screens(screens: Sequence[int], *, over: bool) -> None:
    """Wait until the instructor has left the screen of a class that ended; end the screen if interrupted."""
    for pid in screens:
        if not over:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)
        os.waitpid(pid, 0)


def _require(arguments: argparse.Namespace) -> None:
    if os.geteuid():
        raise EngineError(
            "a class needs root, to start a box for each learner; everything else in it runs without",
            remedy="sudo workshop classroom; where sudo does not find it: sudo $(command -v workshop) classroom",
        )
    if absent := [
        name for name in ("aiohttp", "cryptography", "segno", "textual_serve") if not find_spec(name)
    ]:
        raise WorkshopError(
            f"`workshop classroom` needs Python packages that are not installed: {', '.join(absent)}",
            remedy=how_to_add("classroom"),
        )
    if (arguments.certificate is None) != (arguments.key is None):
        raise UsageError("--certificate and --key belong together", remedy="give both, or none")


def _require_image(workshop: Path) -> None:
    """Check that the labs need no image that a box lacks."""
    from runner.engine.image.provide import LAB
    from runner.lab.model.images import images

    needed = images((found, lab) for found, labs in load_workshops([workshop]) for lab in labs)
    if others := sorted({image for image in needed if image.removesuffix(":latest") != LAB}):
        raise UsageError(
            f"boxes have no network, and this workshop needs {', '.join(others)}",
            remedy=f"hold a class with a workshop that needs the image `{LAB}` alone",
        )


def _settings(
    arguments: argparse.Namespace, resources: "ClassResources", reachable: tuple[str, ...], ssh_port: int
) -> "Settings":
    from runner.classroom.code import new_code
    from runner.classroom.host.past import forget
    from runner.classroom.settings import Settings
    from runner.content import LABS

    if arguments.new:
        forget(resources)
    before = Settings.read(resources.settings)
    named = [arguments.workshop] if arguments.workshop else [LABS]
    return Settings(
        title=arguments.title,
        instructor=arguments.instructor,
        seats=arguments.seats,
        hosts=reachable,
        code=before.code if before else new_code(),
        instructor_code=before.instructor_code if before else new_code(),
        ssh_port=ssh_port,
        language=language_for_others(arguments, named),
    )


def _announce(settings: "Settings") -> None:
    import segno

    from runner.classroom.fingerprint import in_two_lines

    say("")
    segno.make(settings.link).terminal(out=sys.stderr, compact=True)
    marks = settings.marks
    lines = [f"  address      {settings.address}", f"  class code   {settings.code}"]
    if marks.certificate:
        lines += ["  fingerprint  of the certificate, which browsers do not know and ask about (SHA-256):"]
        lines += [f"               {part}" for part in in_two_lines(marks.certificate)]
    if settings.ssh:
        lines += [
            f"  by ssh       {settings.ssh}, with the class code for a password",
            f"               {marks.ssh}",
        ]
    lines += [
        "  for you      " + settings.own.replace("\n", f"\n{' ' * 15}"),
    ]
    print("\n".join(lines), flush=True)
    say(
        "Ctrl-C ends every session; the class goes on with the next `workshop classroom`, and `--new` begins another."
    )


def _number(least: int, most: int) -> "type[int]":
    def read(text: str) -> int:
        if not text.isdecimal() or not least <= int(text) <= most:
            raise argparse.ArgumentTypeError(f"{text!r} is not a number from {least} to {most}")
        return int(text)

    return read  # type: ignore[return-value]
