"""A cached workshop is returned unchanged, while nothing it depends on has changed."""

import importlib
import shutil
import sys

import pytest

from runner.cli.workshops import linted_workshop, remembered_workshop
from runner.content import LABS
from runner.folders import cache_folder
from runner.lab.read.workshop import read_workshop
from runner.learner import workshop_cache
from runner.learner.workshop_cache import WorkshopCache


@pytest.fixture
def folder(tmp_path):
    shutil.copytree(LABS / "seccomp", tmp_path / "labs" / "seccomp")
    shutil.copytree(LABS.parent / "profiles", tmp_path / "profiles")
    return tmp_path / "labs" / "seccomp"


@pytest.fixture
def kept(folder, tmp_path):
    """A recollection of the workshop in `folder`."""
    recollection = WorkshopCache(folder, tmp_path / "cache")
    stamps = recollection.look()
    reading = read_workshop(folder)
    recollection.keep(reading.workshop, reading.sources, stamps)
    return recollection


def test_a_recalled_workshop_equals_the_one_read(folder, kept):
    assert kept.recall() == read_workshop(folder).workshop


def test_the_prose_is_recalled_parsed(kept, monkeypatch):
    """So that the first screen does without a parser."""
    monkeypatch.setitem(sys.modules, "runner.lab.read.prose", None)
    assert all(prose.passages for lab in kept.recall().labs for prose in lab.prose)


def test_nothing_is_recalled_before_it_was_read(folder, tmp_path):
    assert WorkshopCache(folder, tmp_path / "other").recall() is None


@pytest.mark.parametrize("name", ["workshop.toml", "03-unconfined.md"])
def test_a_changed_file_is_read_again(folder, kept, name):
    (folder / name).write_text((folder / name).read_text() + "\n")
    assert kept.recall() is None


@pytest.mark.parametrize(
    ("name", "linted"),
    [("workshop.toml", False), ("03-unconfined.md", True), ("../../profiles/deny.json", True)],
)
def test_a_file_that_changes_while_it_is_read_is_read_again(folder, tmp_path, monkeypatch, name, linted):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    module, function = ("lint", "lint_reading") if linted else ("read.workshop", "read_workshop")
    original = getattr(importlib.import_module(f"runner.lab.{module}"), function)

    def slow(*arguments):
        found = original(*arguments)
        (folder / name).write_text((folder / name).read_text() + "\n")
        return found

    read = (lambda: linted_workshop(folder)) if linted else (lambda: remembered_workshop(folder, ()))
    with monkeypatch.context() as now:
        now.setattr(f"runner.lab.{module}.{function}", slow)
        assert read()[0] is not None
    assert WorkshopCache(folder, cache_folder(), linted=linted).recall() is None
    assert read()[0] is not None
    assert WorkshopCache(folder, cache_folder(), linted=linted).recall() is not None


def test_a_lab_that_is_gone_is_noticed(folder, kept):
    (folder / "02-deny.md").unlink()
    assert kept.recall() is None


def test_profiles_that_are_gone_are_noticed(folder, kept):
    """Their presence is part of what reading checks."""
    shutil.rmtree(folder.parents[1] / "profiles")
    assert kept.recall() is None


def test_a_glossary_that_was_added_is_read(folder, kept):
    glossary = (folder / "glossary.md").read_text()
    (folder / "glossary.md").unlink()
    reading = read_workshop(folder)
    kept.keep(reading.workshop, reading.sources, kept.look())
    assert kept.recall().glossary == ()
    (folder / "glossary.md").write_text(glossary)
    assert kept.recall() is None


def test_another_version_of_the_program_reads_again(kept, monkeypatch):
    monkeypatch.setattr(workshop_cache, "_program", lambda: ("another", {}))
    assert kept.recall() is None


def test_a_damaged_file_is_as_good_as_none(kept):
    data = kept._file.read_bytes()
    for damaged in (b"", b"garbage", data[: len(data) // 2], data[:-100]):
        kept._file.write_bytes(damaged)
        assert kept.recall() is None


def test_a_file_that_others_can_write_is_not_touched(kept):
    kept._file.chmod(0o666)
    assert kept.recall() is None


def test_a_folder_that_cannot_be_written_does_no_harm(folder, tmp_path):
    (tmp_path / "file").write_text("")
    reading = read_workshop(folder)
    cache = WorkshopCache(folder, tmp_path / "file")
    cache.keep(reading.workshop, reading.sources, cache.look())


@pytest.fixture
def linted(folder, tmp_path):
    """The same of a workshop in which lint has found nothing."""
    cache = WorkshopCache(folder, tmp_path / "cache", linted=True)
    keep_linted(cache, read_workshop(folder).workshop)
    return cache


def keep_linted(cache, workshop):
    cache.keep(workshop, (), {**cache.look(), **cache.look(workshop.files)})


def test_a_clean_lint_is_cached_separately(folder, kept, linted, tmp_path):
    assert linted.recall() == kept.recall()
    assert WorkshopCache(folder, tmp_path / "cache", linted=True).recall() is not None
    (folder / "stray.txt").touch()
    assert (linted.recall(), kept.recall() is not None) == (None, True)


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: (folder / "notes.md").touch(),
        lambda folder: (folder / "02-deny.md").write_text("x"),
        lambda folder: (folder / "02-deny.md").unlink(),
        lambda folder: (folder.parents[1] / "profiles/deny.json").write_text("{}"),
        lambda folder: (folder.parents[1] / "profiles/deny.json").unlink(),
        lambda folder: (folder.parents[1] / "profiles/new.json").touch(),
    ],
    ids=["a stray lab", "a lab", "no lab", "a profile", "no profile", "another profile"],
)
def test_whatever_lint_may_have_looked_at_counts(folder, linted, change):
    assert linted.recall() is not None
    change(folder)
    assert linted.recall() is None


def test_a_folder_with_very_many_files_is_linted_each_time(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(workshop_cache, "_MOST_FILES", 3)
    cache = WorkshopCache(folder, tmp_path / "cache", linted=True)
    keep_linted(cache, read_workshop(folder).workshop)
    assert cache.recall() is None
