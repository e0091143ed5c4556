"""`runner.check.evaluate`: whatever breaks while a check is looked at becomes one of the five outcomes."""

import pytest

from runner.check import evaluate as module
from runner.check.context import NotThere
from runner.check.outcome import Broken, Errored, Failed
from runner.engine.api import ContainerGone
from runner.errors import EngineError, UsageError
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
