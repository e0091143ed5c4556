"""A probe context over a fake engine."""

import pytest

from runner.check.context import ProbeContext, learner_text
from runner.engine.api import Completed


@pytest.fixture
def make_context(tmp_path):
    """A probe context on this engine; profiles are files of `tmp_path`, and only `not JSON` is unusable."""

    def make(engine, typed=()):
        def profile(spec):
            option = spec.seccomp
            return option if option in {"", "unconfined"} else learner_text(tmp_path, option)

        return ProbeContext(
            engine=engine,
            workspace=tmp_path,
            containers={},
            typed={"host": list(typed)},
            profile=profile,
            unusable=lambda _spec, text: "" if text.startswith("{") else "it is not JSON",
            host=lambda argv, _timeout: Completed(127, f"{argv[0]}: not found"),
        )

    return make
