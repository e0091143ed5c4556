"""`runner.cli.profile.decisions.judging`: how calls that cannot be judged are told."""

from runner.cli.profile.decisions.judging import of_another
from runner.profile.calls.syscalls import arch

AMD64 = arch("amd64")


def test_a_call_of_no_architecture_is_told_as_such() -> None:
    assert of_another(["foocall"], AMD64) == "no architecture has foocall, which is not judged"
    assert of_another(["foo", "bar"], AMD64) == "no architecture has foo, bar, which are not judged"


def test_a_call_of_another_architecture_is_told_with_it() -> None:
    assert of_another(["cacheflush"], AMD64).startswith(
        "amd64 has no cacheflush, which is not judged: judge it with --arch "
    )
    mixed = of_another(["cacheflush", "foo"], AMD64)
    assert "amd64 has no cacheflush, which is not judged: judge it with" in mixed
    assert mixed.endswith("; no architecture has foo, which is not judged")
