"""A command whose signals are ignored: it goes on, and what it starts can be interrupted."""

import signal
import subprocess
import sys
import textwrap

import pytest

from runner.inherited_signals import is_ignored, keep_from_children

IGNORING = """
    import os, signal, sys
    for name in sys.argv[1].split():
        signal.signal(signal.Signals[name], signal.SIG_IGN)
    os.execv(sys.argv[2], sys.argv[2:])
"""


def started(script: str, *ignored: str) -> "subprocess.CompletedProcess[str]":
    """A program that was started with signals ignored, and has ended."""
    python = [sys.executable, "-c"]
    return subprocess.run(
        [*python, textwrap.dedent(IGNORING), " ".join(ignored), *python, textwrap.dedent(script)],
        check=False,
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize(("ignored", "status"), [((), 130), (("SIGHUP",), 0)])
def test_a_command_outlives_the_terminal_only_with_nohup(ignored: tuple[str, ...], status: int) -> None:
    ended = started(
        """
        import os, signal, sys
        from runner.cli.main import COMMANDS, main

        class Lists:
            def add_commands(self, commands):
                commands.add_parser("list").set_defaults(run=lambda _: os.kill(os.getpid(), signal.SIGHUP) or 0)

        sys.modules["lists"] = Lists()
        COMMANDS["list"] = ("lists", "")
        sys.exit(main(["list"]))
        """,
        *ignored,
    )
    assert ended.returncode == status, ended.stderr


@pytest.mark.parametrize(
    ("number", "inherited"), [("SIGINT", False), ("SIGQUIT", False), ("SIGHUP", True), ("SIGTERM", True)]
)
def test_what_it_starts_ignores_only_the_end_of_the_terminal(number: str, inherited: bool) -> None:
    ended = started(
        f"""
        import os, signal, subprocess
        from runner.cli.main import main

        main(["list"])
        os.kill(os.getpid(), signal.{number})
        print(subprocess.run(["sh", "-c", 'kill -"$0" $$; exit 3', "{number[3:]}"]).returncode)
        """,
        number,
    )
    status = "3" if inherited else str(-signal.Signals[number])
    assert (ended.returncode, ended.stdout.splitlines()[-1]) == (0, status), ended.stderr


def test_a_status_is_known_where_the_ends_of_children_were_ignored() -> None:
    ended = started(
        """
        import subprocess
        from runner.cli.main import main

        main(["list"])
        print(subprocess.run(["sh", "-c", "exit 3"]).returncode)
        """,
        "SIGCHLD",
    )
    assert ended.stdout.splitlines()[-1] == "3"


def test_a_signal_with_a_handler_or_a_default_is_not_ignored() -> None:
    before = signal.signal(signal.SIGQUIT, signal.SIG_IGN)
    try:
        assert is_ignored(signal.SIGQUIT)
        keep_from_children()
        assert is_ignored(signal.SIGQUIT)
        for other in (signal.SIG_DFL, lambda *_: None):
            signal.signal(signal.SIGQUIT, other)
            keep_from_children()
            assert not is_ignored(signal.SIGQUIT)
    finally:
        signal.signal(signal.SIGQUIT, before)
