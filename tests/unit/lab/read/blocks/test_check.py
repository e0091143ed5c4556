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

BOX = "```container\nname: box\n```\n\n"
CHECK = "```check\nid: c\ndescribe: d\nexplain: e\n{}\n```\n"


def problems(folder, text):
    return [
        (problem.rule, problem.span.line, problem.message)
        for problem in folder.step(CHECK.format(text)).read().problems
    ]


def read(folder, text):
    return folder.step(BOX + CHECK.format(text)).blocks()[1].check


@pytest.mark.parametrize(
    ("probe", "expect"),
    [
        ("{profile: {file: p.json, syscall: chmod}}", "{errno: ''}"),
        ("{profile: {file: p.json, syscall: chmod}}", "{action: ''}"),
        ("{profile: {file: p.json, syscall: chmod}}", "{errno: [EPERM, '']}"),
        ("{container: {command: [id]}}", "{refused: ' '}"),
        ("{trace: {container: {command: [id]}}}", "{denied: {all: [chmod], by: ''}}"),
    ],
)
def test_an_empty_value_is_one_problem(folder, probe, expect):
    ((rule, line, message),) = problems(folder, f"probe: {probe}\nexpect: {expect}")
    assert (rule, line) == ("expectation", 15)
    assert "is empty" in message


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


HOST = "probe: {host: [id]}\n"


@pytest.mark.parametrize(
    ("text", "rule", "line", "words"),
    [
        ("expect: {exit: 0}", "missing-key", 11, "needs 'probe'"),
        ("probe: {host: [id], file: a}\nexpect: {exit: 0}", "probe", 14, "host and file"),
        ("probe: {}\nexpect: {exit: 0}", "probe", 14, "not nothing"),
        ("probe: {hots: [id]}\nexpect: {exit: 0}", "unknown-key", 14, "did you mean 'host'?"),
        ("probe: {host: ls -l}\nexpect: {exit: 0}", "wrong-type", 14, "must be a list"),
        ("probe: {host: []}\nexpect: {exit: 0}", "empty-text", 14, "is empty"),
        ("probe: {host: [[a]]}\nexpect: {exit: 0}", "wrong-type", 14, "not a list"),
        ("probe: {exec: {run: [id]}}\nexpect: {exit: 0}", "missing-key", 14, "needs 'in'"),
        ("probe: {container: {user: root}}\nexpect: {exit: 0}", "missing-key", 14, "needs 'command'"),
        (
            "probe: {container: {command: [a], volumes: [/:/x]}}\nexpect: {exit: 0}",
            "host-access",
            14,
            "nothing with the host",
        ),
        (
            "probe: {transcript: {command: '('}}\nexpect: {exit: 0}",
            "bad-regex",
            14,
            "not a regular expression",
        ),
        ("probe: {file: ../x}\nexpect: {exists: true}", "bad-name", 14, "must not leave"),
        (
            "probe: {profile: {file: a, syscall: bind, caps: Some}}\nexpect: {action: allow}",
            "bad-value",
            14,
            "all, default, none or a list of capabilities, not 'Some'",
        ),
        (HOST.strip(), "missing-key", 11, "'expect' or 'reject'"),
        (HOST + "expect: {}", "expectation", 15, "empty"),
        (HOST + "expect: {started: true}", "unknown-key", 15, "known: exit, output"),
        (HOST + "expect: {exti: 1}", "unknown-key", 15, "did you mean 'exit'?"),
        (HOST + "expect: {exit: 256}", "bad-value", 15, "0 to 255"),
        (HOST + "expect: {exit: [0, nonzero]}", "bad-value", 15, "0 to 255"),
        (HOST + "expect: {exit: []}", "bad-value", 15, "0 to 255"),
        (HOST + "expect: {output: '('}", "bad-regex", 15, "not a regular expression"),
        (HOST + "expect: {output: '[[a]'}", "bad-regex", 15, "not a regular expression"),
        (HOST + "expect: {output: {some: a}}", "unknown-key", 15, "known: all, any, none"),
        (HOST + "expect: {output: {}}", "expectation", 15, "expects nothing"),
        (HOST + "expect: {output: ''}", "expectation", 15, "matches anything"),
        (
            HOST + "expect: {exit: 0}\ncontrol: {user: a, expect: {exit: 1}}",
            "probe",
            16,
            "only a container probe",
        ),
        (HOST + "expect: {exit: 0}\nretry: 5", "wrong-type", 16, "a mapping"),
        (HOST + "expect: {exit: 0}\nretry: {every: 1}", "missing-key", 16, "needs 'for'"),
        (HOST + "expect: {exit: 0}\ntimeout: 0", "wrong-type", 16, "at most 600"),
        (HOST + "expect: {exit: 0}\ntimeout: 1e9", "wrong-type", 16, "at most 600"),
        (HOST + "expect: {exit: 0}\nhints: [{when: {exit: 1}}]", "missing-key", 16, "needs 'say'"),
        (HOST + "expect: {exit: 0}\nhints: [{say: ' '}]", "empty-text", 16, "is empty"),
        (HOST + "expect: {exit: 0}\nmutants: [{user: a}]", "bad-mutant", 16, "no container to change"),
        (HOST + "expect: {exit: 0}\nmutants: [{file: a}]", "missing-key", 16, "needs 'content'"),
        (HOST + 'expect: {exit: 0}\nmutants: [{run: "a\\x07"}]', "bad-mutant", 16, "control character"),
        (HOST + f"expect: {{exit: 0}}\nmutants: [{{run: {'x' * 5000}}}]", "bad-mutant", 16, "5000 bytes"),
        (HOST + "expect: {exit: 0}\nmutants: [text]", "wrong-type", 16, "must hold mappings"),
        (HOST + "expect: {exit: 0}\nprecheck: {pass: ''}", "empty-text", 16, "is empty"),
        (
            "probe: {profile: {file: a, syscall: bind}}\nexpect: {action: alow}",
            "bad-value",
            15,
            "known: allow",
        ),
        (
            "probe: {profile: {file: a, syscall: bind}}\nexpect: {errno: EPREM}",
            "bad-value",
            15,
            "unknown errno",
        ),
        (
            "probe: {profile: {file: a, syscall: bind, engine: new}}\nexpect: {errno: 1}",
            "bad-value",
            14,
            "a version",
        ),
        (
            "probe: {profile: {file: a, syscall: bind, args: [1, 2, 3, 4, 5, 6, 7]}}\nexpect: {errno: 1}",
            "bad-value",
            14,
            "at most 6",
        ),
        (
            "probe: {container: {command: [a]}}\nexpect: {exit: 0}\ncontrol: {expect: {exit: 1}}",
            "probe",
            16,
            "changes at least one",
        ),
        (
            "probe: {container: {command: [a]}}\nexpect: {exit: 0}\ncontrol: {user: a}",
            "missing-key",
            16,
            "needs 'expect'",
        ),
        (
            "probe: {container: {command: [a]}}\nexpect: {exit: 0}\nmutants: [{why: w}]",
            "bad-mutant",
            16,
            "changes nothing",
        ),
        (
            "probe: {profile: {file: a, syscall: chmdo}}\nexpect: {action: allow}",
            "bad-value",
            14,
            "did you mean 'chmod'?",
        ),
        (
            "probe: {profile: {file: a, syscall: bind, arch: amd46}}\nexpect: {action: allow}",
            "bad-value",
            14,
            "did you mean amd64?",
        ),
        (
            "probe: {profile: {file: a, syscall: bind, args: [AF_INTE]}}\nexpect: {action: allow}",
            "bad-value",
            14,
            "did you mean AF_INET?",
        ),
        (
            "probe: {profile: {file: a, syscall: bind, caps: [SYS_ADMNI]}}\nexpect: {action: allow}",
            "bad-value",
            14,
            "did you mean 'SYS_ADMIN'?",
        ),
        ("probe: {container: {command: [a]}}\nexpect: {refused: []}", "expectation", 15, "name a value"),
        ("probe: {engine: {container: a}}\nexpect: {profile: []}", "expectation", 15, "name a value"),
        ("probe: {engine: {container: a}}\nexpect: {apparmor: ''}", "expectation", 15, "name a value"),
        (
            "probe: {profile: {file: a, syscall: bind}}\nexpect: {action: []}",
            "expectation",
            15,
            "name a value",
        ),
        (
            "probe: {profile: {file: a, syscall: bind}}\nexpect: {errno: []}",
            "expectation",
            15,
            "name a value",
        ),
        (
            "probe: {trace: {in: a, run: [b]}}\nexpect: {denied: {all: read, by: []}}",
            "expectation",
            15,
            "name a value",
        ),
        ("probe: {host: ['']}\nexpect: {exit: 0}", "empty-text", 14, "the program"),
    ],
)
def test_faults_are_reported_in_their_line(folder, text, rule, line, words):
    ((found, at, message),) = problems(folder, text)
    assert (found, at) == (rule, line)
    assert words in message


def test_every_problem_is_reported_not_just_the_first(folder):
    folder.step(
        "```check\nid: Bad Id\nprob: {}\nprobe: {host: ls}\nexpect: {exit: x, stdout: y}\nmutants: [{run: ''}]\n```\n"
    )
    assert [(problem.span.line, problem.rule) for problem in folder.read().problems] == [
        (11, "bad-name"),
        (11, "missing-key"),
        (11, "missing-key"),
        (12, "unknown-key"),
        (13, "wrong-type"),
        (14, "unknown-key"),
        (14, "bad-value"),
        (15, "empty-text"),
    ]


def test_a_problem_shows_the_text_of_its_line(folder):
    folder.step(CHECK.format("probe: {host: [id]}\nexpect: {exit: 0}\ntimout: 3"))
    (problem,) = folder.read().problems
    assert problem.text == "timout: 3"
    assert str(problem).endswith(
        "lab.md:16: unknown key 'timout' in check (did you mean 'timeout'?) [unknown-key]"
    )


def test_all_capabilities_may_be_given_as_a_list(folder):
    """As they are in a container."""
    check = read(folder, "probe: {engine: {container: box}}\nexpect: {capabilities: [ALL]}")
    assert check.expect.facts == {"capabilities": ("all",)}
