"""Options of the profile commands that would change nothing are refused."""

import pytest

from runner.errors import ExitCode


@pytest.fixture
def names(tmp_path) -> str:
    """A file of calls' names."""
    file = tmp_path / "names"
    file.write_text("read\nwrite\nopenat\n")
    return str(file)


@pytest.mark.parametrize(
    ("words", "option"),
    [
        ("edit default --errno EPERM", "--errno"),
        ("edit default --allow chmod --errno ENOSYS", "--errno"),
        ("edit default --remove chmod --errno 1", "--errno"),
        ("edit default --action allow --errno EPERM", "--errno"),
        ("diff default deny --engine private", "--engine"),
        ("export default --to oci --name web", "--name"),
        ("show default --matrix --caps all", "--caps"),
        ("lint --explain unknown-name default", "PROFILE default"),
        ("lint --explain all --fix", "--fix"),
        ("lint --explain all --select no-exit --kernel 4.4", "--select and --kernel"),
        ("test --profile default --json --junit - nginx", "--json"),
        ("lint default --json --format sarif", "--json"),
        ("trace --json --format raw nginx", "--json"),
        ("trace --pid 1 --engine private", "--engine"),
        ("trace --format raw --merge old.json nginx", "--merge old.json"),
        ("test --profile default --exit 0 --check true nginx", "--exit"),
        ("test --profile default --exit 3 --http 80 nginx", "--exit"),
        ("test --profile default --within 5 nginx", "--within"),
        ("generate --within 5 nginx", "--within"),
        ("generate --from NAMES --check true", "--check"),
        ("generate --from NAMES --exit 0 --for 5", "--exit and --for"),
        ("generate --from NAMES --engine private", "--engine"),
        ("import NAMES --arch arm64", "--arch"),
    ],
)
def test_an_option_that_would_be_ignored_is_refused(profile, names: str, words: str, option: str) -> None:
    code, out, err = profile(*words.replace("NAMES", names).split())
    assert (code, out) == (ExitCode.USAGE, "")
    assert err.startswith(f"workshop: {option} ")
    assert "\n  next: " in err


@pytest.mark.parametrize(
    "words",
    [
        "edit default --deny chmod --errno ENOSYS",
        "edit default --action SCMP_ACT_ERRNO --errno ENOSYS",
        "export default --to pod --name web",
        "export default --to oci --arch arm64",
        "export default --to docker --engine-version 20.10",
        "show default --matrix --arch arm64",
        "lint default --json --format json",
        "import NAMES --for runc",
    ],
)
def test_an_option_that_counts_is_taken(profile, names: str, words: str) -> None:
    assert profile(*words.replace("NAMES", names).split())[0] in (ExitCode.OK, ExitCode.FAILED)
