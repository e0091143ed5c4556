"""A command with a separate engine, as a lab has it typed."""

from pathlib import Path

import pytest

from runner.engine.private.launch import obstacle
from runner.engine.private.places import Places

pytestmark = pytest.mark.engine

SCRIPT = """
docker run --rm lab chmod 700 /tmp && exit 8
docker run --rm --security-opt seccomp=unconfined lab chmod 700 /tmp || exit 9
docker run --detach lab sleep infinity >/dev/null
echo "$DOCKER_HOST"
exit 7
"""


@pytest.mark.skipif(obstacle(Places.default()) is not None, reason="there can be no private engine here")
def test_a_command_has_an_engine_with_a_default_profile_of_its_own_that_leaves_nothing(workshop, environment):
    run = ("engine", "run")
    done = workshop(*run, "--seccomp-profile", "default-no-chmod", "sh", "-c", SCRIPT)
    assert (done.returncode, "not permitted" in done.stderr) == (7, True), done.stdout + done.stderr
    socket = Path(done.stdout.strip().removeprefix("unix://"))
    assert socket.parent.parent == Places.default(environment).runtime
    assert not socket.parent.exists()
    assert not (Places.default(environment).data / socket.parent.name).exists()
    missing = workshop(*run, "--seccomp-profile", "nothing.json", "true")
    assert (missing.returncode, "nothing.json" in missing.stderr) == (2, True)
    assert workshop(*run).returncode == 2
