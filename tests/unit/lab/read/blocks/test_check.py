"""A `check` fence → a check."""

import pytest

from runner.lab.model.check import (
    CallMatch,
    CommandMutant,
    ContainerMutant,
    ContainerProbe,
    EngineProbe,
    ExecProbe,
    Expectation,
    FileMutant,
    FileProbe,
    HostProbe,
    ProfileProbe,
    TextMatch,
    TraceProbe,
    TranscriptProbe,
)
from runner.lab.model.transcript import Status
from tests.unit.lab.read.blocks.checks import problems, read


@pytest.mark.parametrize(
    ("probe", "expected"),
    [
        ("{exec: {in: box, run: [id, -u], user: root}}", ExecProbe("box", ("id", "-u"), "root")),
        ("{host: [test, -f, x]}", HostProbe(("test", "-f", "x"))),
        ("{transcript: {in: box, command: 'ls$'}}", TranscriptProbe("box", "ls$")),
        ("{transcript: {command: ls}}", TranscriptProbe("host", "ls")),
    ],
)
def test_probes_that_end_with_a_status(folder, probe, expected):
    check = read(folder, f"probe: {probe}\nexpect: {{exit: 0}}")
    assert check.probe == expected
    assert check.expect == Expectation(exit=Status())


def test_a_container_probe_inherits_the_defaults(folder):
    check = read(folder, "probe: {container: {command: [id], user: nobody}}\nexpect: {started: false}")
    assert isinstance(check.probe, ContainerProbe)
    assert (check.probe.spec.cap_add, check.probe.spec.user, check.probe.spec.command) == (
        ("ALL",),
        "nobody",
        ("id",),
    )
    assert check.expect == Expectation(started=False)


def test_a_trace_of_a_program_in_a_container(folder):
    check = read(
        folder,
        "probe: {trace: {in: box, run: [ls], user: root}}\n"
        "expect: {exit: 0, calls: [openat, 'getdents*'], denied: {any: chmod, none: '*', by: [rule, default]}}",
    )
    assert check.probe == TraceProbe(ExecProbe("box", ("ls",), "root"))
    assert check.expect.calls == CallMatch(all=("openat", "getdents*"))
    assert check.expect.denied == CallMatch(any=("chmod",), none=("*",), by=("rule", "default"))


def test_a_trace_of_a_fresh_container_inherits_the_defaults(folder):
    check = read(
        folder,
        "probe: {trace: {container: {command: [id]}}}\nexpect: {started: true, calls: getuid}\n"
        "control: {user: nobody, expect: {calls: {none: setuid}}}\nmutants: [{user: root}]",
    )
    assert isinstance(check.probe, TraceProbe)
    assert isinstance(check.probe.runs, ContainerProbe)
    assert check.probe.runs.spec.cap_add == ("ALL",)
    assert check.control.expect.calls == CallMatch(none=("setuid",))
    assert isinstance(check.mutants[0], ContainerMutant)


@pytest.mark.parametrize(
    ("probe", "expect", "rule", "message"),
    [
        ("{in: box}", "{calls: openat}", "missing-key", "'run'"),
        ("{container: {command: [id]}, in: box}", "{calls: openat}", "probe", "either 'container' or 'in'"),
        ("{in: box, run: [id]}", "{calls: opnat}", "bad-value", "did you mean 'openat'?"),
        ("{in: box, run: [id]}", "{calls: 'x*y'}", "bad-value", "no system call is named 'x*y'"),
        ("{in: box, run: [id]}", "{calls: {}}", "expectation", "'calls' expects nothing"),
        ("{in: box, run: [id]}", "{denied: []}", "expectation", "'denied' names no system call"),
        ("{in: box, run: [id]}", "{denied: {all: chmod, by: me}}", "bad-value", "known: rule, default"),
        (
            "{in: box, run: [id]}",
            "{denied: {all: chmod, by: disabled}}",
            "bad-value",
            "'disabled' denies no call",
        ),
        (
            "{in: box, run: [id]}",
            "{denied: {all: chmod, by: kernel}}",
            "bad-value",
            "'kernel' denies no call",
        ),
        ("{in: box, run: [id]}", "{calls: {all: chmod, by: rule}}", "unknown-key", "'by' in calls"),
        ("{in: box, run: [id]}", "{started: true}", "unknown-key", "'started' in expect"),
    ],
)
def test_faults_of_a_trace_are_reported(folder, probe, expect, rule, message):
    found = problems(folder, f"probe: {{trace: {probe}}}\nexpect: {expect}")
    assert any(kind == rule and message in text for kind, _, text in found), found


def test_an_engine_probe_and_its_facts(folder):
    check = read(
        folder,
        "probe: {engine: {container: box}}\n"
        "expect: {running: true, profile: [a.json, default], capabilities: [CAP_SYS_ADMIN, CHOWN], apparmor: none}",
    )
    assert check.probe == EngineProbe("box")
    assert check.expect.facts == {
        "running": ("yes",),
        "profile": ("a.json", "default"),
        "capabilities": ("CHOWN,SYS_ADMIN",),
        "apparmor": ("none",),
    }


def test_a_profile_probe_and_its_facts(folder):
    check = read(
        folder,
        "probe: {profile: {file: p.json, syscall: clone, args: [0, CLONE_NEWUSER],"
        " caps: [CHOWN], arch: arm64, engine: 20.10}}\n"
        "expect: {action: [SCMP_ACT_ERRNO, kill], errno: [1, enosys, 0, 95]}",
    )
    assert check.probe == ProfileProbe("p.json", "clone", ("0", "CLONE_NEWUSER"), "CHOWN", "arm64", "20.10")
    assert check.expect.facts == {
        "action": ("errno", "kill_thread"),
        "errno": ("EPERM", "ENOSYS", "0", "ENOTSUP"),
    }


def test_a_file_probe_and_its_facts(folder):
    check = read(folder, "probe: {file: a.txt}\nexpect: {exists: true, valid: false, output: x}")
    assert check.probe == FileProbe("a.txt")
    assert check.expect.facts == {"exists": ("yes",), "valid": ("no",)}
    assert check.expect.output == TextMatch(all=("x",))


@pytest.mark.parametrize(
    ("written", "status"),
    [
        ("0", Status((0,))),
        ("nonzero", Status((0,), negated=True)),
        ("[125, 127]", Status((125, 127))),
        ('"!1"', Status((1,), negated=True)),
    ],
)
def test_exit_statuses(folder, written, status):
    assert read(folder, f"probe: {{host: [id]}}\nexpect: {{exit: {written}}}").expect.exit == status


@pytest.mark.parametrize(
    ("written", "match"),
    [
        ("a", TextMatch(all=("a",))),
        ("[a, b]", TextMatch(all=("a", "b"))),
        ("{any: [a, b], none: c}", TextMatch(any=("a", "b"), none=("c",))),
    ],
)
def test_output(folder, written, match):
    assert read(folder, f"probe: {{host: [id]}}\nexpect: {{output: {written}}}").expect.output == match


def test_all_that_goes_with_a_check(folder):
    check = read(
        folder,
        """probe: {container: {command: [id]}}
expect: {exit: 0}
reject: {output: no}
control: {user: nobody, expect: {exit: 1}}
retry: {for: 5, every: 0.5}
timeout: 3
hints: [{when: {exit: 1}, say: one}, {say: any}]
mutants:
  - {security_opt: [seccomp=unconfined], why: w}
  - {file: profiles/allow.json, content: "{}"}
  - {run: id, in: box}
  - {run: pwd}
precheck: {pass: always so}""",
    )
    assert check.reject == Expectation(output=TextMatch(all=("no",)))
    assert check.control.changes == {"user": "nobody"}
    assert check.control.expect == Expectation(exit=Status((1,)))
    assert (check.retry.seconds, check.retry.every, check.timeout) == (5.0, 0.5, 3.0)
    assert [(hint.when.exit, hint.say) for hint in check.hints] == [(Status((1,)), "one"), (None, "any")]
    assert check.precheck_passes == "always so"
    container, file, inside, host = check.mutants
    assert isinstance(container, ContainerMutant)
    assert (container.changes, container.why) == ({"security_opt": ("seccomp=unconfined",)}, "w")
    assert isinstance(file, FileMutant)
    assert (file.name, file.content) == ("profiles/allow.json", "{}")
    assert isinstance(inside, CommandMutant)
    assert [(mutant.target, mutant.text) for mutant in (inside, host)] == [("box", "id"), ("host", "pwd")]
    assert [mutant.span.line for mutant in check.mutants] == [26, 27, 28, 29]


def test_all_capabilities_may_be_given_as_a_list(folder):
    """As they are in a container."""
    check = read(folder, "probe: {engine: {container: box}}\nexpect: {capabilities: [ALL]}")
    assert check.expect.facts == {"capabilities": ("all",)}
