"""Open the engine that a command line asks for, with the user's consent where it is needed."""

import argparse
import os
import sys
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from runner.cli.output import answered_yes
from runner.errors import WorkshopError

if TYPE_CHECKING:
    from pathlib import Path

    from runner.engine.api import Engine
    from runner.engine.discovery import EngineChoice
    from runner.engine.docker.engine import DockerEngine
    from runner.tui.shared_engine import OpenEngine


def add_engine_options(parser: argparse.ArgumentParser, *, several: bool = False) -> None:
    """Add the options that say which engine to use; with `several`, `--engine` may be repeated, into `engines`."""
    group = parser.add_argument_group("engine")
    about = "`private`, an address (unix:///...) or a Docker context; default: the safest that works"
    if several:
        group.add_argument(
            "--engine", dest="engines", action="append", metavar="NAME", help=f"{about}; may be repeated"
        )
    else:
        group.add_argument("--engine", metavar="NAME", default="auto", help=about)
    group.add_argument(
        "--yes",
        action="store_true",
        help="agree to a rootful engine if there is no safer one, without being asked",
    )


def engine_choice(arguments: argparse.Namespace) -> "EngineChoice":
    """The engine choice from the options and from consent given earlier."""
    from runner.engine.discovery import EngineChoice

    return EngineChoice(engine=arguments.engine, consent=arguments.yes or _consent_file().exists())


def ready_engine(
    choice: "EngineChoice", images: Iterable[str], progress: Callable[[str], None]
) -> "DockerEngine":
    """Open an engine for a new session, with `images` in it.

    Raises:
        EngineError: there is no engine, or an image cannot be provided; ConsentNeededError as for `open_engine`.
    """
    from runner.engine.api import EngineUnavailable
    from runner.engine.discovery import open_engine
    from runner.engine.image.provide import provide
    from runner.stage.environment import new_session

    engine = open_engine(choice, new_session(), progress)
    try:
        provide(engine.client, images, progress)
    except EngineUnavailable as error:
        loss = engine.loss()
        engine.close()
        if not loss.why:
            raise
        raise EngineUnavailable(
            f"the engine has ended: {loss.told}", remedy=loss.told_remedy or error.remedy
        ) from error
    except BaseException:
        engine.close()
        raise
    return engine


def open_chosen_engine(
    arguments: argparse.Namespace, progress: Callable[[str], None], *, images: Iterable[str] = ()
) -> "DockerEngine":
    """Open the engine for this command, with `images` in it; on a terminal, ask the user once before a rootful one."""
    from runner.engine.discovery import ConsentNeededError

    choice = engine_choice(arguments)
    try:
        return ready_engine(choice, images, progress)
    except ConsentNeededError as error:
        if not (sys.stdin.isatty() and sys.stderr.isatty()):
            raise
        print(f"workshop: {error}", file=sys.stderr)
        if not answered_yes("Use it all the same? This is asked once."):
            raise
    remember_consent()
    return ready_engine(replace(choice, consent=True), images, progress)


def check_engine_name(arguments: argparse.Namespace) -> None:
    """Check the engine that the options name, without looking for it; other ways to name one are looked at later.

    Raises:
        UsageError: `--engine` names none.
    """
    if arguments.engine != "auto":
        from runner.engine.endpoints import named

        named(arguments.engine, os.environ)


def engine_opener(arguments: argparse.Namespace, needed: list[str]) -> "OpenEngine":
    """A function that opens the engine for the app, with the images `needed` in it; the app asks for consent.

    Raises:
        UsageError: `--engine` names none.
    """
    check_engine_name(arguments)

    def open_engine(progress: Callable[[str], None], *, agreed: bool) -> "Engine":
        from runner.stage.scratch import sweep_scratch

        sweep_scratch()
        choice = engine_choice(arguments)
        if agreed:
            remember_consent()
        return ready_engine(replace(choice, consent=choice.consent or agreed), needed, progress)

    return open_engine


def _consent_file() -> "Path":
    from runner.folders import state_folder

    return state_folder() / "rootful-engine-agreed"


def remember_consent() -> None:
    """Record that the user has agreed to a rootful engine on this machine."""
    try:
        _consent_file().parent.mkdir(parents=True, exist_ok=True)
        _consent_file().touch()
    except OSError as error:
        raise WorkshopError(
            f"cannot write {_consent_file()}: {error.strerror}", remedy="use --yes instead"
        ) from error
