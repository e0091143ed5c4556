"""Rules that multiply are refused before libseccomp runs, but none that a kernel accepts."""

import random
import sys
from collections.abc import Sequence

import pytest

from runner.profile.calls.syscalls import arch
from runner.profile.errors import ProfileError
from runner.profile.filter import acceptance, endless, growth
from runner.profile.filter.acceptance import check_accepted
from runner.profile.filter.compile import compile_program
from runner.profile.importers.imported import profile as make_profile
from runner.profile.importers.imported import rule
from runner.profile.lint import RULES, LintTarget, lint, start_hazards
from runner.profile.model import Action, Arg, OciSeccomp, Operator, Target
from runner.profile.resolve import resolve
from runner.profile.source.reader import read_profile
from runner.profile.source.writer import write_profile

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="libseccomp is Linux's")

AMD64, I386 = arch("amd64"), arch("386")
INEQUALITIES = (Operator.NE, Operator.LT, Operator.LE, Operator.GT, Operator.GE)


def profile_of(sets: Sequence[tuple[Arg, ...]], *names: str):
    return make_profile(
        Action.ALLOW,
        [rule(names or ("mmap",), Action.ERRNO, args=args) for args in sets],
        architectures=("SCMP_ARCH_X86_64",),
    )


def oci(sets: Sequence[tuple[Arg, ...]], *names: str) -> OciSeccomp:
    found = resolve(profile_of(sets, *names), Target())
    assert found is not None
    return found


def different(rules: int, arguments: int, op: Operator = Operator.NE) -> list[tuple[Arg, ...]]:
    return [tuple(Arg(index, 10 * n + index, op) for index in range(arguments)) for n in range(rules)]


@pytest.mark.parametrize("op", INEQUALITIES)
@pytest.mark.parametrize(("rules", "arguments", "least"), [(5, 6, "15,625"), (20, 4, "160,000")])
def test_the_error_says_how_many_instructions(op: Operator, rules: int, arguments: int, least: str) -> None:
    with pytest.raises(ProfileError) as caught:
        compile_program(oci(different(rules, arguments, op)), AMD64)
    assert f"at least {least} instructions, and the kernel takes 4,096" in caught.value.reason
    assert f"the {rules} rules on mmap" in caught.value.reason
    assert "test fewer arguments" in caught.value.remedy


def test_lint_says_so_and_the_engine_is_spared() -> None:
    reading = read_profile(write_profile(profile_of(different(5, 6))))
    found = [each for each in lint(reading, LintTarget()) if each.rule in {"endless-rules", "filter-refused"}]
    assert [each.rule for each in found] == ["endless-rules"]
    assert "at least 15,625 instructions" in found[0].message
    assert [each.rule for each in start_hazards(reading.profile, Target())] == ["endless-rules"]
    assert "multiply" in RULES["endless-rules"].explanation


def test_rules_without_an_estimate_end_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """If all rules have the same values of one argument, only a trial shows it."""
    monkeypatch.setattr(endless, "_GROWTH_SECONDS", 0.2)
    sets = [(*args[:5], Arg(5, 1, Operator.EQ)) for args in different(5, 6)]
    with pytest.raises(ProfileError, match="did not finish writing the filter within"):
        check_accepted(oci(sets), AMD64)


def test_one_estimate_for_the_calls_of_a_rule() -> None:
    found = list(endless.endless(oci(different(5, 6), "mmap", "chmod", "read"), (AMD64,)))
    assert [each.name for each in found] == ["mmap"]


def test_an_unconditional_rule_ends_the_growth() -> None:
    compile_program(oci([*different(5, 6), ()]), AMD64)


def test_no_growth_where_an_argument_is_one_word() -> None:
    sets = different(5, 6)
    assert growth.may_multiply(oci(sets), (AMD64, I386)) == ("mmap",)
    assert growth.may_multiply(oci(sets), (I386,)) == ()


def test_the_estimate_is_never_above_libseccomps_result() -> None:
    choice = random.Random(4096)  # noqa: S311 - the same cases in every run
    known = 0
    for _ in range(150):
        sets = some(choice)
        given = oci(sets)
        if endless.may_loop(given) or growth.count_tests(sets) > growth.FEW:
            continue
        compiled = compile_program(given, AMD64)
        least = growth.least_instructions(sets)
        known += least > 0
        assert least <= len(compiled.program) - compiled.stub, sets
        assert len(compiled.program) <= acceptance._most_instructions(given.rules, compiled.arches)
    assert known > 20


def some(choice: random.Random) -> list[tuple[Arg, ...]]:
    """A few rules: the estimate knows the growth for most arguments, but not for all."""
    rules = choice.randint(2, 5)
    columns = []
    for index in sorted(choice.sample(range(6), choice.randint(2, 4))):
        if choice.random() < 0.3:
            ops = (*INEQUALITIES, Operator.EQ)
            column = [
                Arg(index, choice.choice((0, 1, 2)) << 32 | choice.randint(0, 4), choice.choice(ops))
                for _ in range(rules)
            ]
        else:
            op, high = choice.choice(INEQUALITIES), choice.choice((0, 1, 0xFFFFFFFF)) << 32
            values = choice.sample((0, 1, 2, 3, 5, 9, 0x80000000, 0xFFFFFFFF), rules)
            column = [Arg(index, high | value, op) for value in values]
        columns.append(column)
    return list(zip(*columns, strict=True))
