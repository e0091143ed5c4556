"""A word that no command knows is answered with the usage of the command that was meant, and the nearest word."""

import pytest

from runner.cli.main import main


@pytest.mark.parametrize(
    ("line", "usage", "complaint"),
    [
        ("verify --jbos 2", "workshop verify", "unknown option --jbos (did you mean --jobs?)"),
        ("verify --jbos=2", "workshop verify", "unknown option --jbos (did you mean --jobs?)"),
        ("lint --jsn path", "workshop lint", "unknown option --jsn (did you mean --json?)"),
        ("engine start --zzz", "workshop engine start", "unknown option --zzz"),
        ("profile lint --fixx", "workshop profile lint", "unknown option --fixx (did you mean --fix?)"),
        ("profile lint x --format jsn", "workshop profile lint", "(did you mean json?)"),
        ("profile lnt", "workshop profile", "(did you mean lint?)"),
        ("--zzz list", "workshop", "unknown option --zzz"),
        ("verfy", "workshop", "(did you mean verify?)"),
        ("progress lab", "workshop progress", "unexpected argument 'lab'"),
    ],
)
def test_what_was_meant_is_shown(capsys, line, usage, complaint):
    with pytest.raises(SystemExit) as ended:
        main(line.split())
    assert ended.value.code == 2
    shown = capsys.readouterr().err
    assert shown.startswith(f"usage: {usage} [")
    assert shown.endswith(f"{complaint}\n")
