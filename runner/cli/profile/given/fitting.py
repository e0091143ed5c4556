"""Options that would change nothing beside the others."""

from runner.errors import UsageError


def refuse_unused(given: "dict[str, object]", why: str, remedy: str) -> None:
    """Refuse options that have no effect here; of `given`, by their names, those count that have a value.

    Raises:
        UsageError: one has.
    """
    unused = [name for name, value in given.items() if value not in (None, False)]
    if unused:
        have = "has" if len(unused) == 1 else "have"
        raise UsageError(f"{' and '.join(unused)} {have} no effect: {why}", remedy=remedy)


def refuse_two_forms(*, as_json: bool, form: str, usual: str) -> None:
    """Refuse `--json` beside a `--format` that is neither JSON nor the usual one.

    Raises:
        UsageError: both are given.
    """
    if as_json and form not in ("json", usual):
        raise UsageError(
            f"--json and --format {form} name two forms of the output", remedy="leave one of them out"
        )
