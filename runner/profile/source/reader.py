"""A profile's JSON text → `Profile`, accepting exactly what Docker's decoder accepts."""

from dataclasses import dataclass, replace

from runner.language import tr
from runner.profile.errors import ProfileError
from runner.profile.finding import Finding
from runner.profile.model import Action, ArchMap, Arg, Operator, Profile, Rule, Selector
from runner.profile.source.decode import Decoder
from runner.profile.source.json_text import Document, Members, Node, Places, fold, parse, quoted
from runner.suggest import nearest

_PROFILE = (
    "defaultAction",
    "defaultErrnoRet",
    "architectures",
    "archMap",
    "flags",
    "listenerPath",
    "listenerMetadata",
    "syscalls",
)
_RULE = ("names", "name", "action", "errnoRet", "args", "comment", "includes", "excludes")
_ARG = ("index", "value", "valueTwo", "op")
_SELECTOR = ("caps", "arches", "minKernel")
_ARCH_MAP = ("architecture", "subArchitectures")
_NO_SELECTOR = Selector()
_NEAR = 0.5
"""The share of a misspelt word that must be right for "did you mean …?" in an error."""
_CERTAIN = 0.9
"""The share that must be right for the correction to be certain."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A profile, the findings on its text, and the text itself for placing more findings.

    `file` is the file's name in messages. `reader` is the program that takes the profile without Docker's conditions,
    "" for Docker. `within` is true if the text is a part of its file. `base` names the profile to whose rules it adds
    its own.
    """

    profile: Profile
    findings: tuple[Finding, ...]
    document: Document
    file: str = ""
    reader: str = ""
    within: bool = False
    base: str = ""


def read_profile(text: str | bytes, places: Places = ()) -> Reading:
    """Read a profile; `places` are the positions of its text in the text it was taken from, if any.

    Decoding follows Go's encoding/json: keys in any case, unknown ones ignored, null as if absent, the last of two
    equal keys; each of these but null is a finding. A rule that gives both `name` and `names` is read as `legacy_name`
    with more than one name, for `resolve` to refuse as Docker does.

    Raises:
        ProfileError: Docker or the runtime cannot read it.
    """
    document = parse(text, places)
    decoder = Decoder(document)
    try:
        profile = _profile(decoder, document.root)
    except ProfileError as error:
        error.document = document
        raise
    return Reading(profile, tuple(decoder.findings), document)


def read_faulty(document: Document) -> tuple[tuple[ProfileError, ...], Reading]:
    """Return all faults that Docker or the runtime would refuse in a text, and the profile that was probably meant.

    A misspelt action or operator is read as the one that was `meant`; other faulty values are read as empty.
    """
    decoder = Decoder(document, tolerant=True)
    profile = _profile(decoder, document.root)
    return tuple(decoder.faults), Reading(profile, tuple(decoder.findings), document)


def _profile(decoder: Decoder, node: Node) -> Profile:
    if isinstance(node.value, list):
        decoder.refuse(decoder.fault(node, "", _in_array(node.value)))
        node = Node(None, node.start, node.end)
    values = decoder.members(node, "", _PROFILE, what=tr("a profile"))
    text = decoder.text
    default_node = values.get("defaultAction")
    has_default = text(default_node, "defaultAction") != ""
    rules = tuple(
        _rule(decoder, item, f"syscalls[{index}]")
        for index, item in enumerate(decoder.items(values.get("syscalls"), "syscalls"))
    )
    if not has_default and rules:
        reason = tr("the profile has rules but no defaultAction")
        decoder.refuse(decoder.fault(node, "defaultAction", reason))
    return Profile(
        default_action=read_action(decoder, default_node, node, "defaultAction") if has_default else None,
        default_errno=decoder.optional_unsigned(values.get("defaultErrnoRet"), "defaultErrnoRet"),
        architectures=decoder.texts(values.get("architectures"), "architectures"),
        arch_map=tuple(
            _arch_map(decoder, item, f"archMap[{index}]")
            for index, item in enumerate(decoder.items(values.get("archMap"), "archMap"))
        ),
        flags=decoder.texts(values.get("flags"), "flags"),
        listener_path=text(values.get("listenerPath"), "listenerPath"),
        listener_metadata=text(values.get("listenerMetadata"), "listenerMetadata"),
        rules=rules,
    )


def _in_array(items: list[Node]) -> str:
    """The reason why an array is no profile."""
    keys = {fold(member.key) for item in items if isinstance(item.value, Members) for member in item.value}
    if fold("defaultAction") in keys:
        return tr("the profile stands in an array: take the brackets [ and ] around it out")
    if "action" in keys:
        return tr('these are rules alone: put them under "syscalls" into an object with a "defaultAction"')
    return tr("expected a profile, which is a JSON object, found an array")


def _arch_map(decoder: Decoder, node: Node, path: str) -> ArchMap:
    values = decoder.members(node, path, _ARCH_MAP, what=tr("an archMap entry"))
    return ArchMap(
        decoder.text(values.get("architecture"), f"{path}.architecture"),
        decoder.texts(values.get("subArchitectures"), f"{path}.subArchitectures"),
    )


def _rule(decoder: Decoder, node: Node, path: str) -> Rule:
    if node.value is None:
        decoder.refuse(decoder.fault(node, path, tr("null is not a rule; Docker crashes on it")))
    values = decoder.members(node, path, _RULE, what=tr("a rule"))
    get = values.get
    names = decoder.texts(get("names"), f"{path}.names")
    name = _legacy_name(decoder, get("name"), f"{path}.name")
    faults: list[ProfileError] = []
    rule = Rule(
        names=(name, *names) if name else names,
        action=read_action(decoder, get("action"), node, f"{path}.action", faults),
        errno=decoder.optional_unsigned(get("errnoRet"), f"{path}.errnoRet"),
        args=read_args(decoder, get("args"), f"{path}.args", faults),
        comment=decoder.text(get("comment"), f"{path}.comment"),
        includes=_selector(decoder, get("includes"), f"{path}.includes"),
        excludes=_selector(decoder, get("excludes"), f"{path}.excludes"),
        legacy_name=bool(name),
        at=decoder.document.location(node.start, path),
    )
    return _with_fault(decoder, rule, faults) if faults else rule


def _legacy_name(decoder: Decoder, node: Node | None, path: str) -> str:
    """The one name of a rule in the old form; an array is most likely meant for `names`."""
    if node is None or not isinstance(node.value, list):
        return decoder.text(node, path)
    decoder.refuse(decoder.fault(node, path, tr("expected a string, found an array; did you mean 'names'?")))
    return ""


def _with_fault(decoder: Decoder, rule: Rule, faults: list[ProfileError]) -> Rule:
    """The rule with the fault for which the runtime would refuse it, unless its conditions exclude it."""
    if rule.includes == rule.excludes == _NO_SELECTOR:
        for fault in faults:
            decoder.refuse(fault)
        return rule
    return replace(rule, fault=(faults[0].reason, faults[0].at or rule.at))


def _arg(decoder: Decoder, node: Node, path: str, faults: list[ProfileError] | None) -> Arg:
    values = decoder.members(node, path, _ARG, what=tr("an argument's condition"))
    op_node = values.get("op")
    told = len(decoder.faults)
    op = decoder.text(op_node, f"{path}.op")
    if op not in _OPERATORS and told == len(decoder.faults):
        fault = decoder.fault(op_node or node, f"{path}.op", _unknown_operator(op))
        fault.meant = op = nearest(op.upper(), _OPERATORS, cutoff=_CERTAIN) or ""
        _note(decoder, fault, faults)
    return Arg(
        index=decoder.unsigned(values.get("index"), f"{path}.index"),
        value=decoder.unsigned(values.get("value"), f"{path}.value"),
        op=_OPERATORS.get(op)
        or _OPERATORS.get(nearest(op.upper(), _OPERATORS, cutoff=_NEAR) or "", Operator.EQ),
        value_two=decoder.unsigned(values.get("valueTwo"), f"{path}.valueTwo"),
    )


def _selector(decoder: Decoder, node: Node | None, path: str) -> Selector:
    if node is None or node.value is None:
        return _NO_SELECTOR
    values = decoder.members(node, path, _SELECTOR, what=tr("a rule's condition"))
    return Selector(
        caps=decoder.texts(values.get("caps"), f"{path}.caps"),
        arches=decoder.texts(values.get("arches"), f"{path}.arches"),
        min_kernel=_kernel(decoder, values.get("minKernel"), f"{path}.minKernel"),
    )


def _kernel(decoder: Decoder, node: Node | None, path: str) -> tuple[int, int] | None:
    """Read a kernel version. Docker reads the empty string as version 0.0, which every kernel satisfies."""
    if node is None or node.value is None:
        return None
    version = decoder.text(node, path)
    if not version:
        return 0, 0
    parts = version.split(".")
    if len(parts) == 2 and all(_is_version_part(part) for part in parts):
        kernel = int(parts[0]), int(parts[1])
        if kernel != (0, 0):
            return kernel
    reason = tr(
        'invalid kernel version {version}; Docker takes "<kernel>.<major>", such as "4.8"',
        version=quoted(version),
    )
    decoder.refuse(decoder.fault(node, path, reason))
    return None


def _is_version_part(part: str) -> bool:
    return part.isascii() and part.isdigit() and int(part[-4:]) < 256 and not part[:-4].strip("0")


_ACTIONS = {action.value: action for action in Action}
_OPERATORS = {operator.value: operator for operator in Operator}
_SIGNS = {
    operator: f"SCMP_CMP_{word}"
    for word, operators in {
        "EQ": ("==", "=", "EQ", "eq", "EQUAL", "equals"),
        "NE": ("!=", "<>", "NE", "ne", "NOT_EQUAL"),
        "LT": ("<", "LT", "lt"),
        "LE": ("<=", "LE", "le"),
        "GT": (">", "GT", "gt"),
        "GE": (">=", "GE", "ge"),
        "MASKED_EQ": ("&", "&=", "&==", "MASK", "MASKED"),
    }.items()
    for operator in operators
}
"""Operators as programs write them."""
_SPOKEN = {
    word: f"SCMP_ACT_{action}"
    for action, words in {
        "ERRNO": "DENY BLOCK REJECT FORBID EPERM ERROR RETURN_ERRNO",
        "ALLOW": "PERMIT ACCEPT PASS",
        "KILL_PROCESS": "TERMINATE",
        "LOG": "AUDIT",
    }.items()
    for word in words.split()
}
"""What people call an action."""


def read_args(
    decoder: Decoder, node: Node | None, path: str, faults: list[ProfileError] | None = None
) -> tuple[Arg, ...]:
    """The conditions on arguments of a rule, which OCI writes as Docker does.

    An unknown operator is added to `faults`, or raised without such a list.
    """
    items = enumerate(decoder.items(node, path))
    return tuple(_arg(decoder, item, f"{path}[{n}]", faults) for n, item in items)


def read_action(
    decoder: Decoder, node: Node | None, owner: Node, path: str, faults: list[ProfileError] | None = None
) -> Action:
    """The action that `node` names; a missing one is a fault of its `owner`.

    An unknown action is added to `faults`, or raised without such a list.
    """
    told = len(decoder.faults)
    name = decoder.text(node, path)
    if name not in _ACTIONS and told == len(decoder.faults):
        fault = decoder.fault(node or owner, path, _unknown_action(name))
        fault.meant = name = nearest(name.upper(), _ACTIONS, cutoff=_CERTAIN) or ""
        _note(decoder, fault, faults)
    return _ACTIONS.get(name, Action.ERRNO)


def _note(decoder: Decoder, fault: ProfileError, faults: list[ProfileError] | None) -> None:
    if faults is None:
        decoder.refuse(fault)
    else:
        faults.append(fault)


def _unknown_operator(name: str) -> str:
    known = ", ".join(_OPERATORS)
    if not name:
        return tr("the operator is missing; it is one of {known}", known=known)
    if near := _SIGNS.get(name) or nearest(name.upper(), _OPERATORS, cutoff=_NEAR):
        return tr("{name} is not a valid operator; did you mean {near}?", name=quoted(name), near=near)
    return tr("{name} is not a valid operator; it is one of {known}", name=quoted(name), known=known)


def _unknown_action(name: str) -> str:
    known = ", ".join(_ACTIONS)
    if not name:
        return tr("the action is missing; it is one of {known}", known=known)
    word = name.upper().removeprefix("SCMP_ACT_")
    if near := _SPOKEN.get(word) or nearest(name.upper(), _ACTIONS, cutoff=_NEAR):
        return tr("{name} is not a valid action; did you mean {near}?", name=quoted(name), near=near)
    return tr("{name} is not a valid action; it is one of {known}", name=quoted(name), known=known)
