"""Commands go in, finished commands come out, for every shell and any behaviour."""

import os
import queue
import subprocess
import threading

import pexpect
import pytest

from runner.errors import UsageError
from runner.shell.console import CommandTimeout, Console, ConsoleClosed, ConsoleLost, IncompleteCommand
from runner.shell.plain import LIMIT
from runner.shell.prompt import NONCE
from runner.shell.pty import HostStream
from tests.fakes import wait_until
from tests.unit.shell.marked import mark, prompt

REQUIRED = ("bash", "sh")
SOON = 20.0
"""Seconds that nothing here comes near to; a busy machine may."""


class Scripted:
    """A terminal that shows a prompt, and answers each line as the test says."""

    def __init__(self, *answers: bytes) -> None:
        self._chunks: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._chunks.put(prompt(0, "br"))
        self._answers = iter(answers)

    def read(self) -> bytes:
        return self._chunks.get()

    def write(self, keys: bytes) -> None:
        if b"\n" in keys:
            self._chunks.put(keys.replace(b"\n", b"\r\n") + mark("C") + next(self._answers))

    def write_now(self, keys: bytes) -> bool:
        self.write(keys)
        return True

    def resize(self, columns: int, rows: int) -> None:
        pass

    def close(self) -> None:
        self._chunks.put(b"")


def test_a_listener_that_fails_disturbs_nobody(caplog):
    def fail(_finished):
        raise RecursionError("too deep")

    heard = queue.SimpleQueue()
    with Console.open(Scripted(prompt(0, "br"), prompt(3, "br"))) as console:
        console.subscribe(fail)
        console.subscribe(heard.put)
        assert [console.run(text, SOON).status for text in ("one", "two")] == [0, 3]
        assert [heard.get(timeout=SOON).command for _ in range(2)] == ["one", "two"]
    assert [record.message for record in caplog.records] == ["a listener to a terminal failed"] * 2


def test_a_prompt_before_much_output_of_a_background_job_ends_the_command():
    with Console.open(Scripted(b"done\r\n" + prompt(5, "br") + b"x" * 20_000)) as console:
        finished = console.run("job & work", SOON)
    assert (finished.output, finished.status) == ("done\n", 5)


@pytest.mark.parametrize("last", [pexpect.TIMEOUT, pexpect.EOF])
def test_a_command_whose_prompt_came_in_the_last_instant_has_ended(monkeypatch, last):
    """What is expected and what is recorded are two: the recorder has the last word."""
    with Console.open(Scripted(prompt(4, "br"))) as console:

        def too_late(patterns, timeout):
            assert wait_until(lambda: console._recorder.finished is not None, seconds=timeout)
            return patterns.index(last)

        monkeypatch.setattr(console._spawn, "expect", too_late)
        assert console.run("work", SOON).status == 4


@pytest.mark.parametrize(
    ("command", "status"), [("true", 0), ("false", 1), ("sh -c 'exit 42'", 42), ("no-such-command", 127)]
)
def test_the_exit_status_is_the_commands(console, command, status):
    assert console.run(command, SOON).status == status


@pytest.mark.parametrize(
    ("command", "output"),
    [
        ("echo hello", "hello\n"),
        ("printf 'no newline'", "no newline"),
        (":", ""),
        ('echo "it\'s" \'a "quote"\'', 'it\'s a "quote"\n'),
        ("echo one # comment", "one\n"),
        ("echo err >&2", "err\n"),
        ("cat <<END\n$((40 + 2)) 'x\n\ttabbed\nEND", "42 'x\n\ttabbed\n"),
        ("for i in 1 2\ndo\necho $i\ndone", "1\n2\n"),
        ("echo 'two\nlines'", "two\nlines\n"),
        ("echo joined \\\nline", "joined line\n"),
        ("echo a!b", "a!b\n"),
        ("printf 'a\tb\n'", "a\tb\n"),
        ("echo 日本語 é e\u0301 ❤\ufe0f 👩\u200d💻\u3000x", "日本語 é e\u0301 ❤\ufe0f 👩\u200d💻\u3000x\n"),
    ],
)
def test_the_output_is_what_the_command_printed(console, command, output):
    finished = console.run(command, SOON)
    assert (finished.output, finished.status, finished.command) == (output, 0, command)


def test_several_commands_in_one_text_give_all_output_and_the_last_status(console):
    finished = console.run("echo one; true\necho two; false", SOON)
    assert (finished.output, finished.status) == ("one\ntwo\n", 1)


def test_comments_and_empty_lines_finish(console):
    assert [console.run(text, SOON).output for text in ("# nothing", "", "  ", "echo on")] == [
        "",
        "",
        "",
        "on\n",
    ]


def test_a_nested_shell_is_ready_when_the_command_returns(console):
    assert console.run("exec 3>&1; sh", SOON).status == 0
    assert console.run("nested=yes; echo $nested", SOON).output == "yes\n"
    assert console.run("exit 7", SOON).status == 7
    assert console.run("echo ${nested:-outer}", SOON).output == "outer\n"


def test_a_shell_in_a_user_namespace_marks_its_commands(console):
    if subprocess.run(
        ["unshare", "--map-root-user", "--user", "true"], check=False, capture_output=True
    ).returncode:
        pytest.skip("user namespaces are not allowed here")
    console.run("unshare --map-root-user --user sh", SOON)
    assert console.run("id -u", SOON).output == "0\n"
    assert console.run("exit 3", SOON).status == 3


def test_shells_nest_across_kinds(opened):
    console = opened("bash")
    for shell in ("sh", "bash --norc", "sh", "bash --norc"):
        assert console.run(shell, SOON).status == 0
    for status in (5, 6, 7, 8):
        assert console.run(f"exit {status}", SOON).status == status
    assert console.run("echo back", SOON).output == "back\n"


@pytest.mark.parametrize(
    "command",
    [
        "env",
        "export -p",
        "set",
        'printf "%s" "$PS1$PS2$PS0"',
        r"printf '\033]133;D;0\007\033]133;A\007$ \033]133;B\007'",
        r"printf '\033]133;D;0;aid=other-1\007\033]133;A;aid=other-1\007$ \033]133;B;aid=other-1\007'",
        rf"printf 'x\033]133;B;aid={NONCE}-1\007\033]133;P;k=s;aid={NONCE}-1\007\033]133;A;aid={NONCE}-1\007'",
    ],
    ids=["env", "export", "set", "prompts", "bare", "foreign", "lone"],
)
def test_output_that_looks_like_a_prompt_does_not_end_a_command(console, command):
    finished = console.run(f"{command}; echo the end; false", SOON)
    assert finished.status == 1
    assert finished.output.endswith("the end\n")
    assert console.run("echo still in step", SOON).output == "still in step\n"


def test_output_without_echo_is_all_there(console):
    console.run("stty -echo", SOON)
    assert console.run("echo one; printf two", SOON).output == "one\ntwo"
    assert console.run("true", SOON).output == ""
    assert console.run("printf x", SOON).output == "x"
    assert console.run("stty echo; false", SOON).status == 1
    assert console.run("echo back", SOON).output == "back\n"


def test_reset_sequences_and_colours_leave_plain_text(console):
    finished = console.run(
        r"printf '\033c\033[2J\033[H\033[31mred\033[0m\033]0;title\007 text\033(B\n'", SOON
    )
    assert finished.output == "red text\n"


def test_progress_that_overwrites_itself_shows_its_last_state(console):
    assert console.run(r"printf ' 10%%\r100%%\nab\bc\nlonger\rx\033[K\n'", SOON).output == "100%\nac\nx\n"


def test_incomplete_characters_do_not_disturb_what_follows(console):
    assert console.run(r"printf 'caf\303\251 \360\237'", SOON).output == "café \ufffd"
    assert console.run("echo ok", SOON).output == "ok\n"


def test_random_bytes_do_not_disturb_what_follows(console):
    assert console.run("head -c 300000 /dev/urandom", SOON).status == 0
    assert console.run("echo ok; false", SOON).output == "ok\n"


def test_huge_output_is_cut_with_a_word_about_it(console):
    finished = console.run("echo first; head -c 30000000 /dev/zero | tr '\\0' x; echo; echo last", SOON)
    assert finished.output.startswith("first\n")
    assert finished.output.endswith("\nlast\n")
    assert "bytes left out" in finished.output
    assert len(finished.output) < LIMIT + 1000


def test_a_query_in_a_file_is_not_answered_into_the_next_prompt(console):
    console.run(r"printf '\033[6n\033[c'", SOON)
    assert console.run("echo ok", SOON).output == "ok\n"


@pytest.mark.parametrize("command", ["sleep 1000", "yes", "cat", "read never"])
def test_a_command_that_never_returns_times_out_and_the_console_goes_on(console, command):
    with pytest.raises(CommandTimeout) as caught:
        console.run(f"echo begun; {command}", 0.5)
    assert caught.value.output.startswith("begun\n")
    assert console.run("echo on", SOON).output == "on\n"


@pytest.mark.parametrize("shell", REQUIRED)
def test_a_command_that_ignores_control_c_is_quit(opened, shell):
    console = opened(shell)
    with pytest.raises(CommandTimeout):
        console.run("""sh -c "trap '' INT; sleep 1000" """, 0.3)
    assert console.run("echo on", SOON).output == "on\n"


def test_a_command_that_ignores_every_key_loses_the_console(opened):
    console = opened("bash")
    with pytest.raises(CommandTimeout):
        console.run("(trap '' INT QUIT; while :; do read x; done)", 0.3)
    with pytest.raises(ConsoleLost):
        console.interrupt(0.4)
    with pytest.raises(ConsoleLost):
        console.run("echo gone", SOON)


def test_a_background_child_that_keeps_printing_does_not_hold_a_command(console):
    console.run("sleep 1000 &", SOON)
    assert console.run("echo ok", SOON).output.endswith("ok\n")
    console.run("kill %1", SOON)


@pytest.mark.parametrize("text", ["echo 'open", "cat <<END\nline", "if true", "echo $(ls"])
def test_an_unfinished_command_is_recognised_at_once(console, text):
    with pytest.raises(IncompleteCommand):
        console.run(text, SOON)
    assert console.run("echo ok", SOON).output == "ok\n"


def test_the_end_of_the_shell_closes_the_console(console):
    with pytest.raises(ConsoleClosed) as caught:
        console.run("echo bye; exit 3", SOON)
    assert caught.value.output.startswith("bye\n")
    with pytest.raises(ConsoleClosed):
        console.run("echo more", SOON)


def test_the_end_of_the_shell_is_seen_while_a_child_holds_the_terminal(console):
    with pytest.raises(ConsoleClosed):
        console.run("(trap '' HUP; yes) & exit", SOON)


def test_control_d_leaves_a_nested_shell(opened):
    console = opened("bash")
    console.run("sh", SOON)
    console.press(b"\x04", SOON)
    assert console.run("echo ${BASH_VERSION:+bash}", SOON).output == "bash\n"


def test_untypable_text_is_refused(console):
    for text in ("echo \x03", "echo \x1b[A", "echo " + "x" * 5000):
        with pytest.raises(UsageError):
            console.run(text, SOON)


def test_closing_from_another_thread_ends_a_run(opened):
    console = opened("bash")
    threading.Timer(0.2, console.close).start()
    with pytest.raises(ConsoleClosed):
        console.run("sleep 1000", SOON)


def test_a_shell_that_lost_its_environment_is_told_by_typing(opened):
    console = opened("sh", environment={"PATH": os.environ["PATH"]}, timeout=2.0)
    assert console.run("echo x; false", SOON).output == "x\n"
    assert console.run("sh", SOON).status == 0
    assert console.run("exit 4", SOON).status == 4


def test_a_shell_that_cannot_carry_marks_gets_its_commands_wrapped(opened):
    """Its prompts are read-only, so neither the environment nor typing can mark them."""
    blank = {"PATH": os.environ["PATH"], "PROMPT_COMMAND": "readonly PS1 PS2 2>/dev/null"}
    console = opened("bash", environment=blank, timeout=2.0)
    assert console.run("echo x; false", SOON).status == 1
    finished = console.run("cat <<END\nit's\nEND", SOON)
    assert (finished.output, finished.command) == ("it's\n", "cat <<END\nit's\nEND")


def test_a_program_that_is_no_shell_is_not_waited_for_long(tmp_path):
    stream = HostStream(("sleep", "1000"), environment=dict(os.environ), directory=tmp_path)
    with pytest.raises(ConsoleLost):
        Console.open(stream, timeout=0.6)


def test_a_program_that_ends_at_once_leaves_its_output(tmp_path):
    stream = HostStream(("echo", "hello"), environment=dict(os.environ), directory=tmp_path)
    with pytest.raises(ConsoleClosed) as caught:
        Console.open(stream)
    assert caught.value.output == "hello\n"
