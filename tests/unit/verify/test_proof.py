"""Every check is shown able to fail: before the solution, under its control, and for each mutant."""

import sys

from runner.engine.api import Completed, ContainerGone, EngineUnavailable, ProgramTimeout, StartRefused
from runner.verify.result import OutcomeKind, Proof, kind_of
from tests.fakes import FakeEngine
from tests.unit.verify.proven import LAB, chmod, proofs


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
