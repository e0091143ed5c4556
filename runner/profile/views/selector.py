"""The containers that a rule applies to, in words."""

from runner.profile.model import Selector


def selector_text(include: Selector, exclude: Selector) -> str:
    """The containers that a rule with these conditions applies to, in words; empty if it applies to all."""
    parts = [
        f"with {' and '.join(include.caps)}" if include.caps else "",
        f"without {' or '.join(exclude.caps)}" if exclude.caps else "",
        f"on {' or '.join(include.arches)}" if include.arches else "",
        f"not on {' or '.join(exclude.arches)}" if exclude.arches else "",
        f"on kernel {'.'.join(map(str, include.min_kernel))} and newer" if include.min_kernel else "",
        f"on kernels before {'.'.join(map(str, exclude.min_kernel))}" if exclude.min_kernel else "",
    ]
    return ", ".join(part for part in parts if part)
