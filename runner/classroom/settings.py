"""A class's settings: written by root before it begins, read by the gateway, and kept until the class is over."""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from runner.classroom.fingerprint import in_two_lines
from runner.errors import WorkshopError
from runner.files import replace_bytes
from runner.json_value import json_value
from runner.record.codec import packed, unpacked

_VERSION = 1
_NAME = "class.json"
CERTIFICATE, KEY, SSH_KEY = "certificate.pem", "key.pem", "ssh_key"


@dataclass(frozen=True, slots=True)
class Marks:
    """Fingerprints by which people recognise a class: of its own certificate and its ssh key; "" for a missing one."""

    certificate: str = ""
    ssh: str = ""


@dataclass(frozen=True, slots=True)
class Settings:
    """`hosts` are the names that a browser may use for this machine, each with its port, the displayed one first.

    `code` lets learners in, `instructor_code` the instructor's own session. `ssh_port` is 0 without an ssh door.
    """

    title: str
    instructor: str
    seats: int
    hosts: tuple[str, ...]
    code: str
    instructor_code: str
    ssh_port: int = 0
    marks: Marks = Marks()
    language: str = ""
    """The language of pages and messages; "" for English."""

    @property
    def address(self) -> str:
        """The address that learners open."""
        return f"https://{self.hosts[0]}/"

    @property
    def names(self) -> list[str]:
        """The hosts without their ports."""
        return [urlsplit(f"https://{host}").hostname or host for host in self.hosts]

    @property
    def ssh(self) -> str:
        """The command with which learners come by ssh; "" without an ssh door."""
        return f"ssh -p {self.ssh_port} NAME@{self.names[0]}" if self.ssh_port else ""

    @property
    def joining(self) -> tuple[str, ...]:
        """The lines that say how to join."""
        marks, lines = self.marks, [f"{self.address}   code {self.code}"]
        if marks.certificate:
            first, second = in_two_lines(marks.certificate)
            lines += [f"certificate  {first}", f"             {second}"]
        if self.ssh:
            lines += [f"{self.ssh}   {marks.ssh}"]
        return tuple(lines)

    @property
    def link(self) -> str:
        """The address that brings the class code along, for the picture."""
        return f"{self.address}#{self.code}"

    @property
    def own(self) -> str:
        """The instructor's own code, and what it is for."""
        return (
            f"join with the code {self.instructor_code}: a session of your own, to be shown in a demo;\n"
            f"the class's screen, which nobody else gets, is at {self.address}screen"
        )

    def write(self, folder: Path, *, reader: int) -> None:
        """Write the settings into a folder, readable only by the user `reader`."""
        give(folder / _NAME, json.dumps({"version": _VERSION, **packed(self)}).encode(), reader=reader)

    @classmethod
    def read(cls, folder: Path) -> "Settings | None":
        """The settings in a folder, if there are any.

        Raises:
            WorkshopError: the file is damaged, or a newer version's.
        """
        file = folder / _NAME
        try:
            found = json_value(file.read_bytes())
        except FileNotFoundError:
            return None
        except ValueError:
            found = {}
        try:
            if isinstance(found, dict) and found.get("version") == _VERSION:
                return unpacked(cls, found)
        except ValueError:
            pass
        raise WorkshopError(
            f"{file} is not what this version writes", remedy="begin a new class: workshop classroom --new"
        )


def give(file: Path, content: bytes, *, reader: int) -> None:
    """Write a file that only root can change, and only `reader` besides can read."""
    replace_bytes(file, content, mode=0o400)
    os.chown(file, reader, reader)
