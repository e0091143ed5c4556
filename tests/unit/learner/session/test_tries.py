"""A learner's tries: which checks they concern, and what counts as one."""

from contextlib import closing
from dataclasses import replace

import pytest

from runner.check.outcome import Failed
from runner.lab.model.check import (
    ContainerProbe,
    EngineProbe,
    ExecProbe,
    FileProbe,
    HostProbe,
    ProfileProbe,
    TraceProbe,
    TranscriptProbe,
)
from runner.lab.model.container import ContainerSpec
from runner.learner.session.events import CheckJudged
from runner.learner.session.tries import Tries
from tests.unit.learner.watched import LAB, Watched, step_of


@pytest.mark.parametrize(
    ("probe", "concerned"),
    [
        (ExecProbe("box", ("true",)), True),
        (ExecProbe("bare", ("true",)), False),
        (EngineProbe("box"), True),
        (TraceProbe(ExecProbe("box", ("true",))), True),
        (ProfileProbe("mine.json", "chmod", ()), True),
        (ProfileProbe("other.json", "chmod", ()), False),
        (FileProbe("mine.json"), True),
        (ContainerProbe(ContainerSpec(security_opt=("seccomp=mine.json",))), True),
        (ContainerProbe(ContainerSpec(security_opt=("seccomp=unconfined",))), False),
        (HostProbe(("true",)), False),
        (TranscriptProbe("box", "cat"), False),
    ],
)
def test_a_try_is_about_the_checks_that_look_at_it(step, probe, concerned):
    """Typed in the container that is looked at, or written into the file that is read."""
    tries = Tries(frozenset({"box"}), frozenset({"mine.json"}))
    check = replace(step.checks[0], probe=probe)
    assert tries.concern(check) is concerned
    assert not tries.looked_at().concern(check)


def test_a_container_under_a_profile_of_the_learners_is_a_try(tmp_path):
    examiner = Watched(tmp_path).examiner
    examiner.saved({"mine.json"})
    examiner._tries = examiner._tries.looked_at()
    examiner.launched("plain", "default.json")
    assert not examiner._tries
    examiner.launched("box", "mine.json")
    assert examiner._tries.consoles == {"box"}
    examiner.close()


def test_a_file_that_a_command_has_written_is_a_try(tmp_path):
    """The check's observation need not change by it."""
    probe = "probe: {file: mine.json}"
    step = step_of(
        LAB.replace("probe: {host: [test, -e, note]}", probe).replace("{exit: 0}", "{output: x}"), tmp_path
    )
    (tmp_path / "mine.json").write_text("1")
    watched = Watched(tmp_path)
    with closing(watched.examiner):
        watched.examiner.watch(step, frozenset())
        watched.types("ls", "")
        watched.seen("ls")
        assert not [one for one in watched.told if isinstance(one, CheckJudged)]
        (tmp_path / "mine.json").write_text("22")
        watched.types("sed -i s/1/22/ mine.json", "")
        assert not watched.judged("there", Failed).asked
