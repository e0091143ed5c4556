"""`runner.profile.holders.fragment`: parts of what `docker inspect` prints."""

import json
from contextlib import suppress
from time import process_time

import pytest

from runner.profile.errors import CutOffError, NamesNoProfileError, ProfileError
from runner.profile.holders import find_profiles
from runner.profile.holders.choice import chosen
from runner.profile.holders.fragment import completed

PROFILE = json.dumps(f"seccomp={json.dumps({'defaultAction': 'SCMP_ACT_ERRNO', 'syscalls': []})}")
OPTIONS = f"""            "SecurityOpt": [
                {PROFILE}
            ],
"""
HOST = f"""        "HostConfig": {{
            "Binds": null,
{OPTIONS}"""


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        (OPTIONS, ""),
        (OPTIONS.strip().removesuffix(","), ""),
        (f'"SecurityOpt":[{PROFILE}]', ""),
        ('            "Privileged": false,\n' + OPTIONS + '            "StorageOpt": null,\n', ""),
        (HOST, "}"),
        (HOST + "        },\n", ""),
        ("\n" + OPTIONS.lstrip(), ""),
        (HOST + "        },\n    }\n]\n", ""),
        ("    },\n" + HOST, "}"),
        (HOST + '            "MaskedPaths": [\n  "/proc/asou', "]}"),
        (HOST + '            "Masked', "}"),
        (HOST + '            "ReadonlyRootfs": fal', "}"),
        (HOST + '            "ReadonlyRootfs": true', "}"),
        ('[\n    {\n        "Name": "/web",\n' + HOST, "}}]"),
    ],
)
def test_the_options_of_a_part_are_read(text: str, missing: str) -> None:
    holding = find_profiles(text)
    (held,) = holding.profiles
    assert held.part is not None
    assert held.part.text.startswith('{"defaultAction"')
    assert held.where.endswith("HostConfig.SecurityOpt[0]")
    assert holding.missing == missing
    assert bool(holding.cut_off) == bool(missing)


@pytest.mark.parametrize(
    ("text", "off"),
    [
        ('"SecurityOpt": ["seccomp=unconfined"],\n', "seccomp=unconfined"),
        ('"Privileged": true,\n"SecurityOpt": null,\n', "Privileged: true"),
        (
            '"StorageOpt": null,\n"HostConfig": {"Privileged": true},\n"Name": "/web"\n},\n',
            "Privileged: true",
        ),
    ],
)
def test_a_part_may_turn_seccomp_off(text: str, off: str) -> None:
    assert [place.said for place in find_profiles(text).off] == [off]


@pytest.mark.parametrize("text", [PROFILE, f"  {PROFILE},\n", f"{PROFILE}\n  ],\n"])
def test_an_option_alone_is_read(text: str) -> None:
    (held,) = find_profiles(text).profiles
    assert held.part is not None
    assert held.where == "HostConfig.SecurityOpt[0]"


@pytest.mark.parametrize(
    "text", ['"HostConfig": {', '"SecurityOpt": [', '"HostConfig": {"SecurityOpt": ["label=disable"']
)
def test_a_part_that_is_cut_off_before_it_names_a_profile_is_told(text: str) -> None:
    with pytest.raises(CutOffError) as caught:
        chosen(find_profiles(text), "")
    assert "missing at its end, and it names no profile before that" in caught.value.reason


@pytest.mark.parametrize("end", ["", ",", ", ", ',\n"seccomp', '"', ' "x'])
def test_of_a_list_that_is_cut_off_all_whole_options_are_read(end: str) -> None:
    options = f'"SecurityOpt": ["apparmor=unconfined", "seccomp=a.json", "seccomp=unconfined"{end}'
    for text in (options, '"HostConfig": {' + options):
        if '"' in end:
            with pytest.raises(CutOffError):
                find_profiles(text)
            continue
        holding = find_profiles(text)
        assert [(off.said, off.where) for off in holding.off] == [
            ("seccomp=unconfined", "HostConfig.SecurityOpt[2]")
        ]
        assert holding.profiles == ()
        assert holding.missing.startswith("]")


def test_of_options_without_their_list_the_last_whole_one_counts() -> None:
    holding = find_profiles('"seccomp=a.json",\n"seccomp=unconfined",\n')
    assert [off.said for off in holding.off] == ["seccomp=unconfined"]


@pytest.mark.parametrize(
    "end",
    [
        *('"Masked', '"Masked"', '"Masked":', '"Masked": ', '"Masked": [', '"Masked": ["/proc/asound"'),
        *(
            '"Masked": ["/proc/asound",',
            '"Masked": ["/proc',
            '"Masked": tru',
            '"Masked": true',
            '"Masked": -',
        ),
        *('"Masked": 1', '"Masked": 1.', '"Masked": {"a"', '"Masked": {"a": "b"', '"Masked": {"a": "b", "c'),
    ],
)
def test_what_is_cut_off_behind_the_options_leaves_them_as_they_are(end: str) -> None:
    text = '"HostConfig": {"SecurityOpt": ["seccomp=a.json"], ' + end
    assert [held.file for held in find_profiles(text).profiles] == ["a.json"]


@pytest.mark.parametrize("end", ["Masked", '"a" "b"', "true: 1", ", ,", '"Masked": ?', '"Masked": 1 2'])
def test_a_part_that_is_wrong_in_its_end_is_none(end: str) -> None:
    assert completed('"SecurityOpt": ["seccomp=a.json"], ' + end) is None


def test_a_part_without_a_profile_is_of_a_container_with_the_engines_own() -> None:
    with pytest.raises(NamesNoProfileError):
        chosen(find_profiles('"SecurityOpt": null,\n'), "")


@pytest.mark.parametrize("kept", [1, 30, 60])
def test_an_option_that_is_cut_off_is_told(kept: int) -> None:
    text = OPTIONS[: OPTIONS.index(PROFILE) + kept]
    with pytest.raises(CutOffError) as caught:
        find_profiles(text)
    assert caught.value.at is not None
    assert (caught.value.at.line, caught.value.at.column) == (2, 17)
    assert "docker inspect --format" in caught.value.remedy


@pytest.mark.parametrize(
    "text",
    [
        '{"HostConfig": {"SecurityOpt": []]}',
        '"SecurityOpt": [}',
        '"Name": "/web",',
        '{"defaultAction": "SCMP_ACT',
    ],
)
def test_what_is_wrong_otherwise_is_no_part(text: str) -> None:
    assert completed(text) is None


def test_a_cut_profile_is_no_part_of_a_container() -> None:
    with pytest.raises(ProfileError):
        find_profiles('{"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [')


@pytest.mark.parametrize(
    ("lead", "part"),
    [
        *(
            ('"SecurityOpt": null, ', part)
            for part in ('"a": [', '"a": {"b": "c"},', '"SecurityOpt": ["', "true,", '"x": fal,')
        ),
        *(
            ('"SecurityOpt": [', part)
            for part in ('"label=a",\n', "true, ", " ", "a", "1", "-", ",", ":", '"a" ')
        ),
        *(('"SecurityOpt": null, "Masked" ', part) for part in (" ", "a", ", ")),
        *(('"SecurityOpt": null, "Masked": ', part) for part in (" ", "a", "1")),
    ],
)
def test_a_part_is_read_in_linear_time(lead: str, part: str) -> None:
    def seconds(times: int) -> float:
        begin = process_time()
        with suppress(ProfileError):
            completed(lead + part * times)
        return process_time() - begin

    # The square of eight would be 64.
    assert min(seconds(8_000) for _ in range(2)) < 24 * max(seconds(1_000), 0.01)
