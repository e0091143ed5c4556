"""The commands of a typed line, and their exit statuses."""

import shutil
import subprocess

import pytest

from runner.check.shell_line import parts


def known(text, status, output="", pipeline=()):
    return [(part.text, part.status) for part in parts(text, status, output, pipeline)]


@pytest.mark.parametrize(
    ("text", "status", "expected"),
    [
        ("docker run x", 3, [("docker run x", 3)]),
        ("docker run x; whoami", 3, [("docker run x", None), ("whoami", 3)]),
        ("docker run x\nwhoami", 3, [("docker run x", None), ("whoami", 3)]),
        ("docker run x &", 0, [("docker run x", None)]),
        ("docker run x & wait", 0, [("docker run x", None), ("wait", 0)]),
        ("a && b", 0, [("a", 0), ("b", 0)]),
        ("a && b", 2, [("a", None), ("b", None)]),
        ("a || b", 2, [("a", None), ("b", 2)]),
        ("a || b", 0, [("a", None), ("b", None)]),
        ("a && b || c", 4, [("a", None), ("b", None), ("c", 4)]),
        ("a | b", 1, [("a", None), ("b", 1)]),
        ("a |& b", 1, [("a", None), ("b", 1)]),
        ("! a", 1, [("a", 0)]),
        ("! a", 0, [("a", None)]),
        ("(a; b)", 5, [("a", None), ("b", 5)]),
        ("{ a; b; } > file", 5, [("a", None), ("b", 5)]),
        ("a # ; b", 1, [("a", 1)]),
        ("echo 'a; b' \"c && d\" e\\;f", 0, [("echo 'a; b' \"c && d\" e\\;f", 0)]),
        ("a 2>&1 > out; b", 1, [("a 2>&1 > out", None), ("b", 1)]),
        ("a \\\n  --more; b", 1, [("a \\\n  --more", None), ("b", 1)]),
        ("cat <<END | grep x\nbody; && |\nEND\nlast", 4, [("cat", None), ("grep x", None), ("last", 4)]),
        ("bash -c 'a; b'", 7, [("bash -c 'a; b'", 7), ("a", None), ("b", 7)]),
        ("eval docker run x", 7, [("eval docker run x", 7), ("docker run x", 7)]),
        ("'not closed", 2, [("'not closed", 2)]),
    ],
)
def test_each_command_has_the_status_that_the_shell_reported(text, status, expected):
    assert known(text, status) == expected


@pytest.mark.parametrize("text", ["echo $(docker run x)", "echo `docker run x`", 'echo "$(docker run x)"'])
def test_the_status_of_a_substituted_command_is_not_known(text):
    assert ("docker run x", None) in [(part.strip("\"'"), status) for part, status in known(text, 0)]
    assert (text, 0) in known(text, 0)


@pytest.mark.parametrize(
    "text",
    ["if docker run x; then y; fi", "for i in 1; do docker run x; done", "while docker run x; do y; done"],
)
def test_commands_in_a_loop_or_a_condition_have_no_status(text):
    found = known(text, 1)
    assert found[0] == (text, 1)
    assert all(status is None for part, status in found[1:])


@pytest.mark.parametrize("echo", ["echo $?", 'echo "$?"', "echo status: $?"])
def test_a_status_that_was_printed_is_known(echo):
    assert known(f"docker run x; {echo}", 0, "docker: no\n125\n") == [("docker run x", 125)]
    assert known(f"a; docker run x\n{echo}", 0, "125\n")[-1] == ("docker run x", 125)


def test_a_status_that_was_not_printed_is_not_made_up():
    assert known("docker run x; echo done", 0, "3\n") == [("docker run x", None), ("echo done", 0)]
    assert known("docker run x; echo $?", 0, "nothing\n")[0] == ("docker run x", None)
    assert known("docker run x & echo $?", 0, "0\n")[0] == ("docker run x", None)


def test_bash_tells_of_every_member_of_a_pipeline():
    assert known("a | b | c", 1, pipeline=(3, 0, 1)) == [("a", 3), ("b", 0), ("c", 1)]
    assert known("x; a | b", 0, pipeline=(3, 0)) == [("x", None), ("a", 3), ("b", 0)]
    assert known("a | b", 1, pipeline=(0,)) == [("a", None), ("b", 1)]


@pytest.mark.parametrize(
    ("text", "status", "pipeline", "expected"),
    [
        # Either pipeline may have run last: the shell tells of two members in both cases.
        ("a | b || c | d", 0, (3, 0), [("a", None), ("b", None), ("c", None), ("d", None)]),
        ("false | x && y | cat", 1, (1, 1), [("false", None), ("x", None), ("y", None), ("cat", None)]),
        ("{ a | b; } || c | d", 0, (3, 0), [("a", None), ("b", None), ("c", None), ("d", None)]),
        # The operators show it.
        ("a | b && c | d", 0, (3, 0), [("a", None), ("b", 0), ("c", 3), ("d", 0)]),
        ("a | b || c | d", 1, (0, 1), [("a", None), ("b", None), ("c", 0), ("d", 1)]),
        ("a | b && c | d || e", 0, (0,), [("a", None), ("b", None), ("c", None), ("d", None), ("e", 0)]),
        # The number of members shows it.
        ("a && b | c", 1, (5, 1), [("a", 0), ("b", 5), ("c", 1)]),
        ("a | b && c", 1, (5, 1), [("a", 5), ("b", 1), ("c", None)]),
        ("a | b || c", 0, (5, 0), [("a", 5), ("b", 0), ("c", None)]),
        ("a | b && c", 1, (1,), [("a", None), ("b", 0), ("c", 1)]),
    ],
)
def test_the_members_statuses_are_those_of_the_pipeline_that_ran_last(text, status, pipeline, expected):
    assert known(text, status, pipeline=pipeline) == expected


def test_a_command_that_did_not_run_is_told_so():
    ran, skipped = parts("a | b || c", 0, "", (5, 0))[-2:]
    assert (ran.why, skipped.why.partition(",")[0]) == ("", "it did not run")


@pytest.mark.parametrize(
    "text",
    [
        "(" * 2000 + "a" + ")" * 2000,
        "{ " * 2000 + "a" + "; }" * 2000,
        'echo "$(' * 2000 + "a" + ')"' * 2000,
        "echo $(" * 2000 + "a" + ")" * 2000,
        "eval " * 300 + "a",
    ],
    ids=["brackets", "braces", "quotes", "substitutions", "scripts"],
)
def test_a_line_that_is_nested_too_deeply_counts_as_a_whole(text):
    assert known(text, 3)[0] == (text, 3)


def test_a_message_shows_which_of_two_has_failed():
    assert known("touch f && chmod 7 f", 1, "chmod: not permitted\n") == [("touch f", 0), ("chmod 7 f", 1)]
    assert known("touch f && chmod 7 f", 1, "touch: not permitted\n")[1] == ("chmod 7 f", None)
    assert known("chmod 6 f && chmod 7 f", 1, "chmod: not permitted\n")[1] == ("chmod 7 f", None)


@pytest.mark.parametrize(
    "text",
    [
        "true; sh -c 'exit 3'",
        "false | sh -c 'exit 4'",
        "false || sh -c 'exit 6'",
        "(true; sh -c 'exit 7')",
        "{ false; sh -c 'exit 8'; }",
    ],
)
def test_the_status_of_the_last_command_matches_the_shells(text):
    sh = shutil.which("bash") or "sh"
    status = subprocess.run([sh, "-c", text], check=False).returncode
    last = [part for part in parts(text, status, "") if part.text.startswith("sh -c")][-1]
    assert last.status == status == int(text.rpartition("exit ")[2][0])
