"""The labs work in a box as on a machine."""

import os
import tempfile
from pathlib import Path

import pytest

from runner.box.box import Content
from runner.box.resources import ClassResources
from runner.engine.image.provide import built
from runner.engine.image.recipe import Recipe
from runner.folders import cache_folder
from tests.engine.box.boxed import starting

pytestmark = [
    pytest.mark.engine,
    pytest.mark.slow,
    pytest.mark.timeout(1800),
    pytest.mark.skipif(os.geteuid() != 0, reason="only root starts boxes"),
]


def test_every_lab_of_the_first_hour_verifies_in_a_box() -> None:
    labs = ("check", "deny", "unconfined", "no-chmod", "custom")
    words = ("runner", "verify", "--engine", "private", *(word for lab in labs for word in ("--lab", lab)))
    image = built(Recipe.of_this_machine(), cache_folder(), print)
    with (
        tempfile.TemporaryDirectory(dir="/var/tmp") as folder,
        starting(ClassResources.under(Path(folder)), Content.of(words, folders=(), image=image)) as gateway,
    ):
        told = gateway.run(1, seconds=1500)
    assert "5 labs: 5 passed" in told, told[-3000:]
