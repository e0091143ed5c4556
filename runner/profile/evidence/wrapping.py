"""Lines that wrap another program's line: the journal's JSON, and the log formats of container engines."""

import re
from collections.abc import Iterable, Iterator

_MEMBER = re.compile(r'\s*"(?:MESSAGE|message|msg|log)"\s*:\s*(?P<value>"(?:[^"\\]|\\.)*")\s*,?\s*\Z')
_RECORD = re.compile(r"\bSECCOMP\b|\btype=1326\b")
_KEYS = ("MESSAGE", "log", "message", "msg")
_LEADS = ("\x1e", "data: ")


def unwrapped(text: str) -> tuple[str, ...] | None:
    """The lines in a JSON object, or in one of its members; None if the line does not wrap another."""
    for lead in _LEADS:
        text = text.removeprefix(lead)
    if text.startswith(("{", "[{")):
        import json  # noqa: PLC0415 - slow to import, and few logs need it

        try:
            return _of_value(json.loads(text))
        except (ValueError, RecursionError):
            # What is nested so deeply is no log's.
            return None
    member = _MEMBER.match(text)
    if member is None:
        return None
    import json  # noqa: PLC0415

    try:
        return _split(json.loads(member["value"]))
    except ValueError:
        return None


def _of_value(value: object) -> tuple[str, ...] | None:
    """The lines of an entry, of several, or of what a log's store answers, where records stand somewhere within."""
    if isinstance(value, list):
        parts = [_of_value(part) for part in value]
        return tuple(line for part in parts for line in part or ()) or None
    if not isinstance(value, dict):
        return None
    found = _lines(value)
    return tuple(_records(value)) or None if found is None else found


def _records(value: object) -> Iterator[str]:
    """The lines of all texts within that look like a record of seccomp."""
    if isinstance(value, str):
        if _RECORD.search(value):
            yield from _split(value)
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _records(part)


def _lines(entry: dict[str, object]) -> tuple[str, ...] | None:
    if written := _auditd_plugin(entry):
        return written
    found = next((entry[key] for key in _KEYS if key in entry), None)
    if isinstance(found, list):
        # The journal writes a message that is not text as numbers.
        numbers = [item for item in found if isinstance(item, int) and 0 <= item < 256]
        found = bytes(numbers).decode("utf-8", "replace")
    if not isinstance(found, str):
        return _audit_fields(entry)
    if entry.get("_AUDIT_TYPE_NAME") == "SECCOMP" and "SECCOMP" not in found:
        found = f"type=SECCOMP {found}"
    return _split(found)


def _auditd_plugin(entry: dict[str, object]) -> tuple[str, ...]:
    """The record of an entry that laurel or go-audit made of auditd's."""
    if isinstance(fields := entry.get("SECCOMP"), dict):
        return _record((name, fields.get(name)) for name in ("arch", "syscall", "code", "pid", "comm"))
    messages = entry.get("messages")
    if not isinstance(messages, list):
        return ()
    records = (each for each in messages if isinstance(each, dict) and each.get("type") == 1326)
    return tuple(f"type=1326 {each.get('data')}" for each in records)


def _audit_fields(entry: dict[str, object]) -> tuple[str, ...] | None:
    """The record of an entry of the journal whose fields were chosen (`--output-fields`) without the message."""
    # Records of other types have the call too; the code is a field of seccomp's alone.
    told = entry.get("_AUDIT_TYPE_NAME", entry.get("_AUDIT_TYPE"))
    of_seccomp = "_AUDIT_FIELD_CODE" in entry if told is None else str(told) in ("SECCOMP", "1326")
    if not of_seccomp or "_AUDIT_FIELD_SYSCALL" not in entry:
        return None
    fields = ((name, entry.get(f"_AUDIT_FIELD_{name.upper()}")) for name in ("arch", "syscall", "code"))
    named = (*fields, ("pid", entry.get("_PID")))
    return _record(named)


def _record(fields: Iterable[tuple[str, object]]) -> tuple[str]:
    """A record of seccomp with the fields that have a value."""
    given = (f"{name}={value}" for name, value in fields if value not in (None, ""))
    return (" ".join(("type=SECCOMP", *given)),)


def _split(text: str) -> tuple[str, ...]:
    return tuple(line for line in text.splitlines() if line.strip())
