"""Tracks and paths: their labs, the order, and faults in them."""

import pytest

from tests.unit.lab.conftest import FRONT

HEAD = 'format = 1\nid = "w"\ntitle = "W"\n'
SOUND = f"{FRONT}\n## Step\n\ntext\n"
TRACKS = """
[[tracks]]
id = "start"
title = "Start"
summary = "Begin here"
labs = ["lab.md", "two.md"]

[[tracks]]
id = "deep"
title = "Deep"
labs = ["three.md"]

[[paths]]
id = "talk"
title = "A talk"
labs = ["three", "lab"]
"""


@pytest.fixture
def three(folder):
    """A workshop folder with the labs `lab`, `two` and `three`."""
    for name in ("two", "three"):
        (folder.path / f"{name}.md").write_text(SOUND.replace("id: lab", f"id: {name}"))
    return folder


def test_the_labs_are_those_of_the_tracks_in_order(three):
    reading = three.write(lab=SOUND, manifest=HEAD + TRACKS).read()
    assert reading.problems == ()
    workshop = reading.workshop
    assert [lab.id for lab in workshop.labs] == ["lab", "two", "three"]
    assert [(track.id, track.title, track.summary, track.labs) for track in workshop.tracks] == [
        ("start", "Start", "Begin here", ("lab", "two")),
        ("deep", "Deep", "", ("three",)),
    ]
    assert [(track.id, [lab.id for lab in labs]) for track, labs in workshop.parts] == [
        ("start", ["lab", "two"]),
        ("deep", ["three"]),
    ]
    assert workshop.track_of(workshop.labs[2]).id == "deep"


def test_a_path_is_a_workshop_of_its_labs_in_its_own_order(three):
    workshop = three.write(lab=SOUND, manifest=HEAD + TRACKS).read().workshop
    along = workshop.along(workshop.paths[0])
    assert [lab.id for lab in along.labs] == ["three", "lab"]
    assert along.id == "w", "progress is the same on every way through a workshop"
    assert (along.tracks, along.paths) == ((), ())


def test_a_workshop_without_tracks_is_one_part(folder):
    workshop = folder.write(lab=SOUND).read().workshop
    assert workshop.parts == ((None, workshop.labs),)
    assert workshop.track_of(workshop.labs[0]) is None


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('"three.md"', '"thre.md"', "workshop.toml:14 missing-lab"),
        ('"three.md"', '"lab.md"', "workshop.toml:14 duplicate-id"),
        ('["three", "lab"]', '["three", "labb"]', "workshop.toml:19 missing-lab"),
        ('["three", "lab"]', '["three", "three"]', "workshop.toml:19 duplicate-id"),
        ('id = "deep"', 'id = "start"', "workshop.toml:12 duplicate-id"),
        ('id = "deep"', 'id = "Deep end"', "workshop.toml:12 bad-name"),
        ('title = "Deep"', 'tile = "Deep"', "workshop.toml:13 unknown-key"),
        ('["three.md"]', "[]", "workshop.toml:14 empty-text"),
        ('title = "W"\n', 'title = "W"\nlabs = ["lab.md"]\n', "workshop.toml:4 unknown-key"),
    ],
)
def test_faults_are_reported_in_their_place(three, old, new, problem):
    manifest = (HEAD + TRACKS).replace(old, new, 1)
    assert manifest != HEAD + TRACKS
    assert problem in three.write(lab=SOUND, manifest=manifest).lint()


def test_a_lab_in_no_track_cannot_be_reached(three):
    manifest = (HEAD + TRACKS).replace('"lab.md", "two.md"', '"lab.md"')
    assert "workshop.toml:14 unlisted-lab" in three.write(lab=SOUND, manifest=manifest).lint()


@pytest.mark.parametrize(
    "below",
    [
        'labs = "lab.md"\n',
        "labs = [{a = 1}]\n",
        '[[tracks]]\nid = "a"\ntitle = "A"\nlabs = "lab.md"\n',
        'labs = ["lab.md"]\n[[paths]]\nid = "a"\ntitle = "A"\nlabs = "lab"\n',
    ],
    ids=["labs", "items", "a track", "a path"],
)
def test_a_list_of_the_wrong_type_is_told_once(folder, below):
    reading = folder.write(lab=SOUND, manifest=HEAD + below).read()
    found = [problem for problem in reading.problems if problem.rule == "wrong-type"]
    assert len(found) == 1
    said = "\n".join(problem.message for problem in reading.problems)
    assert "needs 'labs'" not in said
    assert "has no labs" not in said


@pytest.mark.parametrize("below", ["", "labs = []\n"])
def test_a_manifest_without_labs_needs_some(folder, below):
    reading = folder.write(lab=SOUND, manifest=HEAD + below).read()
    assert [problem.rule for problem in reading.problems].count("missing-key") == 1
