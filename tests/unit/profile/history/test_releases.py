"""The known engines, and the note on unknown ones."""

from pathlib import Path

import pytest

from runner.profile.history.releases import is_known, unknown_note
from runner.profile.version import Version

RELEASES = [line.split()[0] for line in Path(__file__).with_name("releases.txt").read_text().splitlines()]


def test_all_releases_with_a_checked_default_are_known():
    assert [each for each in RELEASES if not is_known(Version.of(each))] == []


@pytest.mark.parametrize("version", ["24", "28.5", "20.10.9-ce", "v27.0.3", "17.12.1", "29.0.0-rc.1"])
def test_series_and_vendors_versions_are_known(version):
    assert unknown_note(Version.of(version)) == ""


@pytest.mark.parametrize(
    ("version", "since"),
    [("99", "29.4.3"), ("29.8", "29.4.3"), ("24.5", "24.0.3"), ("24.0.10", "24.0.3"), ("1.14", "1.13.1"),
     ("19.04", "19.03.9"), ("28.5.3", "28.2.0")],
)  # fmt: skip
def test_an_engine_that_is_not_known_has_the_default_before_it(version, since):
    assert unknown_note(Version.of(version)) == (
        f"no such engine is known; this is the default of {since}, the nearest before it"
    )
