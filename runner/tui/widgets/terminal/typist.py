"""Typing commands for the learner, if that does no harm."""

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from runner.lab.model.transcript import Command
from runner.lab.model.workshop import console_name, shell_name
from runner.language import tr
from runner.shell.line import KILL_LINE
from runner.shell.prompt_state import Prompt
from runner.tui.errors import CannotTypeError
from runner.tui.widgets.terminal.tabs import Terminals

if TYPE_CHECKING:
    from textual.worker import Worker

    from runner.tui.widgets.terminal.shell import ShellTerminal


def type_command(
    terminals: Terminals, target: str, command: Command, *, insist: bool, pace: float = 0.0
) -> None:
    """Type a command and Enter into the terminal `target`, which comes to the front, one key each `pace` seconds.

    Raises:
        CannotTypeError: a full-screen program has the terminal, or the shell takes no command now.
    """
    terminals.show(target)
    terminal = terminals.terminal(target)
    if terminal is None:
        raise CannotTypeError(
            tr("There is no terminal for {console_name}.", console_name=console_name(target))
        )
    if terminal.modes.alternate_screen:
        raise CannotTypeError(
            tr(
                "A full-screen program runs in {console_name}: leave it first.",
                console_name=console_name(target),
            ),
            occupied=True,
            way_on=tr("`t` goes there."),
        )
    prompt = terminals.prompt(target)
    if prompt is Prompt.BUSY and not insist:
        raise CannotTypeError.not_at_prompt(target)
    if prompt is Prompt.UNFINISHED:
        # The text would become a part of that line, also for a learner who insists.
        raise CannotTypeError(
            tr("{shell_name} waits for the rest of a command.", shell_name=shell_name(target)),
            occupied=True,
            way_on=tr("`t` goes there."),
        )
    keys = command.text.replace("\n", "\r").encode() + b"\r"
    if prompt is Prompt.TYPING:
        terminal.send(KILL_LINE)
    if pace:
        _: Worker[None] = terminals.run_worker(
            partial(_slowly, terminal, keys.decode(), pace), group="typing"
        )
    else:
        terminal.send(keys)


async def _slowly(terminal: "ShellTerminal", keys: str, pace: float) -> None:
    for key in keys:
        terminal.send(key.encode())
        await asyncio.sleep(pace)
