"""Which of the places found are of one profile, and the names that tell the profiles apart."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from runner.profile.holders.found import Held


def at_hand(found: tuple[Held, ...]) -> list[Held]:
    """The profiles, without node paths whose content the same text holds in a ConfigMap."""
    keys = {held.where.rpartition(".data.")[2] for held in found if held.part}
    return [held for held in found if held.node_file.rpartition("/")[2] not in keys or not held.node_file]


def distinct(found: Iterable[Held]) -> tuple[Held, ...]:
    """The distinct profiles, with names that tell them apart."""
    by_content: dict[tuple[str, ...], list[Held]] = {}
    for held in found:
        own = f"{held.where} {held.name}" if held.form == "operator" else ""
        key = (
            held.part.text if held.part else "",
            held.file or held.node_file,
            own,
            held.fault.reason if held.fault else "",
        )
        by_content.setdefault(key, []).append(held)
    merged = []
    for same in by_content.values():
        names = dict.fromkeys(held.name for held in same if held.name)
        merged.append(replace(same[0], name=", ".join(names) or same[0].where or "profile"))
    taken = Counter(name for held in merged for name in held.names)
    return tuple(
        replace(held, name=f"{held.name} ({held.where})")
        if any(taken[name] > 1 for name in held.names)
        else held
        for held in merged
    )
