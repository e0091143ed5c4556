"""`runner.bundle.content`: what a bundle has, in words."""

from runner.bundle.content import content_lines
from runner.bundle.manifest import VERSION, Manifest, Part


def test_each_part_that_is_there_is_told_with_its_size() -> None:
    parts = (
        Part("setup.sh", 7, ""),
        Part("wheels/a.whl", 1_500_000, ""),
        Part("wheels/b.whl", 1_500_000, ""),
        Part("image/lab.tar.gz", 2_000, ""),
    )
    assert list(content_lines(Manifest(VERSION, "0.1.0", "trixie", "amd64", "3.13", parts))) == [
        "A bundle of workshop 0.1.0 for trixie on amd64, Python 3.13:",
        "  wheels     2 files, 3 MB",
        "  image      1 file, 2 kB",
    ]
