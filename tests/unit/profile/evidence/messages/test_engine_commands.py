"""`runner.profile.evidence.messages.engine_commands`: commands on containers that exist."""

import pytest

from runner.profile.evidence import read_evidence
from runner.profile.evidence.messages import told
from tests.unit.profile.evidence.reading import AMD64


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (
            "docker exec -it web sh",
            "`exec` runs a program in a container that exists, under that container's profile",
        ),
        (
            "$ sudo docker exec --privileged web mount -t tmpfs none /mnt",
            "--privileged gives it capabilities alone",
        ),
        ("docker compose -f a.yml exec web unshare -r", "`exec` runs"),
        ("kubectl exec -it pod -- sh", "`exec` runs"),
        ("podman container start web", "`start` runs a container under the profile that was fixed"),
        ("docker -H tcp://h:1 restart web", "`restart` runs a container under the profile that was fixed"),
        ("docker attach web", "`attach` starts no program"),
    ],
)
def test_a_command_on_a_container_that_exists_takes_no_profile(command: str, said: str) -> None:
    (message,) = read_evidence(command, AMD64).messages
    assert message.meaning is not None
    assert (message.meaning.calls, message.meaning.refused) == ((), False)
    assert said in message.meaning.meaning
    assert "docker run --security-opt seccomp=FILE" in message.meaning.step


@pytest.mark.parametrize(
    "line",
    [
        *("use docker exec to look", "docker run x start y", "docker executes web", "docker start"),
        *("docker logs web", "if you docker start web"),
    ],
)
def test_other_lines_are_no_such_command(line: str) -> None:
    assert told(line) is None


def test_a_refusal_in_such_a_line_goes_first() -> None:
    found = told("docker exec web mount: mount: /mnt: permission denied.")
    assert found is not None
    assert "mount" in found.calls
