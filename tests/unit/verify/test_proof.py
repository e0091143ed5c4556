"""Every check is shown able to fail: before the solution, under its control, and for each mutant."""

import sys

import pytest

from runner.engine.api import Completed, ContainerGone, EngineUnavailable, ProgramTimeout, StartRefused
from runner.lab.read.workshop import read_workshop
from runner.shell.recorder import CommandFinished
from runner.stage.stage import Stage
from runner.stage.workspace import Workspace
from runner.verify.lab import verify_lab
from runner.verify.result import OutcomeKind, Proof, kind_of
from runner.verify.standard import Refusals
from tests.fakes import FakeEngine

LAB = """---
id: lab
title: Lab
minutes: 1
objectives: [See]
---

## Step

```json file=mine.json edit
{"defaultAction": "SCMP_ACT_ALLOW"}
```

```check
id: blocked
describe: chmod is blocked
probe: {container: {security_opt: [seccomp=mine.json], command: [chmod]}}
expect: {exit: 1}
explain: So.
CONTROL
mutants:
  - {security_opt: [seccomp=unconfined], why: no filter}
  - {file: mine.json, content: '{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": []}', why: nothing denied}
EXTRA
```

```solve file=mine.json
{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["chmod"], "action": "SCMP_ACT_ERRNO"}]}
```
"""


def chmod(call):
    """Fails where the profile names chmod, as the kernel would make it."""
    return Completed(1 if "chmod" in call.seccomp else 0, "")


def engine_refuses(call):
    """Refuse what no engine starts: an invalid profile, and a missing program."""
    usable = call.seccomp in {"", "unconfined"} or call.seccomp.startswith("{")
    return Completed(0, "") if usable and "/no-such-folder" not in call.argv[0] else StartRefused("refused")


@pytest.fixture
def verified(tmp_path):
    def verify(
        program, *, control="", extra="", text=LAB, open_console=lambda *_: pytest.fail("none is needed")
    ):
        folder = tmp_path / "w"
        folder.mkdir()
        (folder / "workshop.toml").write_text(
            'format = 1\nid = "w"\ntitle = "W"\nsummary = "S"\nlabs = ["lab.md"]\n[defaults]\nimage = "lab"\n'
        )
        (folder / "lab.md").write_text(text.replace("CONTROL\n", control).replace("EXTRA\n", extra))
        reading = read_workshop(folder)
        assert reading.problems == ()
        engine = FakeEngine({"chmod": program, ".": engine_refuses})
        stage = Stage(
            engine=engine,
            workspace=Workspace.temporary(()),
            environment={},
            container_environment={},
            open_console=open_console,
        )
        result = verify_lab(reading.workshop.labs[0], stage, lambda _event: None, Refusals())
        stage.close()
        assert not stage.workspace.root.exists()
        assert engine.containers == {}
        return result

    return verify


def proofs(result):
    return {proof: kind_of(outcome) for proof, outcome in result.checks[0].proofs.items()}


def test_a_sound_check_passes_every_proof(verified):
    result = verified(chmod, control="control: {security_opt: [seccomp=unconfined], expect: {exit: 0}}\n")
    assert result.kind is OutcomeKind.PASSED
    assert set(proofs(result).values()) == {OutcomeKind.PASSED}


def test_a_check_that_passes_before_the_solution_is_no_check(verified):
    result = verified(lambda _call: Completed(1, ""))
    assert result.kind is OutcomeKind.FAILED
    assert proofs(result)[Proof.PRECHECK] is OutcomeKind.FAILED


def test_an_author_may_say_why_a_check_passes_before(verified):
    result = verified(chmod, extra="precheck: {pass: it is so from the start}\n")
    assert proofs(result)[Proof.PRECHECK] is OutcomeKind.SKIPPED
    assert result.kind is OutcomeKind.PASSED


def test_a_solution_that_does_not_solve_is_a_failure_and_is_not_mutated(verified):
    result = verified(lambda _call: Completed(0, ""))
    assert proofs(result)[Proof.SOLVED] is OutcomeKind.FAILED
    assert proofs(result)[Proof.MUTANTS] is OutcomeKind.SKIPPED
    assert result.kind is OutcomeKind.FAILED


def test_a_mutant_that_passes_is_named_with_its_reason(verified):
    result = verified(
        lambda call: Completed(1 if call.seccomp == "unconfined" or "chmod" in call.seccomp else 0, "")
    )
    outcome = result.checks[0].proofs[Proof.MUTANTS]
    assert "mutant 1" in outcome.expected
    assert "no filter" in outcome.expected
    assert result.kind is OutcomeKind.FAILED


def test_a_control_that_does_not_hold_means_a_broken_environment(verified):
    result = verified(chmod, control="control: {security_opt: [seccomp=unconfined], expect: {exit: 5}}\n")
    assert proofs(result)[Proof.CONTROL] is OutcomeKind.BROKEN
    assert result.kind is OutcomeKind.BROKEN


def test_an_engine_that_goes_away_is_an_error_and_not_a_failure(verified):
    result = verified(lambda _call: EngineUnavailable("the daemon is gone"))
    assert result.kind is OutcomeKind.ERROR


def test_a_program_that_does_not_end_is_a_failure(verified):
    result = verified(
        lambda call: ProgramTimeout("too long", output="…") if "chmod" in call.seccomp else Completed(0, "")
    )
    assert proofs(result)[Proof.SOLVED] is OutcomeKind.FAILED


def test_a_container_that_does_not_start_has_no_exit_status(verified):
    result = verified(lambda call: StartRefused("no") if "chmod" in call.seccomp else Completed(0, ""))
    assert proofs(result)[Proof.SOLVED] is OutcomeKind.FAILED


def test_a_profile_that_would_hang_the_engine_is_never_tried(verified):
    asked = []

    def program(call):
        asked.append(call.seccomp)
        return chmod(call)

    killing = LAB.replace(
        '"syscalls": [{"names": ["chmod"], "action": "SCMP_ACT_ERRNO"}]}', '"syscalls": []}'
    ).replace(
        '```solve file=mine.json\n{"defaultAction": "SCMP_ACT_ALLOW"',
        '```solve file=mine.json\n{"defaultAction": "SCMP_ACT_KILL"',
    )
    result = verified(program, text=killing)
    assert proofs(result)[Proof.SOLVED] is OutcomeKind.FAILED
    assert not any("KILL" in seccomp for seccomp in asked)


def test_a_failure_while_the_engine_dies_is_an_error(verified, monkeypatch):
    def gone(_engine):
        raise EngineUnavailable("the engine is gone")

    monkeypatch.setattr(FakeEngine, "ping", gone)
    result = verified(lambda _call: Completed(0, ""))
    assert result.kind is OutcomeKind.ERROR
    assert [problem.reason for problem in result.problems] == ["the engine is gone"]


def test_a_broken_environment_before_the_step_is_no_proof(verified):
    def program(call):
        return chmod(call) if "syscalls" in call.seccomp else ContainerGone("it is gone")

    result = verified(program)
    outcome = result.checks[0].proofs[Proof.PRECHECK]
    assert kind_of(outcome) is OutcomeKind.ERROR
    assert "before the step is solved" in outcome.reason
    assert "it is gone" in outcome.reason
    assert result.kind is OutcomeKind.ERROR


def test_a_broken_environment_under_a_mutant_is_no_proof(verified):
    def program(call):
        return ContainerGone("it is gone") if call.seccomp == "unconfined" else chmod(call)

    outcome = verified(program).checks[0].proofs[Proof.MUTANTS]
    assert kind_of(outcome) is OutcomeKind.ERROR
    assert "mutant 1 (no filter)" in outcome.reason


def refused_mutant(call):
    """Like `chmod`, but the second mutant's container never starts."""
    return StartRefused("cannot start") if '"syscalls": []' in call.seccomp else chmod(call)


def test_a_mutant_whose_container_never_starts_proves_nothing(verified):
    outcome = verified(refused_mutant).checks[0].proofs[Proof.MUTANTS]
    assert kind_of(outcome) is OutcomeKind.ERROR
    assert "mutant 2 (nothing denied) proves nothing: its container never started" in outcome.reason


def test_a_mutant_that_never_starts_counts_if_the_check_is_about_starting(verified):
    result = verified(
        refused_mutant, text=LAB.replace("expect: {exit: 1}", "expect: {started: true, exit: 1}")
    )
    assert proofs(result)[Proof.MUTANTS] is OutcomeKind.PASSED
    # Each mutant's observation can be read, so that a failure for another reason than the stated one is
    # found.
    names = [seen.mutant for seen in result.checks[0].mutants]
    assert "mutant 2 (nothing denied)" in names
    assert any(name.startswith("where ") for name in names)
    assert all(seen.saw for seen in result.checks[0].mutants)


STARTS = LAB.replace("command: [chmod]", "command: [whoami, chmod]").replace("{exit: 1}", "{started: false}")


def denied(call):
    return StartRefused("no") if "chmod" in call.seccomp else Completed(0, "")


def test_a_start_that_the_filter_stops_passes_every_proof(verified):
    assert verified(denied, text=STARTS).kind is OutcomeKind.PASSED


def test_not_starting_for_want_of_a_profile_is_not_solved(verified):
    text = STARTS.replace(
        "```solve file=mine.json\n{", "```solve file=mine.json\nno profile, though it says chmod {"
    )
    result = verified(denied, text=text)
    assert proofs(result)[Proof.SOLVED] is OutcomeKind.FAILED
    assert "cannot use the file as a profile" in result.checks[0].proofs[Proof.SOLVED].actual


def test_not_starting_for_any_reason_is_found_out(verified):
    loose = STARTS.replace("{started: false}", "{started: false, refused: [filter, profile, other]}")
    outcome = verified(denied, text=loose).checks[0].proofs[Proof.MUTANTS]
    assert kind_of(outcome) is OutcomeKind.FAILED
    assert outcome.expected == "'blocked' fails where mine.json is empty"


PROFILE = LAB.replace(
    "probe: {container: {security_opt: [seccomp=mine.json], command: [chmod]}}",
    "probe: {profile: {file: mine.json, syscall: SYSCALL}}",
).replace("  - {security_opt: [seccomp=unconfined], why: no filter}\n", "")


def test_a_profile_that_denies_everything_passes_no_step(verified):
    text = PROFILE.replace("SYSCALL", "chmod").replace("expect: {exit: 1}", "expect: {action: errno}")
    outcome = verified(chmod, text=text).checks[0].proofs[Proof.MUTANTS]
    assert kind_of(outcome) is OutcomeKind.FAILED
    assert outcome.expected == "'blocked' fails where mine.json denies every call"


def test_a_command_that_reads_the_learners_profile_must_detect_a_useless_one(verified):
    """It passes for any JSON but the first one, so also for a profile that means no filter."""
    program = (
        "import json, sys; sys.exit(json.load(open(sys.argv[1])) == {'defaultAction': 'SCMP_ACT_ALLOW'})"
    )
    container = "{container: {security_opt: [seccomp=mine.json], command: [chmod]}}"
    assert container in LAB
    host = f'{{host: [{sys.executable}, -c, "{program}", mine.json]}}'
    text = LAB.replace(container, host).replace("{exit: 1}", "{exit: 0}")
    text = text.replace("  - {security_opt: [seccomp=unconfined], why: no filter}\n", "")
    text = text.replace(', "syscalls": []}', "}")
    result = verified(chmod, text=text)
    assert proofs(result)[Proof.SOLVED] is OutcomeKind.PASSED
    assert proofs(result)[Proof.MUTANTS] is OutcomeKind.FAILED
    assert "mine.json is {}, which means no filter" in str(result.checks[0].proofs[Proof.MUTANTS])


def host_check(*argv) -> str:
    """The lab with a check that runs a program in the workspace."""
    container = "{container: {security_opt: [seccomp=mine.json], command: [chmod]}}"
    text = LAB.replace(container, f"{{host: [{', '.join(argv)}]}}").replace("{exit: 1}", "{exit: 0}")
    return text.replace("  - {security_opt: [seccomp=unconfined], why: no filter}\n", "")


def test_a_file_outside_the_workspace_that_a_command_names_is_left_alone(verified, tmp_path):
    outside = tmp_path / "outside"
    outside.write_text("it stays")
    script = f'"ln -sf {outside} inside; grep -q chmod mine.json"'
    result = verified(chmod, text=host_check("sh", "-c", script, str(outside), "../outside", "inside"))
    assert proofs(result)[Proof.SOLVED] is OutcomeKind.PASSED
    assert result.problems == ()
    assert outside.read_text() == "it stays"


def test_a_script_that_is_too_long_for_a_name_is_no_file(verified):
    result = verified(chmod, text=host_check("sh", "-c", f'"grep -q chmod mine.json # {"x" * 300}"'))
    assert proofs(result)[Proof.MUTANTS] is OutcomeKind.PASSED
    assert result.problems == ()


LISTED = """---
id: lab
title: Lab
minutes: 1
objectives: [See]
---

## Step

```check
id: listed
describe: The call is listed
probe: {file: calls.txt}
expect: {exists: true, output: chmod}
explain: So.
mutants: [{run: echo mkdir > calls.txt, why: another call}]
```

```solve timeout=90
$ echo chmod > calls.txt
```
"""


def test_a_mutants_command_may_take_as_long_as_the_solutions(verified):
    limits = {}

    class Echo:
        """A console that knows `echo WORD > FILE`."""

        def __init__(self, workspace):
            self._workspace = workspace

        def subscribe(self, _listener):
            pass

        def run(self, text, limit):
            limits[text] = limit
            _, word, _, name = text.split()
            self._workspace.write(name, word)
            return CommandFinished(text, "", 0, 0.0, 0.0)

        def close(self):
            pass

    result = verified(chmod, text=LISTED, open_console=lambda _target, workspace, _container: Echo(workspace))
    assert proofs(result)[Proof.MUTANTS] is OutcomeKind.PASSED
    assert limits["echo mkdir > calls.txt"] == limits["echo chmod > calls.txt"] >= 90


LATER = """---
id: lab
title: Lab
minutes: 1
objectives: [See]
---

## Make it

```container
name: box
command: [chmod]
```

```console in=box
# gone with the first one
```

## Make it again

```container
name: box
command: [chmod]
```

```console in=box
# touch /tmp/made
```

## Look at it

```console in=box
# chmod /tmp/made
```

```check
id: there
describe: It is there
probe: {exec: {in: box, run: [chmod]}}
expect: {exit: 0, output: there}
precheck: {pass: It was made before}
explain: So.
mutants: [{security_opt: [seccomp=unconfined], why: no filter}]
```
"""


def test_a_mutant_of_a_container_has_what_was_typed_there_since_its_launch(verified):
    """Without that, the check would fail for want of it, whatever the mutant changes."""
    typed = []

    class Typed:
        """A console that notes what is typed."""

        def __init__(self):
            self._texts = []
            typed.append(self._texts)

        def subscribe(self, _listener):
            pass

        def run(self, text, _limit):
            self._texts.append(text)
            return CommandFinished(text, "", 0, 0.0, 0.0)

        def close(self):
            pass

    def program(call):
        """The container's own goes on."""
        return None if call.kind == "start" else Completed(0, "there")

    result = verified(program, text=LATER, open_console=lambda *_: Typed())
    assert proofs(result)[Proof.SOLVED] is OutcomeKind.PASSED
    assert typed == [["gone with the first one"], *[["touch /tmp/made", "chmod /tmp/made"]] * 2]
