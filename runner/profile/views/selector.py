"""The containers that a rule applies to, in words."""

from runner.profile.model import Rule


def selector_text(rule: Rule) -> str:
    """The containers that a rule applies to, in words; empty if it applies to all."""
    include, exclude = rule.includes, rule.excludes
    parts = [
        f"with {' and '.join(include.caps)}" if include.caps else "",
        f"without {' and '.join(exclude.caps)}" if exclude.caps else "",
        f"on {' or '.join(include.arches)}" if include.arches else "",
        f"not on {' or '.join(exclude.arches)}" if exclude.arches else "",
        f"from kernel {'.'.join(map(str, include.min_kernel))} on" if include.min_kernel else "",
        f"before kernel {'.'.join(map(str, exclude.min_kernel))}" if exclude.min_kernel else "",
    ]
    return ", ".join(part for part in parts if part)
