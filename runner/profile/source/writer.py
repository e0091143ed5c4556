"""Writes a profile as JSON in Docker's format."""

import json

from runner.profile.errors import ProfileError
from runner.profile.model import Arg, Json, Profile, Rule, Selector


def write_profile(profile: Profile) -> str:
    """The profile's text with one name per line, so that line-based tools show differences well."""
    return json.dumps(profile_json(profile), indent=2, ensure_ascii=False) + "\n"


def profile_json(profile: Profile) -> Json:
    """The profile's JSON object; empty and missing fields are omitted.

    Raises:
        ProfileError: a rule has an action or an operator that does not exist.
    """
    if profile.default_action is None:
        return {}
    fields = {
        "defaultAction": profile.default_action.value,
        "defaultErrnoRet": profile.default_errno,
        "architectures": list(profile.architectures),
        "archMap": [
            {"architecture": entry.architecture, "subArchitectures": list(entry.sub_architectures)}
            for entry in profile.arch_map
        ],
        "flags": list(profile.flags),
        "listenerPath": profile.listener_path,
        "listenerMetadata": profile.listener_metadata,
    }
    given = {key: value for key, value in fields.items() if _given(value)}
    return {**given, "syscalls": [_rule_json(rule) for rule in profile.rules]}


def _rule_json(rule: Rule) -> Json:
    if rule.fault is not None:
        reason, at = rule.fault
        raise ProfileError(reason, at=at)
    names: Json = {"names": list(rule.names)}
    if rule.legacy_name:
        more = {"names": list(rule.names[1:])} if len(rule.names) > 1 else {}
        names = {"name": rule.names[0], **more}
    fields = {
        "action": rule.action.value,
        "errnoRet": rule.errno,
        "args": [arg_json(arg) for arg in rule.args],
        "comment": rule.comment,
        "includes": _selector_json(rule.includes),
        "excludes": _selector_json(rule.excludes),
    }
    return {**names, **{key: value for key, value in fields.items() if _given(value)}}


def arg_json(arg: Arg) -> Json:
    """A condition as Docker and OCI write it, as JSON."""
    two = {"valueTwo": arg.value_two} if arg.value_two else {}
    return {"index": arg.index, "value": arg.value, **two, "op": arg.op.value}


def _selector_json(condition: Selector) -> Json:
    kernel = condition.min_kernel
    fields = {
        "caps": list(condition.caps),
        "arches": list(condition.arches),
        "minKernel": None if kernel is None else "" if kernel == (0, 0) else f"{kernel[0]}.{kernel[1]}",
    }
    return {key: value for key, value in fields.items() if value is not None and value != []}


def _given(value: object) -> bool:
    """True if a field is written: an errno of 0 is; empty strings, lists and conditions are not."""
    return value is not None and value not in ("", [], {})
