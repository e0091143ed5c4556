"""`runner.profile.views.selector`: the containers of a rule, in words that say neither more nor less."""

import pytest

from runner.profile.model import Selector
from runner.profile.views.selector import selector_text


@pytest.mark.parametrize(
    ("include", "exclude", "words"),
    [
        (Selector(), Selector(), ""),
        (Selector(("CAP_A", "CAP_B")), Selector(), "with CAP_A and CAP_B"),
        (Selector(), Selector(("CAP_A", "CAP_B")), "without CAP_A or CAP_B"),
        (Selector(arches=("amd64", "x86")), Selector(), "on amd64 or x86"),
        (Selector(), Selector(arches=("s390", "s390x")), "not on s390 or s390x"),
        (Selector(min_kernel=(4, 8)), Selector(), "on kernel 4.8 and newer"),
        (Selector(("CAP_A",)), Selector(min_kernel=(4, 8)), "with CAP_A, on kernels before 4.8"),
    ],
)
def test_conditions_in_words(include: Selector, exclude: Selector, words: str) -> None:
    assert selector_text(include, exclude) == words
