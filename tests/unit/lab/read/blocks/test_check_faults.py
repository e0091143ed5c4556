"""Faults of a `check` fence → problems in their lines."""

import pytest

from tests.unit.lab.read.blocks.checks import CHECK, problems

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
            "did you mean chmod?",
        ),
        (
            "probe: {profile: {file: a, syscall: 99999999999}}\nexpect: {action: allow}",
            "bad-value",
            14,
            "32 bits",
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
