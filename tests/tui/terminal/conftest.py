"""A terminal with a real program, or with a recording fake."""

import asyncio
import inspect
import os
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from runner.shell.pty import HostStream
from runner.shell.reader import Reader
from tests.tui.terminal.support import FakeProgram, TerminalApp


def pytest_pyfunc_call(pyfuncitem):
    """Run a test that is a coroutine."""
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    names = inspect.signature(pyfuncitem.obj).parameters
    asyncio.run(pyfuncitem.obj(**{name: pyfuncitem.funcargs[name] for name in names}))
    return True


@pytest.fixture
def shell(tmp_path):
    """Run an app with a program on a real pseudo-terminal in its terminal."""

    @asynccontextmanager
    async def run(*argv, size=(80, 26)):
        app = TerminalApp()
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(tmp_path),
            "TERM": "xterm-256color",
            "PS1": "$ ",
            "LC_ALL": "C.UTF-8",
        }
        async with app.run_test(size=size) as pilot:
            stream = HostStream(argv or ("sh",), environment=environment, directory=Path(tmp_path))
            reader = Reader(stream)
            reader.subscribe(app.terminal.feed)
            app.terminal.attach(stream)
            reader.start()
            try:
                yield app, pilot
            finally:
                reader.close()

    return run


@pytest.fixture
def fake():
    """Run an app whose terminal sends to a program that only remembers."""

    @asynccontextmanager
    async def run(size=(80, 26)):
        app = TerminalApp()
        async with app.run_test(size=size) as pilot:
            program = FakeProgram()
            app.terminal.attach(program)
            yield app, pilot, program

    return run
