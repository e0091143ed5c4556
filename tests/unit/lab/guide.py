"""The examples of the guide for lab authors."""

from collections.abc import Iterator
from pathlib import Path

from markdown_it import MarkdownIt

GUIDE = Path(__file__).parents[3] / "docs" / "lab-format.md"
PROFILES = Path(__file__).parents[3] / "profiles"

_FRAGMENT = """\
---
id: fragment
title: A fragment
minutes: 1
objectives: [Lint it]
---

## A step

```container
name: box
command: [bash]
security_opt: [seccomp=profiles/default-no-chmod.json]
```

"""


def fences() -> Iterator[tuple[str, str]]:
    """The info string and the content of every fence of the guide."""
    for token in MarkdownIt("commonmark").parse(GUIDE.read_text(encoding="utf-8")):
        if token.type == "fence":
            yield token.info.strip(), token.content


def write_workshop(folder: Path) -> Path:
    """Write the guide's whole example: the fences that name a file."""
    for info, content in fences():
        _, _, name = info.partition(" file=")
        if name:
            (folder / name).write_text(content, encoding="utf-8")
    return folder


def write_fragments(folder: Path) -> Path:
    """Write each fragment of the guide as a separate lab, in a workshop that has this repository's profiles."""
    names = []
    for number, content in enumerate(content for info, content in fences() if info == "markdown fragment"):
        names.append(f"{number}.md")
        lab = _FRAGMENT.replace("id: fragment", f"id: fragment-{number}") + content
        (folder / names[-1]).write_text(lab, encoding="utf-8")
    manifest = f"""
format = 1
id = "fragments"
title = "Fragments"
labs = {names!r}
files = ['{PROFILES}']
[defaults]
cap_add = ["ALL"]
"""
    (folder / "workshop.toml").write_text(manifest, encoding="utf-8")
    return folder
