"""constraints.txt pins exactly the installed packages; it names no package index."""

import re
import tomllib
from importlib.metadata import distributions
from pathlib import Path

from packaging.specifiers import SpecifierSet

ROOT = Path(__file__).parents[3]
PINS = (ROOT / "constraints.txt").read_text().splitlines()


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", re.match(r"[\w.-]+", name)[0]).lower()


def test_every_line_is_a_pin():
    assert [line for line in PINS if not re.fullmatch(r"#.*|[\w.-]+==[\w.!+]+", line)] == []


def test_everything_installed_is_pinned():
    # setuptools comes with a virtual environment of Python 3.11.
    pinned = {normal(line) for line in PINS if not line.startswith("#")}
    installed = {normal(one.name) for one in distributions(path=_site())} - {"seccomp-workshop", "setuptools"}
    assert installed - pinned == set()


def test_every_pin_can_be_installed_by_the_oldest_supported_python():
    """Debian 12 has 3.11.2; a package may ask for a later patch of a release."""
    promised = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"]
    oldest = f"{promised.removeprefix('>=')}.0"
    refused = {
        one.name: one.metadata["Requires-Python"]
        for one in distributions(path=_site())
        if oldest not in SpecifierSet(one.metadata["Requires-Python"] or "")
    }
    assert refused == {}


def test_every_pin_is_of_a_required_package():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    asked = {"pip", *map(normal, project["build-system"]["requires"])}
    for group in project["dependency-groups"].values():
        asked |= {normal(one) for one in group if isinstance(one, str)}
    for one in distributions(path=_site()):
        asked |= {normal(requirement) for requirement in one.requires or ()}
    unused = [line for line in PINS if not line.startswith("#") and normal(line) not in asked]
    assert unused == []


def _site() -> list[str]:
    """The folders of the environment's packages, without those of the system or of the checkout."""
    import sysconfig

    return [sysconfig.get_path("purelib")]
