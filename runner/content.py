"""Where the workshops and profiles that come with the program are."""

from pathlib import Path


def _folder(name: str) -> Path:
    """Inside the package where it was installed from a wheel, beside it in a checkout."""
    package = Path(__file__).parent
    installed = package / "_content" / name
    return installed if installed.is_dir() else package.parent / name


LABS = _folder("labs")
PROFILES = _folder("profiles")
