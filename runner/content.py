"""The places of the workshops and profiles that come with the program."""

import os

TYPE_CHECKING = False  # typing is slow to import
if TYPE_CHECKING:
    from pathlib import Path

    LABS: Path
    PROFILES: Path


def folder(name: str) -> str:
    """The folder `labs` or `profiles`: in the package if installed, beside it in a checkout."""
    package = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120 - pathlib is slow to import
    installed = f"{package}/_content/{name}"
    return installed if os.access(installed, os.R_OK) else f"{package}/../{name}"


def __getattr__(name: str) -> "Path":
    if name not in {"LABS", "PROFILES"}:
        raise AttributeError(name)
    from pathlib import Path  # noqa: PLC0415 - pathlib is slow to import

    return Path(folder(name.lower())).resolve()
