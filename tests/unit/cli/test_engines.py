"""The engine that a command line names."""

import argparse

import pytest

from runner.cli.engines import engine_opener
from runner.errors import UsageError


def test_a_name_that_no_engine_has_is_told_before_the_app_opens():
    with pytest.raises(UsageError, match="nope"):
        engine_opener(argparse.Namespace(engine="nope", yes=False), [])


@pytest.mark.parametrize("name", ["auto", "private", "unix:///nowhere/docker.sock"])
def test_other_names_are_looked_at_as_the_engine_is_opened(name):
    assert engine_opener(argparse.Namespace(engine=name, yes=False), [])
