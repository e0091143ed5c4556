"""Shells complete the command's words by the script that it prints."""

import shutil
import subprocess

import pytest

from runner.cli.main import COMMANDS, main


def completed(script: str, *words: str) -> list[str]:
    """The completions that bash offers for the last of `words`."""
    line = " ".join(f"'{word}'" for word in ("workshop", *words))
    ask = f'COMP_WORDS=({line}); COMP_CWORD={len(words)}; _shtab_workshop; printf "%s\\n" "${{COMPREPLY[@]}}"'
    done = subprocess.run(
        ["bash", "--norc", "-c", f"{script}\n{ask}"], capture_output=True, text=True, timeout=60, check=True
    )
    return done.stdout.split()


def test_bash_offers_commands_and_their_options(capsys):
    assert main(["completion", "bash"]) == 0
    script = capsys.readouterr().out
    assert set(completed(script, "")) >= set(COMMANDS)
    assert completed(script, "profile", "simu") == ["simulate"]
    assert "--junit" in completed(script, "verify", "--j")


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_other_shells_take_the_script(shell, capsys, tmp_path):
    """Without that shell: the script names every command; with it, the script is also parsed."""
    assert main(["completion", shell]) == 0
    script = capsys.readouterr().out
    assert all(command in script for command in COMMANDS)
    if program := shutil.which(shell):
        file = tmp_path / "script"
        file.write_text(script)
        subprocess.run(
            [program, "--no-execute" if shell == "fish" else "-n", str(file)], timeout=60, check=True
        )


def test_no_other_shell_is_known(capsys):
    with pytest.raises(SystemExit):
        main(["completion", "csh"])
    assert "invalid choice" in capsys.readouterr().err
