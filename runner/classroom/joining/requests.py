"""Requests to a class: joining it, and asking whether a membership is still valid."""

import json
import ssl
from http.client import HTTPException, HTTPSConnection
from typing import Any
from urllib.parse import urlsplit

from runner.classroom.joining.found_class import SECONDS, FoundClass
from runner.classroom.joining.membership import Membership
from runner.errors import WorkshopError
from runner.json_value import json_value
from runner.pace import MACHINE
from runner.record.wire import LONGEST_LINE


def enter(found: FoundClass, name: str, code: str) -> tuple[Membership, str]:
    """Join; returns the membership, and the learner's own word, which lets them in again from other machines.

    Raises:
        WorkshopError: the class refuses, for the reason given, or cannot be reached.
    """
    answer = _ask(found, "/enter", {"name": name, "code": code})
    if "refused" in answer:
        raise WorkshopError(_line(answer["refused"]), remedy=_line(answer.get("next", "")))
    try:
        member = Membership(found.origin, found.fingerprint, _line(answer["name"]), str(answer["secret"]))
        return member, _line(answer["word"])
    except KeyError as error:
        raise WorkshopError(f"{found.origin} is not a class that this version can join") from error


def is_member(found: FoundClass, member: Membership) -> bool:
    """True if the class still knows a member who joined earlier.

    Raises:
        WorkshopError: the class cannot be reached.
    """
    return "message" in _ask(found, "/state", secret=member.secret)


def _ask(found: FoundClass, path: str, content: object = None, *, secret: str = "") -> dict[str, Any]:
    parts = urlsplit(found.origin)
    seconds = MACHINE.stretched(SECONDS)
    line = HTTPSConnection(parts.hostname or "", parts.port or 443, context=found.tls, timeout=seconds)
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {secret}"} if secret else {})
    try:
        line.request("GET" if content is None else "POST", path, json.dumps(content), headers)
        said = line.getresponse().read(LONGEST_LINE)
    except ssl.SSLCertVerificationError as error:
        raise WorkshopError(
            f"{found.origin} shows another certificate than a moment ago: someone may be intercepting the connection",
            remedy="do not join; tell the instructor",
        ) from error
    except (HTTPException, OSError) as error:
        raise WorkshopError(
            f"the class at {found.origin} cannot be reached: {error}", remedy="try again in a moment"
        ) from error
    finally:
        line.close()
    try:
        read = json_value(said)
    except ValueError:
        read = {}
    return read if isinstance(read, dict) else {}


def _line(text: object) -> str:
    """A server's message, made safe to show."""
    return "".join(character for character in str(text)[:500] if character.isprintable())
