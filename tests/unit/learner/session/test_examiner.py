"""The examiner: which checks it evaluates when, and what it reports."""

from contextlib import closing
from dataclasses import replace

import pytest

from runner.check.outcome import Failed, Passed
from runner.learner.session import examiner
from runner.learner.session.events import AdviceOutdated, CheckJudged, CheckMissed, CommandSeen
from runner.learner.session.lesson_commands import command_of
from tests.unit.learner.watched import LAB, Watched, step_of


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


def outdated(watched) -> AdviceOutdated:
    return watched.wait_for(lambda one: isinstance(one, AdviceOutdated))


def test_advice_is_about_the_last_try(watched):
    """Another mistake, which the check's pattern does not fit, takes the advice on the one before away."""
    text = LAB.replace("command: cat", "command: 'cat.* /file$'")
    step = step_of(text, watched.folder)
    watched.examiner.watch(step, frozenset())
    watched.types("cat -n /file", "nothing\n")
    watched.judged("seen", Failed)
    watched.types("ls", "file\n")
    watched.types("cat -n /elsewhere", "nothing\n", 1)
    told = outdated(watched)
    assert told.outcome.actual == "cat -n /elsewhere"
    assert "last try" in told.outcome.hint
    watched.forget()
    watched.examiner.ask()
    assert watched.judged("seen", Failed).outcome.hint == told.outcome.hint
    watched.forget()
    watched.types("cat -A /file", "nothing\n")
    assert watched.judged("seen", Failed).outcome.hint == ""


def test_the_advice_on_any_failure_goes_with_a_try_that_the_pattern_does_not_fit(watched):
    """Other advice is about what a try that fits has shown."""
    hints = 'hints: [{when: {exit: 1}, say: "It ended badly."}, {say: "One file is enough."}]\n'
    text = LAB.replace("command: cat", "command: 'cat.* /file$'").replace(
        "explain: Reading", f"{hints}explain: Reading"
    )
    watched.examiner.watch(step_of(text, watched.folder), frozenset())
    watched.types("cat -n /file", "nothing\n")
    watched.judged("seen", Failed)
    watched.types("cat -n /file /other", "nothing\n", 1)
    assert outdated(watched).outcome.hint.endswith("missing, or different. One file is enough.")


def test_another_program_is_no_try_of_the_same(watched):
    text = LAB.replace("command: cat", "command: 'cat.* /file$'")
    watched.examiner.watch(step_of(text, watched.folder), frozenset())
    watched.types("cat -n /file", "nothing\n")
    watched.judged("seen", Failed)
    watched.types("ls /elsewhere", "file\n")
    watched.seen("ls /elsewhere")
    assert not [one for one in watched.told if isinstance(one, AdviceOutdated)]


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


def test_a_command_of_the_step_before_is_not_done_in_the_next(watched, step, monkeypatch):
    """It is looked at while the learner goes on."""

    def slow(*arguments, **options):
        found = command_of(*arguments, **options)
        watched.examiner.watch(replace(step), frozenset())
        return found

    with monkeypatch.context() as now:
        now.setattr(examiner, "command_of", slow)
        watched.types("cat /file", "content\n")
        assert isinstance(watched.seen("cat /file").outcome, Passed)
    assert watched.examiner.done == frozenset()
    watched.types("cat  /file", "content\n")
    assert [command.text for command in (watched.seen("cat  /file").command, *watched.examiner.done)] == [
        "cat /file"
    ] * 2


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


def test_a_command_in_the_wrong_shell_is_told_so(watched):
    """The check is about the container; what is asked for was typed in the learner's own shell."""
    watched.types("cat /file", "nothing\n", console="host")
    watched.seen("cat /file")
    assert not [one for one in watched.told if isinstance(one, CheckJudged)]
    watched.types("cat /file ", "secret\n", console="host")
    outcome = watched.judged("seen", Failed).outcome
    assert outcome.hint.startswith("That is the command, but you typed it in your shell.")
    watched.forget()
    watched.examiner.ask()
    assert watched.judged("seen", Failed).outcome == outcome
    watched.types("cat /elsewhere", "nothing\n", 1)
    watched.forget()
    watched.examiner.ask()
    assert watched.judged("seen", Failed).outcome.hint == ""
    watched.types("cat /file  ", "secret\n")
    watched.judged("seen", Passed)


def test_a_program_that_a_container_lacks_is_looked_for_in_ones_own_shell(tmp_path):
    step = step_of(LAB.replace("{in: box, command: cat}", "{in: host, command: docker}"), tmp_path)
    watched = Watched(tmp_path, quiet=3600)
    with closing(watched.examiner):
        watched.examiner.watch(step, frozenset())
        watched.types("docker info", "sh: docker: not found\n", 127)
        assert "box, which has no such program" in watched.judged("seen", Failed).outcome.hint


def test_what_a_command_that_still_runs_brings_about_is_seen(tmp_path):
    """A program in the foreground may be what is asked for: its check passes before it ends, and without a key."""
    probe = "{exec: {in: box, run: [cat, /proc/1/status]}}"
    step = step_of(LAB.replace("{host: [test, -e, note]}", probe), tmp_path)
    watched = Watched(tmp_path, quiet=3600, ages=(0.0, 0.02))
    watched.containers["box"] = watched.engine.start(step.containers[0].spec, seccomp="", timeout=1)
    with closing(watched.examiner):
        watched.examiner.watch(step, frozenset())
        watched.examiner.began("box")
        watched.judged("there", Passed)
        assert not [one for one in watched.told if isinstance(one, CommandSeen)]
