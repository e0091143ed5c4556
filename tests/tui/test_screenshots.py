"""The pictures of the documentation show the app as it is now."""

from pathlib import Path

import pytest

from tools.screenshots.__main__ import FOLDER
from tools.screenshots.scenes import SCENES, take
from tools.screenshots.svg import meaning, portable

ROOT = Path(__file__).parents[2]
SVG = """<svg xmlns="http://www.w3.org/2000/svg"><style>.{id}-r1 {{ fill: {colour} }}</style>
{areas}<text class="{id}-r1" x="12.2" y="20" textLength="{length}" clip-path="url(#{id}-line-0)">{text}</text></svg>"""


def svg(text: str = "&#160;two&#160;words", colour: str = "#fff", areas: str = "", number: int = 1) -> str:
    """A picture of one line, as Textual exports it."""
    length = len(text.replace("&#160;", " ")) * 12.2
    return SVG.format(id=f"terminal-{number}", text=text, colour=colour, areas=areas, length=length)


@pytest.mark.parametrize("name", SCENES)
async def test_a_picture_is_up_to_date(name, tmp_path):
    """The content and style of a picture, word by word; `make pictures` takes new ones."""
    now = await take(name, tmp_path)
    kept = FOLDER / f"{name}.svg"
    assert kept.is_file(), f"there is no docs/images/{name}.svg: run `make pictures`"
    before, after = meaning(kept.read_text(encoding="utf-8")), meaning(now)
    gone, new = (
        sorted({piece.text for piece in these} - {piece.text for piece in those})
        for these, those in ((before, after), (after, before))
    )
    same = before == after
    assert same, f"docs/images/{name}.svg shows {gone}, the app {new}: run `make pictures`, and look at them"


def test_every_picture_is_one_of_the_app_and_needs_no_network():
    pictures = sorted(FOLDER.glob("*.svg"))
    assert {picture.stem for picture in pictures} == set(SCENES)
    for picture in pictures:
        assert "http" not in picture.read_text(encoding="utf-8").replace(
            "http://www.w3.org/2000/svg", ""
        ).replace("https://www.textualize.io", "")


def test_every_picture_of_the_readme_exists():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = {name for name in SCENES if f"docs/images/{name}.svg" in readme}
    assert readme.count("docs/images/") == len(shown)
    assert "lab" in shown


def test_a_picture_depends_on_no_id_and_no_cut():
    """Two exports of one screen are the same picture; where a run of text ends is nothing that one sees."""
    assert portable(svg(number=7), "one") == portable(svg(number=8), "one")
    whole = portable(svg("two&#160;words"), "one")
    spaced = portable(svg("&#160;two&#160;words").replace('x="12.2"', 'x="0"'), "one")
    assert meaning(whole) == meaning(spaced)


@pytest.mark.parametrize(
    "changed",
    [
        svg("two&#160;swords"),
        svg(colour="#000"),
        svg("two&#160;&#160;words"),
        svg(areas='<rect fill="#123456" x="0" y="1.5" width="24.4" height="24"/>'),
    ],
    ids=["text", "colour", "place", "background"],
)
def test_visible_differences_are_found(changed):
    assert meaning(portable(svg("two&#160;words"), "one")) != meaning(portable(changed, "one"))
