"""Commands in a learner's terminal: the one that is meant, and its result."""

import pytest

from runner.check.context import NotThere
from runner.check.shell_line import Part
from runner.check.typed import matching, typed
from runner.engine.api import StartRefused
from runner.shell.recorder import CommandFinished
from tests.fakes import FakeEngine

RUN = r"\bdocker\b[\s\S]*\brun\b"
LINE = "docker run --security-opt seccomp=my.json lab whoami"
REFUSED = "docker: Error response from daemon: cannot start a stopped process\n"


def finished(text, status, output="", pipeline=()):
    return CommandFinished(text, output, status, 0.0, 0.0, pipeline)


def denied(call):
    return StartRefused("cannot start") if "ERRNO" in call.seccomp else None


@pytest.fixture
def observed(make_context, tmp_path):
    (tmp_path / "my.json").write_text('{"defaultAction": "SCMP_ACT_ERRNO"}')
    engine = FakeEngine({"whoami": denied})

    def observe(*lines, command=RUN):
        seen = typed(command, "host", make_context(engine, lines), 1.0)
        assert engine.containers == {}
        return seen

    return observe


def test_the_last_command_that_fits_counts(observed):
    seen = observed(finished("docker run a", 1), finished("docker run b", 2), finished("ls", 0))
    assert (seen.exit, seen.unclear) == (2, "")


def test_nothing_typed_is_nothing_done(observed):
    with pytest.raises(NotThere):
        observed(finished("ls", 0))


@pytest.mark.parametrize(
    ("line", "status"),
    [
        (finished("docker run b; echo $?", 0, "no\n125\n"), 125),
        (finished("cd /tmp; docker run b", 3), 3),
        (finished("docker run b | cat", 0, "", (3, 0)), 3),
        (finished("docker run b && echo yes", 0), 0),
        (finished("(docker run b)", 3), 3),
    ],
)
def test_a_command_among_others_counts_with_its_own_status(observed, line, status):
    assert observed(line).exit == status


@pytest.mark.parametrize(
    "text",
    [
        "docker run b; true",
        "docker run b &",
        "docker run b | cat",
        "echo $(docker run b)",
        "docker run b || x",
    ],
)
def test_a_status_that_the_shell_did_not_tell_is_not_made_up(observed, text):
    seen = observed(finished(text, 0))
    assert seen.exit is None
    assert "Type it by itself" in seen.unclear


def test_the_last_command_that_fits_counts_also_where_only_an_earlier_one_s_status_is_known():
    among = (Part("docker run a", 1), Part("docker run b", None, "it is in the background"), Part("ls", 0))
    assert matching("docker run", among) == among[1]
    assert matching("docker pull", among) is None


def test_a_start_that_was_refused_is_tried_again_to_know_why(observed):
    assert observed(finished(LINE, 125, REFUSED)).facts == {"refused": ("filter",)}
    assert observed(finished(f"{LINE}; echo $?", 0, f"{REFUSED}125\n")).facts == {"refused": ("filter",)}


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (finished(LINE, 125, "docker: Cannot connect to the Docker daemon\n"), None),
        (finished(LINE, 1, REFUSED), None),
        (finished(LINE.replace("lab", "lib"), 125, REFUSED), "other"),
        (finished(LINE.replace("my.json", "none.json"), 125, REFUSED), "other"),
        (finished(LINE.replace("whoami", "id"), 125, REFUSED), None),
    ],
    ids=["no engine", "not docker's status", "no image", "no profile", "it starts now"],
)
def test_other_failures_are_not_the_filter_s(observed, line, why):
    assert observed(line).facts.get("refused") == (None if why is None else (why,))
