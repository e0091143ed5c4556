"""`workshop classroom`: teach a room full of people on this machine."""

import argparse
import os
import signal
import socket
import sys
import time
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from runner.cli.output import say
from runner.cli.workshops import load_workshops
from runner.errors import EngineError, ExitCode, UsageError, WorkshopError

if TYPE_CHECKING:
    from runner.box.room import Room
    from runner.classroom.settings import Settings

_SEATS, _PORT = 30, 8443
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
        help="what learners type to reach this machine (default: its address in the network)",
    )
    parser.add_argument("--port", type=_number(1, 65535), default=_PORT, help=f"the port (default: {_PORT})")
    parser.add_argument(
        "--seats",
        type=_number(1, 127),
        default=_SEATS,
        metavar="N",
        help=f"how many may join (default: {_SEATS})",
    )
    parser.add_argument("--title", default="Workshop", help="what the class is called")
    parser.add_argument("--instructor", default="", metavar="NAME", help="who teaches it")
    parser.add_argument(
        "--certificate", type=Path, metavar="FILE", help="a certificate of yours (PEM), with --key"
    )
    parser.add_argument("--key", type=Path, metavar="FILE", help="its key (PEM, without a passphrase)")
    parser.add_argument(
        "--memory",
        type=_number(128, 1 << 20),
        default=768,
        metavar="MB",
        help="of each learner (default: 768)",
    )
    parser.add_argument(
        "--disk",
        type=_number(256, 1 << 20),
        default=1024,
        metavar="MB",
        help="of each learner (default: 1024)",
    )
    parser.add_argument(
        "--new", action="store_true", help="begin anew: forget the last class, its people and what they kept"
    )
    parser.add_argument(
        "--rehearse",
        action="store_true",
        help="practise on 30 simulated learners: opens nothing, needs no root",
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> ExitCode:
    """Hold the class until it is over or interrupted."""
    if arguments.rehearse:
        from runner.cli.rehearse import run as rehearse

        return rehearse(arguments)
    _require(arguments)
    from runner.box.box import Content
    from runner.box.machine import capacity
    from runner.box.room import Room, Share
    from runner.classroom.host import Host, furnish, listen
    from runner.engine.image.provide import LAB, built
    from runner.engine.image.recipe import Recipe
    from runner.folders import cache_folder
    from runner.lab.model.images import images

    loaded = load_workshops([arguments.workshop] if arguments.workshop else [])
    needed = images((workshop, lab) for workshop, labs in loaded for lab in labs)
    if others := sorted({image for image in needed if image.removesuffix(":latest") != LAB}):
        raise UsageError(
            f"boxes have no network, and this workshop needs {', '.join(others)}",
            remedy=f"hold a class with a workshop that needs the image `{LAB}` alone",
        )
    share = Share(memory=arguments.memory * _MEGA, disk=arguments.disk * _MEGA)
    room = Room.default(share=share)
    fit = capacity(room)
    if fit.learners < arguments.seats:
        say(f"workshop: {fit}; with {arguments.seats} seats it may get slow or full")
    image = built(Recipe.of_this_machine(), cache_folder(), say)
    sockets = listen(arguments.address or "", arguments.port)
    lock = room.prepare(arguments.seats + 1)
    try:
        settings = _settings(arguments, room)
        mark = furnish(room, settings, certificate=arguments.certificate, key=arguments.key)
        folders = [arguments.workshop.resolve()] if arguments.workshop else []
        words = ("runner", "run", *map(str, folders), "--resume", "--engine", "private")
        content = Content.of(words, folders=folders, image=image)
        host = Host(room, content, settings, sockets)
        try:
            host.hold(lambda: _announce(settings, mark, own=arguments.certificate is None))
        finally:
            # A second signal is not to leave half of it.
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, signal.SIG_IGN)
            host.close()
        _file_away(room)
        say(f"workshop: the class is over; what was recorded is in {room.state / 'past'}")
    finally:
        os.close(lock)
    return ExitCode.OK


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
            remedy="pip install 'seccomp-workshop[classroom]'",
        )
    if (arguments.certificate is None) != (arguments.key is None):
        raise UsageError("--certificate and --key belong together", remedy="give both, or none")


def _settings(arguments: argparse.Namespace, room: "Room") -> "Settings":
    from runner.classroom.settings import Settings

    if arguments.new:
        _forget(room)
    before = Settings.read(room.settings)
    hosts = _hosts(arguments.address, arguments.port)
    return Settings.make(
        title=arguments.title,
        instructor=arguments.instructor,
        seats=arguments.seats,
        hosts=hosts,
        before=before,
    )


def _hosts(address: str | None, port: int) -> tuple[str, ...]:
    """What browsers may call this machine, the shown one first."""
    name = socket.gethostname()
    found = [address or _own_address() or name, *filter(None, [_own_address()]), name, f"{name}.local"]
    suffix = "" if port == 443 else f":{port}"
    names = dict.fromkeys(f"[{host}]" if ":" in host else host.lower() for host in found)
    return tuple(f"{host}{suffix}" for host in names)


def _own_address() -> str:
    """This machine's address in its network; "" if it is in none. Nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
            return str(probe.getsockname()[0])
        except OSError:
            return ""


def _announce(settings: "Settings", mark: str, *, own: bool) -> None:
    import segno

    say("")
    segno.make(f"{settings.address}#{settings.code}").terminal(out=sys.stderr, compact=True)
    lines = [f"  address      {settings.address}", f"  class code   {settings.code}"]
    if own:
        lines += ["  fingerprint  of the certificate, which browsers do not know and ask about (SHA-256):"]
        lines += [f"               {mark[:48]}", f"               {mark[48:]}"]
    lines.append(f"  for you      join as instructor with the code {settings.instructor_code}")
    print("\n".join(lines), flush=True)
    say(
        "Ctrl-C ends every session; the class goes on with the next `workshop classroom`, and `--new` begins another."
    )


def _forget(room: "Room") -> None:
    """Remove what the last class has left, as far as it is the class's."""
    from runner.box.room import SEATS

    _file_away(room)
    for number in range(1, SEATS + 1):
        room.forget(number)


def _file_away(room: "Room") -> None:
    """Keep the record of a class that is over, and nothing else of it."""
    past = room.state / "past"
    past.mkdir(mode=0o700, exist_ok=True)
    stamp = time.strftime("%Y-%m-%d-%H%M%S")
    for file in sorted(room.own.glob("class.sqlite3*")):
        file.replace(past / f"{stamp}{file.name.removeprefix('class')}")
    for file in [room.own / "roll.json", *room.settings.glob("*")]:
        file.unlink(missing_ok=True)


def _number(least: int, most: int) -> "type[int]":
    def read(text: str) -> int:
        if not text.isdecimal() or not least <= int(text) <= most:
            raise argparse.ArgumentTypeError(f"{text!r} is not a number from {least} to {most}")
        return int(text)

    return read  # type: ignore[return-value]
