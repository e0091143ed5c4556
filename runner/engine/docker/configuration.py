"""The form of docker's configuration file, checked before the SDK reads it, which does not check it."""

import json
import re
from pathlib import Path
from typing import Any, TypeGuard

from docker.auth import load_config
from docker.errors import InvalidConfigFile
from docker.utils.config import find_config_file

from runner.errors import UsageError

_HEADER = re.compile(r"[^:\s][^:\r\n]*: (?:[^\s][^\r\n]*)?")


def check_configuration() -> None:
    """Check the file that the SDK will read, if there is one.

    Raises:
        UsageError: a setting for requests to an engine does not have the form in which docker writes it.
    """
    found: Any = find_config_file()
    if found and (fault := _fault(file := Path(found))):
        raise UsageError(
            f"docker's configuration {file} is not in the form that docker writes: {fault}",
            remedy="correct the file, or move it away",
        )


def _fault(file: Path) -> str:
    try:
        found = json.loads(file.read_bytes())
    except (OSError, ValueError):
        return ""  # The SDK goes on without it, as docker's own command does.
    except RecursionError:
        return "it is nested too deeply"
    if not isinstance(found, dict):
        return "it is not an object"
    return _header_fault(found.get("HttpHeaders", {})) or _value_fault(found) or _login_fault(found)


def _header_fault(headers: object) -> str:
    if not _are_texts(headers):
        return '"HttpHeaders" is not an object of strings, such as {"X-Meta": "value"}'
    for name, value in headers.items():
        if not _HEADER.fullmatch(f"{name}: {value}") or not f"{name}{value}".isascii():
            return f'"HttpHeaders" has {name!r}, which with its value is not an HTTP header'
    return ""


def _value_fault(found: dict[str, object]) -> str:
    proxies = found.get("proxies", {})
    if not isinstance(proxies, dict) or not all(map(_are_texts, proxies.values())):
        return '"proxies" is not an object of objects of strings, such as {"default": {"httpProxy": "http://proxy:3128"}}'
    for key, example in (("detachKeys", "ctrl-p,ctrl-q"), ("credsStore", "secretservice")):
        if not isinstance(found.get(key, ""), str):
            return f'"{key}" is not a string, such as "{example}"'
    if not _are_texts(found.get("credHelpers", {})):
        return '"credHelpers" is not an object of strings, such as {"registry.example": "secretservice"}'
    return ""


def _login_fault(found: dict[str, object]) -> str:
    try:
        load_config(config_dict=found)
    except (InvalidConfigFile, AttributeError, TypeError, ValueError) as error:
        # The SDK has no error of its own for most faults in that file.
        return f'"auths" does not have the form that `docker login` writes ({error})'
    return ""


def _are_texts(value: object) -> TypeGuard[dict[str, str]]:
    return isinstance(value, dict) and all(isinstance(item, str) for item in value.values())
