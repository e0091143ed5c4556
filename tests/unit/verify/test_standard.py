"""Standard mutants: observations that do not depend on the check or the lab are made once."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from runner.check.context import ProbeContext
from runner.engine.api import StartRefused
from runner.verify.standard import Refusals
from tests.fakes import FakeEngine


class Refusing(FakeEngine):
    """An engine that starts nothing under a profile."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def run(self, spec, *, seccomp, timeout, log=None):  # noqa: ARG002 (as the protocol has it)
        self.asked.append(seccomp)
        raise StartRefused(f"refused under {seccomp!r}")


@pytest.fixture
def refusing():
    return Refusing()


def test_a_refusal_is_looked_at_once_for_all_labs(refusing, tmp_path):
    context = ProbeContext(
        refusing, tmp_path, {}, {}, lambda _: "", lambda *_: "it is no profile", lambda *_: None
    )
    refusals = Refusals()

    def look(seccomp: str):
        return refusals.of("lab", "true", seccomp, context)

    with ThreadPoolExecutor(4) as pool:
        seen = list(pool.map(look, ["{", "{", " ", "{"]))
    assert sorted(refusing.asked) == [" ", "{"]
    assert [one.output for one in seen] == [f"refused under {text!r}" for text in ("{", "{", " ", "{")]
    assert not any(one.started for one in seen)
