"""The linter's errors against starts on the engine of the tests, with profiles that differ in what a runtime takes."""

import pytest

from runner.engine.api import Engine, StartRefused
from runner.lab.model.container import ContainerSpec
from runner.profile.capabilities import DEFAULT_CAPABILITIES
from runner.profile.errors import ProfileError
from runner.profile.finding import Severity
from runner.profile.lint import LintTarget, lint
from runner.profile.source.reader import read_profile
from runner.profile.version import Version
from tests.unit.profile.lint.starts import STARTS, Start

pytestmark = pytest.mark.engine


def is_error(start: Start, engine: Engine) -> bool:
    info = engine.info
    target = LintTarget(
        engine=Version.of(info.version),
        runtime=Version.of(info.runtime_version),
        kernel=info.kernel_version,
        caps=(DEFAULT_CAPABILITIES,),
    )
    try:
        found = lint(read_profile(start.profile), target)
    except ProfileError:
        return True
    return any(finding.severity is Severity.ERROR for finding in found)


@pytest.mark.parametrize("start", [start for start in STARTS if start.engine], ids=str)
def test_a_container_starts_unless_the_linter_has_an_error(engine: Engine, start: Start) -> None:
    if engine.info.arch != "amd64":
        pytest.skip("the profiles are for x86-64")
    try:
        completed = engine.run(ContainerSpec(command=("true",)), seccomp=start.profile, timeout=60)
    except StartRefused:
        assert is_error(start, engine)
    else:
        assert is_error(start, engine) is (completed.status != 0)
