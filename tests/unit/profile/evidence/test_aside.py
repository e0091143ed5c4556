"""`runner.profile.evidence.aside`: lines that are no plain calls, and what is looked for in them."""

import pytest

from runner.profile.evidence import EvidenceKind
from runner.profile.evidence.aside import Aside
from runner.profile.evidence.ledger import Ledger
from runner.profile.evidence.modes import Modes
from tests.unit.profile.evidence.reading import AMD64


class Calls:
    """Keeps the names of the calls that are found within lines."""

    def __init__(self) -> None:
        self.names: list[bytes] = []

    def call(
        self, prefix: bytes, resumed: bytes, name: bytes, rest: bytes, *, behind_words: bool = False
    ) -> None:
        assert prefix + resumed + rest
        assert behind_words
        self.names.append(name)

    def inner_line(self, raw: bytes) -> None:
        raise AssertionError(raw)

    def forget_plain(self) -> None:
        raise AssertionError


@pytest.mark.parametrize("search", [True, False])
@pytest.mark.parametrize("text", ["web: mount(1) = 0", "OCI runtime create failed: mount(1) = 0"])
def test_a_call_is_looked_for_only_where_it_may_be_also_in_a_line_that_was_held_back(
    text: str, *, search: bool
) -> None:
    calls, ledger = Calls(), Ledger(None, lambda _, __: True)
    aside = Aside(AMD64, frozenset(EvidenceKind), ledger, Modes(AMD64), calls, processes=None)
    ledger.lines = 1
    aside.text(text, search=search)
    aside.close()
    assert calls.names == ([b"mount"] if search else [])
