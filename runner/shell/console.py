"""A shell that runs commands one at a time."""

import re
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from types import TracebackType
from typing import Self

import pexpect

from runner.language import tr
from runner.pace import MACHINE, Work
from runner.shell.errors import (
    CommandTimeout,
    ConsoleClosed,
    ConsoleError,
    ConsoleLost,
    IncompleteCommand,
)
from runner.shell.listeners import Listeners
from runner.shell.marks import INTRODUCER
from runner.shell.prompt import COLUMNS, NONCE, ROWS, tabless, typed_setup, wrapped
from runner.shell.prompt_state import Prompt
from runner.shell.pushed import PushedSpawn
from runner.shell.reader import Reader, Subscriber
from runner.shell.recorder import CommandFinished, Recorder
from runner.shell.responder import Responder
from runner.shell.typing_rules import typable_lines
from runner.stream import Stream

__all__ = ["CommandTimeout", "Console", "ConsoleClosed", "ConsoleError", "ConsoleLost", "IncompleteCommand"]

_PROMPT_READY = re.compile(re.escape(INTRODUCER) + rb"B[^\x07\x1b]*(?:\x07|\x1b\\)")
_ASKED = re.compile(rb"\x1b\[6n")
_PATIENCE_FOR_LATE_KEYS = 0.5
_PATIENCE_FOR_ASKING = 0.1
_PATIENCE_FOR_INTERRUPTS = 2.0
_PATIENCE_FOR_SHELLS = 10.0
_INTERRUPT, _QUIT = b"\x03", b"\x1c"

Listener = Callable[[CommandFinished], None]


class Console:
    """A shell behind a stream: commands go in, finished commands come out.

    The stream's shell should have the environment from `runner.shell.prompt`; a shell without it gets it typed, and one
    that cannot keep it gets each command wrapped. One command runs at a time. Owns the stream.
    """

    def __init__(
        self,
        stream: Stream,
        *,
        interactive: bool = False,
        columns: int = COLUMNS,
        subscribers: Iterable[Subscriber] = (),
        nonce: str = NONCE,
    ) -> None:
        self._stream = stream
        self._nonce = nonce
        self._interactive = interactive
        self._on_finished: Listeners[[CommandFinished]] = Listeners()
        self._on_started: Listeners[[]] = Listeners()
        responder = Responder(stream.write)
        self._recorder = Recorder(
            columns=columns,
            on_finished=self._on_finished.tell,
            on_started=self._on_started.tell,
            on_editing=(lambda _: None) if interactive else responder.feed,
            nonce=nonce,
        )
        self.reader = Reader(stream)
        # A listener for prompts finds the text before the prompt on the screen already.
        for subscriber in (*subscribers, self._recorder.feed):
            self.reader.subscribe(subscriber)
        self._spawn = PushedSpawn()
        self._running = threading.Lock()
        self._unfinished = False
        self._wraps = False
        self._lost = False

    @classmethod
    def open(
        cls,
        stream: Stream,
        *,
        interactive: bool = False,
        columns: int = COLUMNS,
        rows: int = ROWS,
        subscribers: Iterable[Subscriber] = (),
        timeout: float | None = None,
        nonce: str = NONCE,
    ) -> Self:
        """Start to read `stream` and, unless `interactive`, wait for the shell's first prompt.

        With `interactive`, a person types (`write`), and an emulator among the `subscribers`, which get every byte,
        answers the shell's queries.

        Raises:
            ConsoleClosed: the shell ended at once.
            ConsoleLost: the program there is not a shell that answers within `timeout` seconds.
        """
        console = cls(stream, interactive=interactive, columns=columns, subscribers=subscribers, nonce=nonce)
        try:
            stream.resize(columns, rows)
            with console.reader.subscribed(console._spawn.push):
                console.reader.start()
                if not interactive:
                    limit = MACHINE.stretched(_PATIENCE_FOR_SHELLS) if timeout is None else timeout
                    console._greet(limit)
                    # Bash reads the size before its prompt and writes it back later: the first resize may be undone.
                    stream.resize(columns, rows)
        except BaseException:
            console.close()
            raise
        return console

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def run(self, text: str, timeout: float) -> CommandFinished:
        """Type `text`, several lines if need be, and wait up to `timeout` seconds for the prompt that follows.

        A text that holds several complete commands gives their joined output and the last one's status. A command that
        timed out and still runs is interrupted first.

        Raises:
            CommandTimeout: it still runs; `output` is its output so far.
            IncompleteCommand: the shell wants more lines.
            ConsoleClosed: the shell or its container ended, as after `exit`.
            ConsoleLost: an earlier command cannot be interrupted.
            UsageError: `text` cannot be typed.
        """
        lines = typable_lines(text)
        with self._running, self.reader.subscribed(self._spawn.push):
            if self._unfinished:
                self._interrupt()
            deadline = time.monotonic() + timeout
            self._unfinished = True
            if self._wraps:
                finished = self._run_wrapped(text, deadline)
            else:
                tabbed = "\t" in text and self._recorder.edits_plainly
                finished = self._run_lines([tabless(text)] if tabbed else lines, deadline)
            self._unfinished = False
            return replace(finished, command=text)

    def interrupt(self, timeout: float | None = None) -> None:
        """Bring the shell back to its prompt: Ctrl-C twice, and if that does not help within half the time, Ctrl-\\.

        Raises:
            ConsoleLost: neither helped, or no key is taken; the console is of no more use.
            ConsoleClosed: the shell ended.
        """
        with self._running, self.reader.subscribed(self._spawn.push):
            self._interrupt(timeout)

    @property
    def prompt(self) -> Prompt:
        """The current state of the shell."""
        return self._recorder.prompt

    @property
    def prompted(self) -> bool:
        """True once the shell has shown a prompt."""
        return self._recorder.prompts > 0

    def wait_for_prompt(self, timeout: float) -> bool:
        """Wait up to `timeout` seconds for the shell to wait for a line; True if it does."""
        return self._recorder.wait_for_prompt(timeout)

    def press(self, keys: bytes, timeout: float) -> None:
        """Send keys, such as Ctrl-D to a nested shell, and wait for the prompt that follows.

        Raises:
            CommandTimeout: no prompt came in time.
            ConsoleClosed: the shell ended.
        """
        with self._running, self.reader.subscribed(self._spawn.push):
            if not self._pressed(keys, timeout):
                raise CommandTimeout(tr("no prompt came in time"), output=self._recorder.printed())

    def write(self, keys: bytes) -> None:
        """Send keys as a person would.

        Raises:
            ConsoleClosed: the program is gone.
        """
        self._recorder.sent(keys)
        try:
            self._stream.write(keys)
        except OSError as error:
            raise self._closed() from error

    def write_now(self, text: bytes) -> bool:
        """Send a key's text, neither Enter nor an interrupt, if that does not block; True if it was sent."""
        # The recorder would need to hear of those keys first; plain text does not matter to it.
        return self._stream.write_now(text)

    def resize(self, columns: int, rows: int) -> None:
        """Change the terminal's size."""
        self._recorder.resized(columns)
        self._stream.resize(columns, rows)

    def subscribe(self, listener: Listener) -> None:
        """Call `listener` with each command that finishes, in the reader's thread; it must not wait.

        One that raises disturbs neither the others nor the console.
        """
        self._on_finished.add(listener)

    def subscribe_to_starts(self, listener: Callable[[], None]) -> None:
        """Call `listener` when a command has started and runs on, as `subscribe` does."""
        self._on_started.add(listener)

    def close(self) -> None:
        """Close the stream; a command that is being run raises ConsoleClosed in its thread."""
        self.reader.close()

    def _greet(self, timeout: float) -> None:
        """Wait for a marked prompt; if none comes, ask for marks by typing, and at last wrap the commands."""
        began = time.monotonic()
        deadline = began + timeout
        if self._prompted(0, began + timeout / 2):
            MACHINE.note(Work.SHELL, time.monotonic() - began)
            self._settle()
            return
        self.write(typed_setup(nonce=self._nonce).encode() + b"\n")
        if self._prompted(0, time.monotonic() + timeout / 4):
            self._settle()
            return
        self._wraps = True
        self.write(wrapped(":", self._nonce).encode() + b"\n")
        if not self._prompted(0, deadline):
            self._lost = True
            raise ConsoleLost(
                tr("no shell answered within {timeout:g} s", timeout=timeout),
                output=self._recorder.printed(),
                remedy=tr("make an interactive shell, such as sh or bash, the terminal's first program"),
            )

    def _run_lines(self, lines: list[str], deadline: float) -> CommandFinished:
        parts: list[CommandFinished] = []
        for line in lines:
            if finished := self._run_line(line, deadline):
                parts.append(finished)
            self._settle()
        if self._recorder.finished is None:
            self._interrupt()
            self._unfinished = False
            raise IncompleteCommand(
                tr("the shell waits for more lines: a quote, a bracket or a here-document is not closed"),
                output=self._recorder.printed(),
            )
        return _joined(parts)

    def _run_line(self, line: str, deadline: float) -> CommandFinished | None:
        """Type a line, and return the command that it completes; None if the shell wants more lines."""
        before = self._recorder.continuations
        self._type(line + "\n", announced=line)
        self._await_prompt(
            deadline, lambda: self._recorder.finished is not None or self._recorder.continuations > before
        )
        return self._recorder.finished

    def _run_wrapped(self, text: str, deadline: float) -> CommandFinished:
        self._type(wrapped(text, self._nonce) + "\n", announced=text)
        self._await_prompt(deadline, lambda: self._recorder.finished is not None)
        assert self._recorder.finished is not None
        return self._recorder.finished

    def _type(self, keys: str, *, announced: str) -> None:
        if self._lost:
            raise ConsoleLost(tr("the shell does not answer any more"), output=self._recorder.printed())
        self._recorder.announce(announced)
        self.write(keys.encode())

    def _await_prompt(self, deadline: float, come: Callable[[], bool]) -> None:
        if not self._comes(deadline, come):
            raise CommandTimeout(tr("the command has not ended in time"), output=self._recorder.printed())

    def _prompted(self, prompts: int, deadline: float) -> bool:
        """Wait for more than `prompts` prompts; False if the deadline comes first."""
        return self._comes(deadline, lambda: self._recorder.prompts > prompts)

    def _comes(self, deadline: float, come: Callable[[], bool]) -> bool:
        """Wait until the recorder has noted a prompt that makes `come` true; False if the deadline comes first."""
        while not come():
            try:
                found = self._expect(_PROMPT_READY, deadline - time.monotonic())
            except ConsoleClosed:
                found = False
                if not come():
                    raise
            if not found:
                # The recorder is told first: the prompt may have come in the last instant.
                return come()
        return True

    def _settle(self) -> None:
        """Let ash ask for the cursor's position: an answer after the next command would be typed into it."""
        if not self._interactive and self._recorder.will_ask_for_cursor:
            self._expect(_ASKED, MACHINE.stretched(_PATIENCE_FOR_ASKING))

    def _expect(self, pattern: re.Pattern[bytes], timeout: float) -> bool:
        match self._spawn.expect([pattern, pexpect.TIMEOUT, pexpect.EOF], timeout=max(timeout, 0)):
            case 0:
                return True
            case 1:
                return False
        raise self._closed()

    def _interrupt(self, timeout: float | None = None) -> None:
        timeout = MACHINE.stretched(_PATIENCE_FOR_INTERRUPTS) if timeout is None else timeout
        self._recorder.forget()
        # Twice, because bash overlooks a signal that comes just before it waits for a key, until the next one.
        key_sent_before = False
        # Counted from here: a prompt may come late, between two keys.
        prompts = self._recorder.prompts
        for key, share in ((_INTERRUPT, 0.25), (_INTERRUPT, 0.25), (_QUIT, 0.5)):
            if not self._strike(key):
                break
            if self._prompted(prompts, time.monotonic() + timeout * share):
                self._settle()
                if key_sent_before:
                    # This prompt may be the answer to the key before: then the last one is still on its way, and
                    # would strike what is typed next.
                    self._prompted(prompts + 1, time.monotonic() + MACHINE.stretched(_PATIENCE_FOR_LATE_KEYS))
                    self._settle()
                self._unfinished = False
                return
            key_sent_before = True
        self._lost = True
        raise ConsoleLost(
            tr("the command ignores Ctrl-C and Ctrl-\\"),
            output=self._recorder.printed(),
            remedy=tr("start the console afresh"),
        )

    def _strike(self, key: bytes) -> bool:
        """Send an interrupting key without waiting for room: if there is none now, there may never be."""
        self._recorder.sent(key)
        if self._recorder.prompt is Prompt.ENDED:
            raise self._closed()
        return self._stream.write_now(key)

    def _pressed(self, keys: bytes, timeout: float) -> bool:
        prompts = self._recorder.prompts
        self.write(keys)
        if not self._prompted(prompts, time.monotonic() + timeout):
            return False
        self._settle()
        return True

    def _closed(self) -> ConsoleClosed:
        return ConsoleClosed(tr("the shell has ended"), output=self._recorder.printed())


def _joined(parts: list[CommandFinished]) -> CommandFinished:
    if len(parts) == 1:
        return parts[0]
    return CommandFinished(
        parts[-1].command,
        "".join(part.output for part in parts),
        parts[-1].status,
        parts[0].started,
        sum(part.seconds for part in parts),
        parts[-1].pipeline,
    )
