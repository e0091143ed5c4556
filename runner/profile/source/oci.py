"""The OCI `linux.seccomp` object as JSON, written and read."""

from runner.profile.errors import ProfileError
from runner.profile.finding import Finding
from runner.profile.model import Json, OciRule, OciSeccomp
from runner.profile.source.decode import Decoder
from runner.profile.source.json_text import Node, parse
from runner.profile.source.reader import read_action, read_args
from runner.profile.source.writer import arg_json

_SECCOMP = (
    "defaultAction",
    "defaultErrnoRet",
    "architectures",
    "flags",
    "listenerPath",
    "listenerMetadata",
    "syscalls",
)
_RULE = ("names", "action", "errnoRet", "args")


def confines_nothing() -> ProfileError:
    """The error for a runtime's configuration that holds no such object."""
    return ProfileError(
        "the configuration has no `linux.seccomp`: it confines nothing",
        remedy="name a configuration of a container with a profile, or the profile itself",
    )


def oci_json(oci: OciSeccomp) -> Json:
    """The object with the fields that the engine writes, in its order; empty ones are left out."""
    optional = {
        "defaultErrnoRet": oci.default_errno,
        "architectures": list(oci.architectures) or None,
        "flags": list(oci.flags) or None,
        "listenerPath": oci.listener_path or None,
        "listenerMetadata": oci.listener_metadata or None,
        "syscalls": [_rule_json(rule) for rule in oci.rules] or None,
    }
    given = {key: value for key, value in optional.items() if value is not None}
    return {"defaultAction": oci.default_action.value, **given}


def read_oci(text: str | bytes) -> OciSeccomp | None:
    """Read the object itself or a whole runtime `config.json`; None if the latter has no seccomp.

    Raises:
        ProfileError: it is not JSON, or not such an object.
    """
    return read_oci_with_findings(text)[0]


def read_oci_with_findings(text: str | bytes) -> tuple[OciSeccomp | None, tuple[Finding, ...]]:
    """Read the object as `read_oci` does, with findings on faults that a runtime ignores silently."""
    document = parse(text)
    decoder = Decoder(document)
    if document.find("ociVersion") is None:
        return _read_seccomp(decoder, document.root, ""), tuple(decoder.findings)
    node = document.find("linux.seccomp")
    if node is None or node.value is None:
        return None, ()
    return _read_seccomp(decoder, node, "linux.seccomp."), tuple(decoder.findings)


def _rule_json(rule: OciRule) -> Json:
    written: Json = {"names": list(rule.names), "action": rule.action.value}
    if rule.errno is not None:
        written["errnoRet"] = rule.errno
    if rule.args:
        written["args"] = [arg_json(arg) for arg in rule.args]
    return written


def _read_seccomp(decoder: Decoder, node: Node, at: str) -> OciSeccomp:
    values = decoder.members(node, at.rstrip("."), _SECCOMP, what="a seccomp object")
    syscalls = decoder.items(values.get("syscalls"), f"{at}syscalls")
    return OciSeccomp(
        default_action=read_action(decoder, values.get("defaultAction"), node, f"{at}defaultAction"),
        default_errno=decoder.optional_unsigned(values.get("defaultErrnoRet"), f"{at}defaultErrnoRet"),
        architectures=decoder.texts(values.get("architectures"), f"{at}architectures"),
        flags=decoder.texts(values.get("flags"), f"{at}flags"),
        listener_path=decoder.text(values.get("listenerPath"), f"{at}listenerPath"),
        listener_metadata=decoder.text(values.get("listenerMetadata"), f"{at}listenerMetadata"),
        rules=tuple(_read_rule(decoder, item, f"{at}syscalls[{n}]") for n, item in enumerate(syscalls)),
    )


def _read_rule(decoder: Decoder, node: Node, path: str) -> OciRule:
    values = decoder.members(node, path, _RULE, what="a rule")
    return OciRule(
        names=decoder.texts(values.get("names"), f"{path}.names"),
        action=read_action(decoder, values.get("action"), node, f"{path}.action"),
        errno=decoder.optional_unsigned(values.get("errnoRet"), f"{path}.errnoRet"),
        args=read_args(decoder, values.get("args"), f"{path}.args"),
    )
