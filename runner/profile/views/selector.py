"""The containers that a rule applies to, in words."""

from runner.language import tr
from runner.profile.model import Selector


def selector_text(include: Selector, exclude: Selector) -> str:
    """The containers that a rule with these conditions applies to, in words; empty if it applies to all."""
    parts = [
        tr("with {names}", names=tr(" and ").join(include.caps)) if include.caps else "",
        tr("without {names}", names=tr(" or ").join(exclude.caps)) if exclude.caps else "",
        tr("on {names}", names=tr(" or ").join(include.arches)) if include.arches else "",
        tr("not on {names}", names=tr(" or ").join(exclude.arches)) if exclude.arches else "",
        tr("on kernel {version} and newer", version=_version(include.min_kernel))
        if include.min_kernel
        else "",
        tr("on kernels before {version}", version=_version(exclude.min_kernel)) if exclude.min_kernel else "",
    ]
    return ", ".join(part for part in parts if part)


def _version(kernel: tuple[int, int]) -> str:
    return ".".join(map(str, kernel))
