"""The profile that a command line names, with the target that its options describe."""

import argparse
import sys
from dataclasses import dataclass, replace

from runner.cli.profile.given.options import read_target
from runner.cli.profile.given.source import of_engine, read_named
from runner.profile.errors import ProfileError
from runner.profile.model import OciSeccomp, Target
from runner.profile.source.reader import Reading


@dataclass(frozen=True, slots=True)
class NamedProfile:
    """A profile that was read; `name` is the word of the command line, or the engine's default that it means."""

    name: str
    reading: Reading
    target: Target

    @property
    def file(self) -> str:
        """The profile's name in messages."""
        return self.reading.file or self.name

    def resolved(self) -> OciSeccomp | None:
        """The OCI object for the target; None if the profile turns seccomp off.

        Raises:
            ProfileError: it cannot be resolved; the error names the file.
        """
        from runner.profile.resolve import resolve

        try:
            return resolve(self.reading.profile, self.target)
        except ProfileError as error:
            raise error.in_file(error.file or self.file) from None


def read_profile_argument(arguments: argparse.Namespace, *, as_written: bool = False) -> NamedProfile:
    """Read the profile `arguments.profile`, with the target of `options.add_target`.

    One that no Docker reads loses Docker's conditions, unless it is taken `as_written`.

    Raises:
        ProfileError: it cannot be read; the error names the file.
        UsageError: an option's value is invalid.
    """
    target = read_target(arguments)
    name = of_engine(arguments.profile, target.engine)
    reading = read_named(name)
    return NamedProfile(name, reading if as_written else for_its_reader(reading), target)


def for_its_reader(reading: Reading) -> Reading:
    """The profile as the program that reads its file takes it, with a note on what that leaves out."""
    if not reading.reader:
        return reading
    from runner.profile.docker_conditions import RUNC, without_docker_conditions

    profile = without_docker_conditions(reading.profile)
    if profile is reading.profile:
        return reading
    left_out = "includes, excludes, archMap and 'name'"
    said = (
        f"a runtime such as runc reads this profile itself, and knows no {left_out}"
        if reading.reader == RUNC
        else f"containerd hands this profile to the runtime as it is, and knows no {left_out}; CRI-O, which applies "
        "them, decides otherwise"
    )
    print(f"note: {reading.file}: {said}", file=sys.stderr)
    return replace(reading, profile=profile)
