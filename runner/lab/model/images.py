"""The images that labs need."""

from collections.abc import Iterable, Iterator

from runner.lab.model.check import Check, containers_of, variations
from runner.lab.model.workshop import Lab, Workshop

LAB = "lab"
"""The image that comes with the program, and so works offline."""


def images(labs: Iterable[tuple[Workshop, Lab]]) -> list[str]:
    """Each image once, in the order in which the labs use them."""
    return list(dict.fromkeys(image for workshop, lab in labs for image in _images(workshop, lab)))


def _images(workshop: Workshop, lab: Lab) -> Iterable[str]:
    yield workshop.defaults.image
    yield from (block.spec.image for step in lab.steps for block in step.containers)
    yield from (image for check in lab.checks for image in images_of(check))


def images_of(check: Check) -> Iterator[str]:
    """The images of a check: of the containers that it starts, and of a running one that its mutants change."""
    yield from (spec.image for spec in containers_of(check))
    yield from (one.changes["image"] for one in variations(check) if "image" in one.changes)
