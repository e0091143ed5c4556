"""Workshops for the commands of authors."""

from tests.unit.lab.conftest import folder

__all__ = ["folder"]
