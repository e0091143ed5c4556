"""The order of versions, and the forms of their texts."""

import pytest

from runner.profile.version import Version


def test_candidates_come_before_their_release_and_after_the_last_one() -> None:
    texts = (
        *("0.1.1", "1.0.0-rc8", "1.0.0-rc9", "1.0.0-rc10", "1.0.0-rc93", "1.0.0", "1.0.3", "1.1.0-rc.1"),
        *("1.1", "1.1.5", "1.1.15", "1.2.0-rc.3", "1.2.0", "20.10.9", "20.10.24", "23.0.0-beta.1"),
        *("23.0.0-rc.1", "23", "29.4.2"),
    )
    versions = [Version.of(text) for text in texts]
    assert sorted(versions, reverse=True) == versions[::-1]
    assert [str(version) for version in versions[:4]] == ["0.1.1", "1.0.0-rc8", "1.0.0-rc9", "1.0.0-rc10"]


@pytest.mark.parametrize(
    ("text", "same"),
    [
        *[("v1.1.5", "1.1.5"), ("1.1.5+ds1-1+deb12u1", "1.1.5"), ("1.0.0~rc93+ds1", "1.0.0-rc93")],
        *[
            ("20.10.24+dfsg1", "20.10.24"),
            ("28.5.2-ce", "28.5.2"),
            ("6.18.44-fc-v595", "6.18.44"),
            ("24", "24.0.0"),
        ],
        *[("17.03.2-ce", "17.3.2"), (" 1.2.0-rc.1 ", "1.2.0-rc.1")],
        *[("5:20.10.7~3-0~debian-buster", "20.10.7"), ("5:27.0.0~rc.1-1~ubuntu", "27.0.0-rc.1")],
        *[("docker-v29.4.0", "29.4.0"), ("Docker version 20.10.9, build c2ea9bc", "20.10.9")],
        *[("runc version 1.1.5", "1.1.5"), ("docker 24", "24")],
    ],
)
def test_additions_of_distributions_and_vendors_are_ignored(text: str, same: str) -> None:
    assert Version.of(text) == Version.of(same)
    assert str(Version.of(text))[0].isdigit()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "dev",
        "-1",
        "v",
        "12345678",
        "5:",
        "docker",
        "docker-compose",
        "build 24",
        "51d5e94",
        "1.1.12m",
        "27,3",
    ],
)
def test_text_without_a_leading_number_is_not_a_version(text: str) -> None:
    with pytest.raises(ValueError, match="not a version"):
        Version.of(text)


def test_a_series_has_its_releases() -> None:
    assert Version.of("20.10").is_series
    assert Version.of("20.10").has(Version.of("20.10.24"))
    assert not Version.of("20.1").has(Version.of("20.10.24"))
    assert not Version.of("24.0.0").has(Version.of("24.0.1"))
    assert not Version.of("24.0.0").is_series


@pytest.mark.parametrize(
    ("version", "other", "reached"),
    [
        ("20.10", "20.10.10", True),
        ("20", "20.10.10", True),
        ("20.10.9", "20.10.10", False),
        ("20.10.10", "20.10.10", True),
        ("19.03", "20.10.10", False),
        ("23", "20.10.10", True),
        ("1.3", "1.3.4", True),
        ("1.0.0-rc8", "1.0.0-rc9", False),
    ],
)
def test_a_series_is_as_new_as_its_last_release(version: str, other: str, reached: bool) -> None:
    assert Version.of(version).reaches(Version.of(other)) is reached
