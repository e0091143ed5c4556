"""The wheel is whole: installed by itself in an empty environment, it verifies a lab."""

import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

pytestmark = pytest.mark.engine
ROOT = Path(__file__).parents[2]
TOOLS = {**os.environ, "PYTHONDEVMODE": "", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
"""The environment of other programs: Python's development mode, in which the tests run, would slow them down."""


def run(*argv, **options):
    done = subprocess.run(
        [*map(str, argv)], capture_output=True, text=True, timeout=300, check=False, **options
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_lab_is_verified_from_the_installed_wheel(environment, tmp_path):
    run(
        sys.executable,
        "-m",
        "build",
        "--wheel",
        "--no-isolation",
        "--outdir",
        tmp_path / "dist",
        ROOT,
        env=TOOLS,
    )
    [wheel] = (tmp_path / "dist").glob("*.whl")
    venv.create(tmp_path / "venv")
    binaries = tmp_path / "venv" / "bin"
    # Compiled as they are imported: most modules are not.
    pip = ["-m", "pip", "--python", binaries / "python", "install", "--no-compile", "--quiet"]
    run(sys.executable, *pip, "--constraint", ROOT / "constraints.txt", wheel, env=TOOLS)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    listed = run(binaries / "workshop", "list", env=environment, cwd=elsewhere)
    assert "no-chmod" in listed
    manual = (tmp_path / "venv" / "share" / "man" / "man1" / "workshop.1").read_text()
    assert "workshop profile lint" in manual
    verified = run(binaries / "workshop", "verify", "--lab", "deny", env=environment, cwd=elsewhere)
    assert verified.splitlines()[-1].startswith("1 lab: 1 passed")
    shown = run(binaries / "python", "-c", "import runner; print(runner.__file__)", cwd=elsewhere)
    assert Path(shown.strip()).is_relative_to(tmp_path / "venv")
    assert Path(shown.strip()).with_name("py.typed").is_file()
