"""The learner's consoles: bringing a shell to its prompt."""

from types import SimpleNamespace
from unittest.mock import Mock, call

import pytest

from runner.learner.session.consoles import BUSY_TIMEOUT, PROMPT_TIMEOUT, Consoles
from runner.pace import MACHINE
from runner.shell.console import Console, ConsoleLost


def consoles(console: Mock) -> tuple[Consoles, list[str]]:
    """Those of a stage with one console, and what the stage was told to drop."""
    dropped: list[str] = []
    stage = SimpleNamespace(console=lambda _target: console, drop=dropped.append)
    return Consoles(stage, {}, tell=Mock(), began=Mock(), saw=Mock()), dropped


def test_a_busy_shell_is_interrupted_once() -> None:
    """A second Ctrl-C would strike later input: only the console knows whether the first has been answered."""
    console = Mock(spec=Console)
    of_learner, dropped = consoles(console)
    of_learner.free("host")
    assert console.mock_calls == [call.interrupt()]
    assert dropped == []


def test_a_shell_that_cannot_be_interrupted_is_replaced() -> None:
    console = Mock(spec=Console)
    console.interrupt.side_effect = ConsoleLost("it takes no key")
    of_learner, dropped = consoles(console)
    of_learner.free("host")
    assert dropped == ["host"]


@pytest.mark.parametrize(("prompted", "seconds"), [(True, BUSY_TIMEOUT), (False, PROMPT_TIMEOUT)])
def test_a_shell_that_has_never_prompted_is_waited_for_as_one_that_begins(
    prompted: bool, seconds: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(MACHINE, "stretched", lambda limit: limit)
    console = Mock(spec=Console, prompted=prompted)
    console.wait_for_prompt.side_effect = lambda limit: limit == seconds
    monkeypatch.setattr(Console, "open", lambda *_stream, **_options: console)
    of_learner, _ = consoles(console)
    of_learner.open("box", Mock(), Mock())
    assert of_learner.wait_for_prompt("box", BUSY_TIMEOUT)
