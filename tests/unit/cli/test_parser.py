"""A word that no command knows is answered with the usage of the command that was meant, and the nearest word."""

import pytest

from runner.cli.main import main
from runner.cli.parser import Parser


@pytest.mark.parametrize(
    "line",
    [
        "profile export default --to oci --to pod",
        "profile explain default chmod --caps all --caps none",
        "profile edit default --errno EPERM --errno ENOSYS",
        "profile simulate default --calls a --calls b",
        "profile import a --from names --from lxc",
        "profile why a --profile a --profile b",
        "profile lint a --format json --format sarif",
        "verify --jobs 1 --jobs 2",
        "verify --junit a --junit=b",
    ],
)
def test_a_second_value_of_an_option_is_refused(capsys, line):
    with pytest.raises(SystemExit) as ended:
        main(line.split())
    assert ended.value.code == 2
    assert "is given more than once" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("group", "missing", "one"),
    [
        ("profile", "COMMAND", "lint      find the traps"),
        ("engine", "ACTION", "status    say"),
        ("record", "COMMAND", "show"),
    ],
)
def test_a_group_alone_lists_its_commands(capsys, group, missing, one):
    with pytest.raises(SystemExit) as ended:
        main([group])
    assert ended.value.code == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert one in said.err
    assert said.err.endswith(f"workshop {group}: error: no {missing} is given: name one of these\n")


def test_options_that_take_several_values_and_switches_may_be_repeated(capsys):
    words = "profile edit default --allow chmod --allow chown --json --json"
    assert main(words.split()) == 0
    assert '"chmod"' in capsys.readouterr().out


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
def test_the_meant_word_is_suggested(capsys, line, usage, complaint):
    with pytest.raises(SystemExit) as ended:
        main(line.split())
    assert ended.value.code == 2
    shown = capsys.readouterr().err
    assert shown.startswith(f"usage: {usage} [")
    assert shown.endswith(f"{complaint}\n")


@pytest.mark.parametrize("command", ["profile show", "profile simulate", "verify", "engine start"])
def test_a_commands_help_begins_with_its_usage(capsys, command):
    with pytest.raises(SystemExit) as ended:
        main([*command.split(), "--help"])
    assert ended.value.code == 0
    assert capsys.readouterr().out.startswith(f"usage: workshop {command} [-h]")


@pytest.mark.parametrize(
    ("words", "output", "forwarded"),
    [
        ("-o a.json alpine ls", "a.json", ["alpine", "ls"]),
        ("-oa.json alpine ls", "a.json", ["alpine", "ls"]),
        ("-yoa.json alpine ls", "a.json", ["alpine", "ls"]),
        ("-yo a.json alpine -o b", "a.json", ["alpine", "-o", "b"]),
        ("--output=a.json -it alpine", "a.json", ["-it", "alpine"]),
        ("-y -yit alpine", None, ["-yit", "alpine"]),
        ("-oa=b -- -o alpine", "a=b", ["-o", "alpine"]),
    ],
)
def test_options_before_another_program_s_words_may_stand_right_before_their_values(words, output, forwarded):
    parser = Parser()
    parser.forwards = "words"
    parser.add_argument("-o", "--output")
    parser.add_argument("-y", "--yes", action="store_true")
    known, unknown = parser.parse_known_intermixed_args(words.split())
    assert (known.output, known.words, unknown) == (output, forwarded, [])


@pytest.mark.parametrize("words", [["--json"], ["--json", "--keep-going"]])
def test_an_option_without_its_value_says_what_that_is(words, capsys):
    with pytest.raises(SystemExit) as ended:
        main(["verify", *words])
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert "argument --json: needs a value, FILE: write the results as JSON; - for standard output" in said


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            "profile trace --format",
            "argument --format: needs a value, one of table, json, count, raw: a table",
        ),
        ("profile export default --to", "argument --to: needs a value, one of "),
        (
            "profile lint a --format",
            "argument --format: needs a value, one of text, json, sarif: default: text",
        ),
    ],
)
def test_an_option_without_its_value_names_the_choices(line, said, capsys):
    with pytest.raises(SystemExit) as ended:
        main(line.split())
    assert ended.value.code == 2
    assert said in capsys.readouterr().err
