"""The Security Profiles Operator's SeccompProfile manifests."""

import json
from typing import Any

from runner.profile.errors import ProfileError
from runner.profile.importers.imported import Imported, fault
from runner.profile.importers.oci import from_oci
from runner.profile.source.oci import read_oci

_MAX_CHARACTERS = 2_000_000
_FIELDS = ("defaultAction", "architectures", "listenerPath", "listenerMetadata", "flags", "syscalls")


def import_operator(text: str) -> Imported:
    """A manifest of kind SeccompProfile; of several documents, the first that is one."""
    import yaml  # noqa: PLC0415 - slow to import, and only this format needs it

    if len(text) > _MAX_CHARACTERS:
        raise ProfileError(f"{len(text):,} characters are too many for a manifest")
    try:
        # A few aliases of aliases would expand to more than any memory holds.
        aliases = (event for event in yaml.parse(text, yaml.SafeLoader) if isinstance(event, yaml.AliasEvent))
        alias = next(aliases, None)
        documents = [] if alias else list(yaml.safe_load_all(text))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        raise fault(mark.line + 1 if mark else 1, f"is no YAML: {error.problem}") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        reason = " ".join(str(error).split())
        raise ProfileError(f"is no YAML that can be read: {reason}") from error
    if alias:
        begin = alias.start_mark
        raise fault(
            begin.line + 1 if begin else 1, "uses a YAML alias", remedy="write out what it stands for"
        )
    for document in documents:
        if isinstance(document, dict) and document.get("kind") == "SeccompProfile":
            return _import(document)
    raise ProfileError("no manifest of kind SeccompProfile in it")


def _import(document: dict[Any, Any]) -> Imported:
    spec = document.get("spec")
    if not isinstance(spec, dict):
        raise ProfileError("the manifest has no `spec`")
    notes = []
    base = spec.get("baseProfileName")
    if base:
        notes.append(
            f"the rules of its base profile {str(base)[:80]!r} are not in the file, and not imported"
        )
    plain: dict[str, Any] = {key: spec[key] for key in _FIELDS if spec.get(key) is not None}
    plain["syscalls"] = [_with_errno(rule) for rule in _list(plain.get("syscalls"))]
    try:
        oci = read_oci(json.dumps(plain))
    except (TypeError, ValueError, RecursionError) as error:
        raise ProfileError("`spec` holds what JSON cannot express") from error
    except ProfileError as error:
        raise ProfileError(f"spec: {error.reason}", remedy=error.remedy) from error
    if oci is None:
        raise ProfileError("the manifest has an empty `spec`")
    return Imported(from_oci(oci), tuple(notes))


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _with_errno(rule: object) -> object:
    """The operator writes `errnoRet` as a text."""
    if isinstance(rule, dict) and isinstance(rule.get("errnoRet"), str) and rule["errnoRet"].isdecimal():
        return {**rule, "errnoRet": int(rule["errnoRet"][:20])}
    return rule
