"""What this machine's kernel writes to its log."""

_ACTIONS = "/proc/sys/kernel/seccomp/actions_logged"


def actions_logged() -> frozenset[str] | None:
    """The actions that this machine's kernel logs; None if unknown."""
    try:
        with open(_ACTIONS, encoding="ascii") as file:  # noqa: PTH123 - as inputs.py: pathlib is slow
            return frozenset(file.read().split())
    except (OSError, ValueError):
        return None
