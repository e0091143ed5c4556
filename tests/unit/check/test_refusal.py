"""The reason why a container did not start is found by starting it in another way."""

import pytest

from runner.check.refusal import why_refused
from runner.engine.api import NotTried, StartRefused
from runner.errors import EngineError
from runner.lab.model.check import Refused
from runner.lab.model.container import ContainerSpec
from tests.fakes import FakeEngine

SPEC = ContainerSpec(command=("whoami",), security_opt=("seccomp=my.json",))
REFUSAL = StartRefused("cannot start a stopped process")


def why(make_context, programs, *, seccomp="{}", refusal=REFUSAL, spec=SPEC):
    engine = FakeEngine(programs)
    found = why_refused(spec, seccomp, refusal, make_context(engine), 1.0)
    assert engine.containers == {}
    return found


def test_a_container_that_starts_without_the_profile_was_stopped_by_its_filter(make_context):
    assert why(make_context, {}) is Refused.FILTER


def test_a_file_that_cannot_be_used_denies_nothing(make_context):
    assert why(make_context, {}, seccomp="hello") is Refused.PROFILE


def test_a_container_that_never_starts_has_another_reason(make_context):
    assert why(make_context, {"whoami": StartRefused("no such program")}) is Refused.OTHER


@pytest.mark.parametrize("seccomp", ["", "unconfined"])
def test_without_a_profile_no_filter_is_to_blame(make_context, seccomp):
    assert why(make_context, {"whoami": StartRefused("no")}, seccomp=seccomp) is Refused.OTHER


def test_a_start_that_was_not_tried_proves_nothing(make_context):
    assert why(make_context, {}, refusal=NotTried("it could hang")) is Refused.HAZARD


def test_an_engine_that_starts_nothing_is_an_error(make_context):
    with pytest.raises(EngineError, match="starts no container at all: no space left"):
        why(make_context, {".": StartRefused("no space left")}, refusal=StartRefused("no space left"))


def test_only_the_behaviour_of_another_image_is_known(make_context):
    spec = ContainerSpec(image="debian", command=("whoami",))
    engine = FakeEngine({"whoami": StartRefused("no")}, images={"lab", "debian"})
    assert why_refused(spec, "{}", REFUSAL, make_context(engine), 1.0) is Refused.OTHER
