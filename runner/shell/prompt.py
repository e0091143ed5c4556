"""Environment values that make a shell mark its commands, the same for bash, dash and BusyBox ash.

A prompt carries `D;STATUS`, `A` and `B` (command finished, prompt, input), a continuation prompt `P;k=s` and `B`, and
bash's PS0 `C` (output). To D, bash adds the exit status of each member of the last pipeline (`ps=`). Each has
`aid=NONCE-$$`: the shell expands `$$` and `$?` as it prompts, so neither a program that prints its environment nor a
recording of another session can be taken for a prompt. Where the shell has random numbers, A and P carry one (`n=`):
a line editor that prints its prompt again, as after a change of size, prints the same one.
"""

import os
import secrets
import shutil
from collections.abc import Mapping
from pathlib import Path

from runner.shell.marks import Mark

NONCE = secrets.token_hex(4)
"""The nonce that distinguishes this process's marks from all others."""

NOT_FOUND = 127
"""A shell's exit status for a program that does not exist."""

COLUMNS, ROWS = 1000, 50
"""The size of a terminal that nobody looks at: wide enough that nothing wraps."""

_START_UP = Path(__file__).with_name("host.bashrc")
_BEL = "\x07"
_PIPE = "WORKSHOP_PIPE"
"""bash's variable for the exit statuses of the last pipeline's members; not exported, so no other shell has it."""
# RANDOM is set in the shells whose line editor understands \[ \] (bash, ash), and only there.
_HIDE, _SHOW = r"${RANDOM:+\[}", r"${RANDOM:+\]}"

_SHELL_STATE = frozenset(
    {
        *(
            "BASH_ENV",
            "BASHOPTS",
            "CDPATH",
            "COLORTERM",
            "COLUMNS",
            "ENV",
            "FIGNORE",
            "GLOBIGNORE",
            "HISTCONTROL",
        ),
        *(
            "HISTFILE",
            "IGNOREEOF",
            "INPUTRC",
            "LANGUAGE",
            "LINES",
            "LS_COLORS",
            "MAIL",
            "OLDPWD",
            "POSIXLY_CORRECT",
        ),
        *("PROMPT_COMMAND", "PROMPT_DIRTRIM", "PS0", "PS1", "PS2", "PS4", "SHELLOPTS", "SHLVL", "TMOUT", "_"),
        *("CLICOLOR", "CLICOLOR_FORCE", "FORCE_COLOR", "GREP_COLOR", "GREP_COLORS", "GREP_OPTIONS"),
    }
)


def container_environment(interactive: bool, *, prompt: str = "$ ", nonce: str = NONCE) -> dict[str, str]:
    """The variables that a container needs so that its shells mark their commands.

    With `interactive`, a person types: completion, history expansion and colours stay on. Otherwise bash takes each
    character as it is typed, and programs are told not to colour.
    """
    marked = _prompts(prompt, nonce)
    editing = "bind 'set enable-bracketed-paste off'"
    if not interactive:
        editing = f"set +H -o emacs; {editing} 'set disable-completion on'"
    # A start-up file such as Debian's /etc/bash.bashrc sets PS1, so bash is told again before each prompt. Redirected,
    # because `set -x` would otherwise trace it into the output.
    ended = f'{_PIPE}="${{PIPESTATUS[*]}}"'
    restore = f"{{ {ended}; {editing}; PS0=$WORKSHOP_PS0 PS1=$WORKSHOP_PS1 PS2=$WORKSHOP_PS2; }} 2>/dev/null"
    pinned = {
        **marked,
        **{f"WORKSHOP_{name}": value for name, value in marked.items()},
        "PROMPT_COMMAND": restore,
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
        "HISTFILE": "",
        "INPUTRC": "/dev/null",
    }
    if interactive:
        return pinned | {"TERM": "xterm-256color"}
    quiet = {"TERM": "dumb", "NO_COLOR": "1", "PAGER": "cat", "GIT_PAGER": "cat", "COLUMNS": str(COLUMNS)}
    return pinned | quiet


def host_environment(
    base: Mapping[str, str] | None = None, *, interactive: bool, prompt: str = "$ ", nonce: str = NONCE
) -> dict[str, str]:
    """The environment of a host shell: `base` (ours by default) without variables that change a shell's behaviour."""
    inherited = os.environ if base is None else base
    kept = {
        name: value
        for name, value in inherited.items()
        if name not in _SHELL_STATE and not name.startswith(("LC_", "BASH_FUNC_", "WORKSHOP_PS"))
    }
    return kept | container_environment(interactive, prompt=prompt, nonce=nonce)


def host_shell() -> tuple[str, ...]:
    """The shell for host consoles: bash without the user's start-up files, else sh."""
    bash = shutil.which("bash")
    return (bash, "--noprofile", "--rcfile", str(_START_UP)) if bash else ("/bin/sh",)


def genuine(mark: Mark, nonce: str = NONCE) -> bool:
    """True if a shell that was set up here printed this mark by its own expansion."""
    owner, _, pid = mark.option("aid").rpartition("-")
    return owner == nonce and pid.isascii() and pid.isdigit()


def exit_status(mark: Mark) -> int | None:
    """The exit status in a D mark; None if the shell did not expand it."""
    text = mark.fields[0] if mark.fields else ""
    return int(text) if text.isascii() and text.isdigit() else None


def pipeline_statuses(mark: Mark) -> tuple[int, ...]:
    """The exit statuses of the last pipeline's members in a D mark; empty if the shell does not report them."""
    statuses = mark.option("ps").split()
    return tuple(map(int, statuses)) if all(text.isascii() and text.isdigit() for text in statuses) else ()


def typed_setup(*, prompt: str = "$ ", nonce: str = NONCE) -> str:
    """A line to type into a POSIX shell so that it marks its commands; for a shell that lost its environment."""
    values = " ".join(
        f"{name}=\"$(printf '{_printf(value)}')\"" for name, value in _prompts(prompt, nonce).items()
    )
    return f"unset PROMPT_COMMAND; export {values}"


def wrapped(text: str, nonce: str = NONCE) -> str:
    """`text` as one command that prints the marks itself; for a shell whose prompt cannot carry them."""
    quoted = text.replace("'", "'\\''")
    output = rf"printf '\033]133;C;aid={nonce}-%s\007'" + ' "$$"'
    ended = "".join(rf"\033]133;{body};aid={nonce}-%s\007" for body in ("D;%s", "A;sh=b", "B"))
    return f'{output}; eval \'{quoted}\'; printf \'{ended}\' "$?" "$$" "$$" "$$"'


def tabless(text: str) -> str:
    """`text` as one command without tab characters; for line editors that complete on that key."""
    return f"eval \"$(printf '{_printf(text)}')\""


def _prompts(prompt: str, nonce: str) -> dict[str, str]:
    aid = f"aid={nonce}-$$"
    kind = "sh=${BASH_VERSION:+b}${RANDOM:+r}"
    number = "n=${RANDOM-}${RANDOM-}"
    finished, typed = _osc(f"D;$?;{aid};ps=${{{_PIPE}-}}"), _osc(f"B;{aid}")
    begin, continues = _osc(f"A;{aid};{kind};{number}"), _osc(f"P;k=s;{aid};{number}")
    return {
        "PS0": _osc(f"C;{aid}"),
        "PS1": f"{_HIDE}{finished}{begin}{_SHOW}{prompt}{_HIDE}{typed}{_SHOW}",
        "PS2": f"{_HIDE}{continues}{_SHOW}> {_HIDE}{typed}{_SHOW}",
    }


def _osc(body: str) -> str:
    return f"\x1b]133;{body}{_BEL}"


def _printf(value: str) -> str:
    """`value` as a format for printf within single quotes."""
    escapes = {"\\": r"\\", "%": "%%", "'": r"\047", "\x1b": r"\033", _BEL: r"\007", "\t": r"\t", "\n": r"\n"}
    return "".join(escapes.get(character, character) for character in value)
