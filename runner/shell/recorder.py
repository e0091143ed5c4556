"""Records the commands that finish in a terminal, from the marks that its shells print."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto

from runner.shell.line import TypedLine
from runner.shell.marks import Mark, MarkParser
from runner.shell.plain import Output
from runner.shell.prompt import NONCE, exit_status, genuine, pipeline_statuses
from runner.shell.prompt_state import Prompt

_INTERRUPT = b"\x03"


@dataclass(frozen=True, slots=True)
class CommandFinished:
    """A command that ran in a console.

    `command` is the typed text, lines joined by newlines; `output` its output, as plain text of at most about a
    mebibyte; `started` seconds since the epoch; `pipeline` the exit status of each member of its last pipeline, empty
    if the shell does not report them. A command that opens a nested shell finishes at its first prompt.
    """

    command: str
    output: str
    status: int
    started: float
    seconds: float
    pipeline: tuple[int, ...] = ()


class _Phase(Enum):
    """The marks that the output is between."""

    STARTING = auto()
    PROMPTING = auto()
    CONTINUING = auto()
    EDITING = auto()
    RUNNING = auto()
    ENDED = auto()


class Recorder:
    """Follows a terminal's output: reports each command that finishes, and knows the shell's state.

    Fed by the one thread that reads the terminal; everything else may be called from any thread. A command starts at
    its `C` mark or, in shells without it, at the first new line after Enter was sent; it is reported once the next
    prompt is ready. `on_started` is called for a command that still runs at the end of a chunk of output.
    """

    def __init__(
        self,
        *,
        columns: int,
        on_finished: Callable[[CommandFinished], None],
        on_started: Callable[[], None] = lambda: None,
        on_editing: Callable[[bytes], None] = lambda _: None,
        nonce: str = NONCE,
    ) -> None:
        self._columns = columns
        self._on_finished = on_finished
        self._on_started = on_started
        self._on_editing = on_editing
        self._nonce = nonce
        self._lock = threading.RLock()
        self._changed = threading.Condition(self._lock)
        self._parser = MarkParser()
        self._phase = _Phase.STARTING
        self._line = TypedLine(columns)
        self._lines: list[str] = []
        self._announced: list[str] | None = None
        self._enters = 0
        self._interrupted = False
        self._ahead: str | None = None
        """A line that a line editor ended without a key since its prompt: typed ahead, or not a line at all."""
        self._marks_output = False
        self._edits_lines = False
        self._continued = False
        self._number = ""
        self._status: int | None = None
        self._pipeline: tuple[int, ...] = ()
        self._output = Output()
        self._started = 0.0
        self._clock = 0.0
        self._finishing: CommandFinished | None = None
        self._untold: list[CommandFinished] = []
        self._untold_start = False
        self.prompts = 0
        """The number of prompts; a reprinted prompt counts too."""
        self.continuations = 0
        """The number of lines that were answered with a continuation prompt."""
        self.finished: CommandFinished | None = None
        """The last command that finished since `announce`."""

    @property
    def prompt(self) -> Prompt:
        """The current state of the shell."""
        with self._lock:
            if self._phase is _Phase.ENDED:
                return Prompt.ENDED
            submitted = self._marks_output and self._line.ended and self._enters
            if self._phase is not _Phase.EDITING or submitted:
                return Prompt.BUSY
            if self._lines:
                return Prompt.UNFINISHED
            return Prompt.TYPING if self._line.text.strip() else Prompt.READY

    def wait_for_prompt(self, timeout: float) -> bool:
        """Wait up to `timeout` seconds for the shell to wait for a line; True if it does."""
        with self._lock:
            self._changed.wait_for(lambda: self.prompt.takes_command or self.prompt is Prompt.ENDED, timeout)
            return self.prompt.takes_command

    @property
    def edits_plainly(self) -> bool:
        """True if the shell at its prompt has a line editor that cannot be configured, as ash has."""
        with self._lock:
            return self._edits_lines and not self._marks_output

    @property
    def will_ask_for_cursor(self) -> bool:
        """True if the shell at its prompt asks for the cursor's position and has not done so yet."""
        with self._lock:
            return self.edits_plainly and not self._line.asked_for_cursor

    def announce(self, line: str) -> None:
        """Announce the next line, whether or not the terminal echoes it; call it for each line of a command."""
        with self._lock:
            if self._announced is None:
                self.finished = None
            self._announced = [*(self._announced or []), line]

    def forget(self) -> None:
        """Drop the announced lines."""
        with self._lock:
            self._announced = None

    def sent(self, keys: bytes) -> None:
        """Note keys that are about to be sent to the terminal."""
        with self._lock:
            self._enters += keys.count(b"\n") + keys.count(b"\r")
            if _INTERRUPT in keys:
                self._enters = 0
                self._interrupted = True

    def resized(self, columns: int) -> None:
        """Change the terminal's width; if a line is being typed, from its next printing on."""
        with self._lock:
            self._columns = columns
            if not self._line.text:
                self._line.resize(columns)

    def printed(self) -> str:
        """The output so far of the command that runs now; before the first prompt, all output."""
        with self._lock:
            return self._output.text()

    def feed(self, data: bytes) -> None:
        """Take the next chunk of the terminal's output; b"" is its end."""
        with self._lock:
            for event in self._parser.feed(data) if data else self._parser.end():
                if isinstance(event, Mark) and genuine(event, self._nonce):
                    self._mark(event)
                else:
                    self._text(event.raw if isinstance(event, Mark) else event.data)
            if not data:
                self._phase = _Phase.ENDED
            untold, self._untold = self._untold, []
            began, self._untold_start = self._untold_start and self._phase is _Phase.RUNNING, False
            self._changed.notify_all()
        # Without the lock, so that a listener may wait for a thread that types.
        for finished in untold:
            self._on_finished(finished)
        if began:
            self._on_started()

    def _mark(self, mark: Mark) -> None:
        match mark.kind, self._phase:
            case "D", _:
                self._status, self._pipeline = exit_status(mark), pipeline_statuses(mark)
            case "A" | "P", _:
                self._begin_prompt(mark)
            case "B", _Phase.PROMPTING:
                self._ready()
            case "B", _Phase.CONTINUING:
                self._begin_line()
                self.continuations += self._continued
                self._continued = False
            case "C", _Phase.STARTING:
                # A shell that is in use already: its prompt came before we did, and then another user's line.
                self._lines = self._output.text().splitlines()[-1:]
                self._run()
            case "C", _Phase.EDITING:
                self._end_line()
                self._run()

    def _begin_prompt(self, mark: Mark) -> None:
        again = self._is_printed_again(mark)
        match mark.kind, self._phase:
            case "A", _Phase.EDITING if again:
                # Possibly below a submitted line, which then comes once more.
                self._line.begin_again(self._columns)
                self._phase = _Phase.PROMPTING
            case "P", _Phase.EDITING if again:
                self._line.begin_again(self._columns)
                self._phase = _Phase.CONTINUING
            case "A", _ if self._status is not None:
                # Only right after a status: a lone A is a program's output.
                self._prompt(mark.option("sh"), self._status)
                self._status = None
            case "P", _Phase.EDITING:
                if self._line.ended or (self._announced and self._echoless):
                    self._end_line()
                    self._continued = True
                self._phase = _Phase.CONTINUING
            case "P", _Phase.RUNNING if not self._marks_output and self._output.empty:
                # The new line was not the command's end: a prompt comes again before any output.
                self._continued = True
                self._phase = _Phase.CONTINUING

    def _is_printed_again(self, mark: Mark) -> bool:
        """True if a line editor reprints the current prompt."""
        before, self._number = self._number, mark.option("n")
        return self._number != "" and self._number == before

    def _text(self, data: bytes) -> None:
        self._status = None
        if self._phase in {_Phase.STARTING, _Phase.RUNNING}:
            self._output.add(data)
        elif self._phase is _Phase.EDITING:
            self._edit(data)
        else:
            self._line.prompt(data)

    def _edit(self, data: bytes) -> None:
        """Follow the line editor up to the new line that submits the line, if no mark does."""
        if self._ahead is not None:
            self._output.add(data)
        while data:
            if self._marks_output or b"\n" not in data:
                self._type(data)
                return
            echoed, _, data = data.partition(b"\n")
            self._type(echoed)
            if self._submits():
                shown = self._announced is None or self._line.shows(self._announced[-1])
                output = b"" if shown else self._line.raw + b"\n"
                self._end_line()
                self._run()
                self._output.add(output + data)
                return
            if self._edits_lines and not self._line.fills_row and self._ahead is None:
                self._ahead = self._line.text
                self._output = Output()
                self._output.add(data)
            self._type(b"\n")

    def _type(self, data: bytes) -> None:
        self._on_editing(data)
        self._line.type(data)

    def _submits(self) -> bool:
        """True if a new line now means that the line was submitted."""
        if self._edits_lines and self._line.fills_row:
            # ash prints a new line itself as soon as a row is full.
            return False
        if self._announced is not None:
            return True
        if not self._enters:
            return False
        self._enters -= 1
        return True

    @property
    def _echoless(self) -> bool:
        """True if the coming prompt follows a line that was submitted without an echo.

        Otherwise a line editor reprints its prompt: bash after moving the cursor, ash after its query.
        """
        return not self._line.raw if self._marks_output else not self._line.asked_for_cursor

    def _begin_line(self) -> None:
        self._line.begin()
        self._ahead = None
        self._phase = _Phase.EDITING

    def _end_line(self) -> None:
        self._lines.append(self._line.text if self._announced is None else self._announced[-1])
        self._line = TypedLine(self._columns)

    def _run(self) -> None:
        self._phase = _Phase.RUNNING
        self._untold_start = True
        self._output = Output()
        self._started = time.time()
        self._clock = time.monotonic()

    def _prompt(self, shell: str, status: int) -> None:
        announced = self._announced if self._phase is _Phase.EDITING else None
        if announced and (self._line.ended or self._echoless):
            # Neither echo nor mark showed its start: a comment, or no echo and hardly any output.
            output = b"" if self._line.shows(announced[-1]) else self._line.raw
            self._end_line()
            self._run()
            self._output.add(output)
        elif self._phase is _Phase.EDITING and not announced and self._ahead and not self._interrupted:
            # Typed while the last command ran: the shell went on without waiting.
            self._lines.append(self._ahead)
            since = self._output
            self._run()
            self._output = since
        if self._phase is _Phase.RUNNING:
            self._finishing = self._finish(status)
            self._line = TypedLine(self._columns)
        self._lines = []
        self._marks_output = "b" in shell
        self._edits_lines = "r" in shell
        self._phase = _Phase.PROMPTING

    def _finish(self, status: int) -> CommandFinished:
        seconds = time.monotonic() - self._clock
        typed = "\n".join(self._lines)
        return CommandFinished(typed, self._output.text(), status, self._started, seconds, self._pipeline)

    def _ready(self) -> None:
        finished, self._finishing = self._finishing, None
        self._interrupted = False
        if finished and (finished.command.strip() or self._announced is not None):
            self._untold.append(finished)
            self.finished = finished
        if finished:
            self._enters = 0
            self._announced = None
            self._output = Output()
        self.prompts += 1
        self._begin_line()
