"""Adds to a wheel a file that is in no checkout: the manual page, generated from the parsers."""

import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ManualHook(BuildHookInterface):  # type: ignore[type-arg]  # of the builder's configuration, which is not looked at
    """Adds `workshop.1` to a wheel; an editable installation does not need it."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write the page and install it where `man` finds it."""
        if version == "editable":
            return
        # The checkout may be read-only.
        self._folder = tempfile.TemporaryDirectory()
        page = Path(self._folder.name, "workshop.1")
        page.write_text(manual(self.root, self.metadata.version))
        build_data["shared_data"][str(page)] = "share/man/man1/workshop.1"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002
        """Remove the page, which is in the wheel now."""
        if version != "editable":
            self._folder.cleanup()


def manual(root: str, version: str) -> str:
    """The manual page in roff."""
    from argparse_manpage.manpage import Manpage  # type: ignore[import-untyped]

    sys.path.insert(0, root)
    from runner.cli.main import whole_parser

    data = {
        "project_name": "seccomp-workshop",
        "version": version,
        "manual_section": 1,
        "manual_title": "seccomp-workshop",
        "description": "learn how seccomp confines Docker containers, and work with its profiles",
    }
    return str(Manpage(whole_parser(), format="single-commands-section", _data=data))
