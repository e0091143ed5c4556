"""The extras of this distribution, and the command that installs one for this program."""

import shlex
import sys
from importlib.util import find_spec


def how_to_add(extra: str) -> str:
    """The command that adds an extra's packages to this program's environment, also one that uv made.

    pip and uv keep the installed distribution and fetch only the extra's packages.
    """
    python = shlex.quote(sys.executable)
    pip = f"{python} -m pip install" if find_spec("pip") else f"uv pip install --python {python}"
    return f"{pip} 'seccomp-workshop[{extra}]'"
