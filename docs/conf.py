"""How Sphinx makes the documentation site; `make site` runs it."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
# Help texts are wrapped to the terminal's width; a page has one of its own.
os.environ["COLUMNS"] = "96"

from tools.site.pages import write_pages  # noqa: E402 - found through the line above

project = "seccomp-workshop"
copyright = "2026, the seccomp-workshop authors"  # noqa: A001 - Sphinx' name for it
extensions = ["myst_parser"]
html_theme = "furo"
html_title = "seccomp-workshop"
exclude_patterns = ["_build"]
myst_heading_anchors = 3
nitpicky = True
smartquotes = False  # a rule's page says what `--explain` says, to the letter


def setup(app):
    """Have the pages that come from the code written before Sphinx looks for sources."""
    app.connect("config-inited", lambda app, _: write_pages(Path(app.srcdir) / "generated"))
