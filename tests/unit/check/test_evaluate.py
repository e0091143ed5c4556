"""`runner.check.evaluate`: whatever breaks while a check is looked at becomes one of the five outcomes."""

from dataclasses import replace

import pytest

from runner.check import evaluate as module
from runner.check.context import NotThere
from runner.check.observation import Observation
from runner.check.outcome import Broken, Errored, Failed
from runner.engine.api import ContainerGone
from runner.errors import EngineError, UsageError
from runner.lab.model.check import Retry
from runner.pace import MACHINE
from runner.profile.errors import SimulationError
from runner.profile.libseccomp import LibseccompMissingError, LibseccompTooOldError
from runner.shell.errors import ConsoleLost
from tests.fakes import FakeEngine
from tests.unit.check.test_observation import CHECK


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (LibseccompMissingError("no libseccomp"), Errored),
        (LibseccompTooOldError("too old"), Errored),
        (SimulationError("they contradict each other"), Errored),
        (ConsoleLost("no answer"), Errored),
        (EngineError("no engine"), Errored),
        (ContainerGone("it is gone"), Broken),
        (NotThere("nothing yet"), Failed),
        (UsageError("no such profile"), Failed),
    ],
)
def test_every_error_of_a_probe_is_an_outcome(make_context, monkeypatch, error, outcome):
    def observe(*_args, **_options):
        raise error

    monkeypatch.setattr(module, "observe", observe)
    assert isinstance(module.evaluate(CHECK, make_context(FakeEngine())), outcome)


def test_a_check_is_not_awaited_longer_than_its_retry(make_context, monkeypatch):
    now = [0.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(module.time, "sleep", lambda seconds: now.__setitem__(0, now[0] + seconds))
    monkeypatch.setattr(module, "observe", lambda *_args, **_options: Observation(exit=1))
    check = replace(CHECK, retry=Retry(seconds=2, every=600))
    assert isinstance(module.evaluate(check, make_context(FakeEngine())), Failed)
    assert now == [MACHINE.stretched(2)]
