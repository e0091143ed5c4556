"""The error for a busy shell, with the way to end what keeps it busy."""

from contextlib import suppress

from runner.engine.api import Container
from runner.errors import EngineError, WorkshopError
from runner.lab.model.workshop import console_name
from runner.language import tr

EXEC_TIMEOUT = 3.0
"""Seconds that a container may take to name the program in its terminal."""

_QUIT = "q"
_WAYS = {
    **dict.fromkeys(("vi", "vim", "nvim", "view", "vimdiff"), "Esc, then :q! and Enter"),
    **dict.fromkeys(("less", "more", "man", "pager", "top", "htop", "journalctl"), _QUIT),
    **dict.fromkeys(("nano", "pico"), "Ctrl-X, then n"),
    "emacs": "Ctrl-X, then Ctrl-C",
    **dict.fromkeys(("python", "python3", "perl", "bc", "psql", "gdb"), "Ctrl-D, or Ctrl-C and then Ctrl-D,"),
    **dict.fromkeys(("sh", "bash", "dash", "ash", "zsh", "ssh", "docker"), "exit and Enter"),
}


class ShellBusyError(WorkshopError):
    """No command can be typed for the learner: a program occupies the shell of the console `target`.

    If a command is `unfinished`, the shell waits for its rest instead. The remedy names the keys that end either.
    """

    def __init__(self, target: str, program: str, *, unfinished: bool = False) -> None:
        self.target = target
        self.program = program
        if unfinished:
            super().__init__(
                tr(
                    "A command in {console_name} is not finished: a quote, a bracket or a here-document is open, "
                    "or its line ends with a backslash",
                    console_name=console_name(target),
                ),
                remedy=tr("Ctrl-C drops it there"),
            )
            return
        what = tr("The program {program}", program=program) if program else tr("A program")
        way = tr(_WAYS.get(program, "Ctrl-C"))
        last = "" if program in _WAYS else tr("; if that does nothing, Ctrl-\\ or q")
        super().__init__(
            tr("{what} still runs in {console_name}", what=what, console_name=console_name(target)),
            remedy=tr("{way} ends it there{last}", way=way, last=last),
        )

    @property
    def sentences(self) -> str:
        """The cause and how to end it, in sentences."""
        return f"{self}. {self.remedy}."


def foreground_program(container: Container) -> str:
    """The name of the foreground program in the terminal of a container's first process; "" if it is unknown."""
    with suppress(EngineError):
        first = container.exec(["cat", "/proc/1/stat"], timeout=EXEC_TIMEOUT).output
        # After the name in parentheses, which may hold anything: state, parent, group, session, terminal, ...
        group = first.rpartition(")")[2].split()[5:6]
        if group and group[0].isdecimal() and group[0] != "1":
            named = container.exec(["cat", f"/proc/{group[0]}/comm"], timeout=EXEC_TIMEOUT)
            return named.output.strip() if named.status == 0 else ""
    return ""
