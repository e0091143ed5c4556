"""One learner's session: the examiner beside the terminals, and the next action."""

import threading
from contextlib import closing
from dataclasses import replace

import pytest

from runner.check.context import ProbeContext
from runner.check.outcome import Failed, Passed
from runner.engine.api import Completed
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
from runner.lab.model.workshop import SolveBlock
from runner.lab.read.workshop import read_workshop
from runner.learner.guide import Advance, Answer, Launch, Solve, Type, next_action
from runner.learner.session.events import CheckJudged, CheckMissed, CommandSeen
from runner.learner.session.examiner import Examiner
from runner.learner.session.tries import Tries
from runner.shell.recorder import CommandFinished
from tests.fakes import FakeEngine

LAB = """---
id: lab
title: A lab
minutes: 1
objectives: [Look]
---

## Look

```container
name: box
```

```console in=box
# cat /file
content
```

```check
id: seen
describe: The file was read
probe: {transcript: {in: box, command: cat}}
expect: {exit: 0, output: secret}
explain: Reading is knowing.
mutants: [{run: cat /other, in: box, why: another file}]
```

```check
id: there
describe: The file is there
probe: {host: [test, -e, note]}
expect: {exit: 0}
explain: It stays.
mutants: [{run: "true", why: nothing}]
```

```quiz
id: why
question: Why?
options: [{text: a, why: no}, {text: b, correct: true, why: "yes"}]
```
"""


@pytest.fixture
def step(tmp_path):
    return step_of(LAB, tmp_path)


def step_of(text, tmp_path):
    (tmp_path / "workshop.toml").write_text('format = 1\nid = "w"\ntitle = "W"\nlabs = ["lab.md"]\n')
    (tmp_path / "lab.md").write_text(text)
    reading = read_workshop(tmp_path)
    assert not reading.errors, reading.errors
    return reading.workshop.labs[0].steps[0]


class Watched:
    """An examiner over a probe context that a test sets up, and what it told."""

    def __init__(self, tmp_path, *, quiet: float = 0.02) -> None:
        self.typed: dict[str, list[CommandFinished]] = {"box": []}
        self.there = False
        self.output = ""
        self.probed = 0
        self._told: list[CheckJudged | CommandSeen] = []
        self._changed = threading.Condition()
        context = ProbeContext(
            FakeEngine(), tmp_path, {}, self.typed, lambda option: option, lambda *_: "", self._host
        )
        self.examiner = Examiner(context, self._tell, quiet=quiet)

    def types(self, command: str, output: str, status: int = 0, *, console: str = "box") -> None:
        finished = CommandFinished(command, output, status, 0.0, 0.0)
        self.typed.setdefault(console, []).append(finished)
        self.examiner.saw(console, finished)

    def wait_for(self, condition):
        with self._changed:
            found = None
            assert self._changed.wait_for(lambda: [one for one in self._told if condition(one)], 10), (
                self._told
            )
            found = [one for one in self._told if condition(one)]
        return found[0]

    def judged(self, check: str, kind: type) -> CheckJudged:
        return self.wait_for(
            lambda one: (
                isinstance(one, CheckJudged) and one.check.id == check and isinstance(one.outcome, kind)
            )
        )

    def seen(self, command: str) -> CommandSeen:
        return self.wait_for(lambda one: isinstance(one, CommandSeen) and one.finished.command == command)

    @property
    def told(self) -> list[CheckJudged | CommandSeen]:
        with self._changed:
            return list(self._told)

    def forget(self) -> None:
        with self._changed:
            self._told.clear()

    def wait_until_probed(self) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: self.probed, 10)

    def _tell(self, happening) -> None:
        with self._changed:
            self._told.append(happening)
            self._changed.notify_all()

    def _host(self, _argv, _timeout) -> Completed:
        with self._changed:
            self.probed += 1
            self._changed.notify_all()
        return Completed(0 if self.there else 1, self.output)


@pytest.fixture
def watched(tmp_path, step):
    watched = Watched(tmp_path)
    watched.examiner.watch(step, frozenset())
    yield watched
    watched.examiner.close()


def test_a_command_ticks_its_check_at_once(tmp_path, step):
    """It does not wait until the learner is quiet, which they never are here."""
    watched = Watched(tmp_path, quiet=3600)
    with closing(watched.examiner):
        watched.examiner.watch(step, frozenset())
        watched.types("cat /file", "secret\n")
        watched.judged("seen", Passed)


def test_a_wrong_attempt_is_told_and_a_later_pass_too(watched):
    watched.types("cat /other", "nothing\n")
    assert not watched.judged("seen", Failed).asked
    watched.types("cat /file", "secret\n")
    watched.judged("seen", Passed)


def test_dockers_refusal_is_explained_if_no_check_does(watched):
    line = "docker run --rm --security-opt seccomp=no.json lab true"
    said = "docker: opening seccomp profile (no.json) failed: open no.json: no such file or directory\n"
    watched.types(line, said, 125, console="host")
    assert watched.seen(line).refusal == "There is no file no.json."
    watched.types("docker ps", "CONTAINER ID\n", console="host")
    assert watched.seen("docker ps").refusal == ""


@pytest.mark.parametrize(
    ("command", "output", "status"),
    [
        ("docker run --rm hello", "Unable to find image 'hello:latest' locally\nPulled\nHello\n", 0),
        ("docker ps --al", "unknown flag: --al\n", 125),
        ("docker image inspect hello", "Error: No such image: hello\n", 1),
    ],
)
def test_only_a_refused_container_is_explained(watched, command, output, status):
    watched.types(command, output, status, console="host")
    assert watched.seen(command).refusal == ""


def test_a_lessons_command_is_no_failed_attempt(watched):
    """The command of the text, with the output of the text, ticks its row and counts as no failure."""
    watched.types("cat  /file", "content\n")
    seen = watched.seen("cat  /file")
    assert isinstance(seen.outcome, Passed)
    assert not [one for one in watched.told if isinstance(one, CheckJudged)]


def test_a_lessons_command_with_another_result_is_no_failed_attempt(watched):
    watched.types("cat /file", "no such file\n", 1)
    assert isinstance(watched.seen("cat /file").outcome, Failed)
    assert not [one for one in watched.told if isinstance(one, CheckJudged)]


@pytest.mark.parametrize("text", ["cat /file; ls", "cd / && cat /file", "cat /file | cat", "(cat /file)"])
def test_a_command_of_the_lesson_counts_among_others(watched, text):
    watched.types(text, "content\nand more\n")
    seen = watched.seen(text)
    assert seen.command.text == "cat /file"
    assert isinstance(seen.outcome, Passed)


def test_a_command_of_the_lesson_that_failed_among_others_did_not_go_as_shown(watched):
    watched.types("true; cat /file", "no\n", 1)
    assert isinstance(watched.seen("true; cat /file").outcome, Failed)


def test_of_commands_with_one_text_the_next_one_is_meant(tmp_path):
    """A solution may type what the text has typed before it: each is done by itself."""
    solution = "```solve in=box\n# cat /file\n* (glob*)\n```\n"
    step = step_of(LAB.replace("```quiz", f"{solution}\n```quiz"), tmp_path)
    shown, solving = (
        action.block.commands[0] for action in step.actions if hasattr(action.block, "commands")
    )
    watched = Watched(tmp_path)
    with closing(watched.examiner):
        watched.examiner.watch(step, frozenset())
        watched.types("cat /file", "content\n")
        assert watched.seen("cat /file").command is shown
        watched.types("cat /file ", "content\n")
        assert watched.seen("cat /file ").command is solving
        watched.types(" cat /file", "something else\n")
        assert watched.seen(" cat /file").command is solving


def test_probes_look_around_when_something_changed_and_say_only_good_news(watched):
    watched.types("touch other", "")
    watched.wait_for(lambda one: isinstance(one, CommandSeen))
    watched.there = True
    watched.examiner.changed()
    judged = watched.judged("there", Passed)
    assert not judged.asked


def test_a_check_that_fails_by_itself_is_reported_once_its_result_changes(watched):
    """A failure before any action is no try; a different failure after an action is one."""
    watched.wait_until_probed()
    watched.output = "Permission denied"
    watched.examiner.changed()
    missed = watched.wait_for(lambda one: isinstance(one, CheckMissed))
    assert (missed.step, missed.check.id) == ("look", "there")
    assert isinstance(missed.outcome, Failed)
    assert "Permission denied" in missed.outcome.seen


def test_a_result_of_the_learners_action_is_judged_at_once(watched):
    """After the learner's own command, a check that fails with another result was a try.

    After a lesson's command, not.
    """
    watched.wait_until_probed()
    watched.types("cat /file", "content\n")
    watched.output = "not quite"
    watched.types("touch other", "")
    judged = watched.judged("there", Failed)
    assert not judged.asked
    assert "not quite" in judged.outcome.seen


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
    tries = Tries({"box"}, {"mine.json"})
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


def test_asking_tells_of_every_open_check(watched):
    watched.examiner.ask()
    assert watched.judged("seen", Failed).asked
    assert watched.judged("there", Failed).asked


def test_a_passed_check_is_not_looked_at_again(watched, step):
    watched.examiner.watch(step, frozenset({"there"}))
    watched.examiner.ask()
    watched.judged("seen", Failed)
    before = watched.probed
    watched.examiner.ask()
    watched.examiner.look()
    assert watched.probed == before


GUARDED = LAB.replace(
    """probe: {host: [test, -e, note]}
expect: {exit: 0}
""",
    """probe: {file: mine.json}
expect: {output: careful}
precheck: {pass: It starts out so and must stay so}
""",
)


@pytest.fixture
def guarded(tmp_path):
    """A step with a check that held before the learner did anything, and the file that it looks at."""
    (tmp_path / "mine.json").write_text("careful")
    watched = Watched(tmp_path)
    with closing(watched.examiner):
        watched.examiner.watch(step_of(GUARDED, tmp_path), frozenset())
        watched.judged("there", Passed)
        yield watched, tmp_path / "mine.json"


def test_a_pass_is_lost_when_the_learner_breaks_its_file_and_comes_back(guarded):
    watched, file = guarded
    file.write_text("everything is allowed")
    watched.examiner.saved({"mine.json"})
    assert not watched.judged("there", Failed).asked
    watched.forget()
    file.write_text("careful again")
    watched.examiner.saved({"mine.json"})
    watched.judged("there", Passed)


def test_a_lost_pass_is_told_once_and_as_a_failed_try_also_where_the_file_is_gone(guarded):
    watched, file = guarded
    file.unlink()
    watched.examiner.saved({"mine.json"})
    lost = watched.judged("there", Failed)
    assert not lost.outcome.untried
    # What was asked for comes after all that the save brought about.
    watched.examiner.ask()
    watched.judged("seen", Failed)
    told = [one for one in watched.told if isinstance(one, CheckJudged) and one.check.id == "there"]
    assert [type(one.outcome) for one in told if not one.asked] == [Passed, Failed]


def test_two_who_find_a_pass_lost_do_not_trip_each_other(guarded):
    watched, file = guarded
    held = watched.examiner._passed()
    file.write_text("everything is allowed")
    assert watched.examiner._look_again(held) == {"there"}
    assert watched.examiner._look_again(held) == set()


def test_the_last_check_does_not_pass_before_those_that_held_were_looked_at_again(guarded):
    watched, file = guarded
    file.write_text("everything is allowed")
    watched.types("cat /other", "secret\n")
    watched.judged("seen", Passed)
    told = [(one.check.id, type(one.outcome)) for one in watched.told if isinstance(one, CheckJudged)]
    assert told == [("there", Passed), ("there", Failed), ("seen", Passed)]
    file.write_text("careful")
    watched.forget()
    watched.examiner.changed()
    watched.judged("there", Passed)


def test_a_step_that_is_done_stays_done(guarded):
    watched, file = guarded
    watched.types("cat /other", "secret\n")
    watched.judged("seen", Passed)
    watched.forget()
    file.write_text("everything is allowed")
    watched.examiner.saved({"mine.json"})
    watched.examiner.look()
    assert watched.told == []


def test_the_next_action(step):
    """In the order of the text; then what the learner is to do, then the questions, then the next step."""
    container, command = step.blocks[0], step.blocks[1].commands[0]
    done: dict = {"launched": set(), "typed": set(), "passed": set(), "answered": set()}
    assert next_action(step, **done) == Launch(container)
    done["launched"] = {"box"}
    assert next_action(step, **done) == Type("box", command)
    done["typed"] = {command}
    assert next_action(step, **done) == Solve()
    done["passed"] = {"seen", "there"}
    assert isinstance(next_action(step, **done), Answer)
    done["answered"] = {"why"}
    assert next_action(step, **done) == Advance()


def test_text_after_a_solution_waits_for_it(step):
    """It may need what the solution makes."""
    container, console, *rest = step.blocks
    command = console.commands[0]
    solution = SolveBlock(console, container.span)
    behind = replace(step, blocks=(container, *rest, solution, console))
    done: dict = {"launched": {"box"}, "typed": set(), "answered": {"why"}}
    assert next_action(behind, **done, passed={"there"}) == Solve()
    assert next_action(behind, **done, passed={"seen", "there"}) == Type("box", command)
