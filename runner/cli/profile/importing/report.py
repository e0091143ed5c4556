"""What an import reports of its sources: the format of each, what to know of it, and what was not used."""

import sys

TYPE_CHECKING = False  # typing is slow to import
if TYPE_CHECKING:
    from collections.abc import Sequence

    from runner.profile.importers import Imported

    Sources = Sequence[tuple[str, Imported]]
    """What was read, by the file's name, or by "" for a file alone."""
    Needs = dict[str, list[str]]
    """The calls of the runtime that were `added` to the profile, or that are `missing` in it."""

_SHOWN_TEXT = 100


def report_json(found: "Sources", needs: "Needs") -> dict[str, object]:
    """The report as JSON."""
    return {
        "readAs": [imported.read_as for _, imported in found],
        "notes": _notes(found, needs),
        "unused": [
            {
                **({"file": name} if name else {}),
                "line": unused.line,
                "reason": unused.reason,
                "text": unused.text,
            }
            for name, imported in found
            for unused in imported.unused
        ],
        "unusedLines": sum(imported.unused_lines for _, imported in found),
        "runtime": needs,
    }


def print_report(found: "Sources", needs: "Needs") -> None:
    """Print the report to standard error."""
    from runner.cli.output import say_each

    for name, imported in found:
        print(f"read{f' {name}' if name else ''} as: {imported.read_as}", file=sys.stderr)
    say_each("note", _notes(found, needs))
    for name, imported in found:
        _print_unused(name, imported)


def _notes(found: "Sources", needs: "Needs") -> list[str]:
    notes = [f"{name}: {note}" if name else note for name, imported in found for note in imported.notes]
    if needs.get("added"):
        notes.append(f"added for the runtime: {' '.join(needs['added'])}")
    if needs.get("missing"):
        notes.append(
            "the evidence lacks the calls that runc itself makes in the container, before the program starts; these "
            f"are missing: {' '.join(needs['missing'])}; add them with --for runc, or edit --allow @runc"
        )
    return notes


def _print_unused(name: str, imported: "Imported") -> None:
    """Print each reason once, with all its lines."""
    by_reason: dict[str, list[int]] = {}
    for unused in imported.unused:
        by_reason.setdefault(unused.reason, []).append(unused.line)
    texts = {unused.reason: unused.text for unused in reversed(imported.unused)}
    for reason, lines in by_reason.items():
        where = ", ".join(map(str, lines))
        print(
            f"unused: {f'{name}: ' if name else ''}{reason}: line{'s' if len(lines) > 1 else ''} {where} "
            f"(the first: {texts[reason][:_SHOWN_TEXT]})",
            file=sys.stderr,
        )
    if rest := imported.unused_lines - len(imported.unused):
        print(f"unused: {rest} more lines like these", file=sys.stderr)
