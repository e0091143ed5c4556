"""Go's rules for decoding JSON values into typed fields, with findings where Go is silent."""

from runner.language import tr
from runner.profile.errors import ProfileError
from runner.profile.finding import Edit, Finding, Severity
from runner.profile.source.json_text import Document, Member, Members, Node, Number, child, fold, quoted
from runner.suggest import nearest

UNKNOWN_KEY = "unknown-key"
DUPLICATE_KEY = "duplicate-key"
KEY_CASE = "key-case"
MAX_UINT64 = 2**64 - 1
_RESET_BY_NULL = frozenset(
    (
        *("defaultErrnoRet", "architectures", "archMap", "subArchitectures", "flags", "syscalls", "names"),
        *("errnoRet", "args", "includes", "excludes", "caps", "arches", "minKernel"),
    )
)


class Decoder:
    """Decodes one document's nodes to typed values; `findings` lists faults that Go ignores silently.

    Raises the faults that Go or the runtime would refuse. With `tolerant` it adds them to `faults` instead, and reads
    the value as empty.
    """

    def __init__(self, document: Document, *, tolerant: bool = False) -> None:
        self.document = document
        self.findings: list[Finding] = []
        self.faults: list[ProfileError] = []
        self._tolerant = tolerant

    def refuse(self, fault: ProfileError) -> None:
        """Raise the fault; with `tolerant`, keep it and go on."""
        if not self._tolerant:
            raise fault
        self.faults.append(fault)

    def fault(self, node: Node, path: str, reason: str) -> ProfileError:
        """An error at `node`."""
        return ProfileError(reason, at=self.document.location(node.start, path))

    def members(self, node: Node, path: str, known: tuple[str, ...], *, what: str) -> dict[str, Node]:
        """The known members of an object by their canonical keys; null is an empty object.

        Of equal keys the last counts, except that Go merges objects and the items of arrays, and that null leaves a
        string or a number as it was.
        """
        if node.value is None:
            return {}
        if not isinstance(node.value, Members):
            self.refuse(
                self.fault(
                    node,
                    path,
                    tr(
                        "expected {what}, which is a JSON object, found {found}", what=what, found=_kind(node)
                    ),
                )
            )
            return {}
        found: dict[str, Node] = {}
        for member in node.value:
            key = member.key if member.key in known else self._folded(member, path, known)
            if key is None:
                continue
            if key in found:
                self._duplicate(member, path)
                found[key] = _second(key, found[key], member.node)
            else:
                found[key] = member.node
        return found

    def _duplicate(self, member: Member, path: str) -> None:
        merges = isinstance(member.node.value, Members | list)
        message = (
            tr("{key} again: Docker merges both, item by item", key=quoted(member.key))
            if merges
            else tr("{key} again: only the last one counts", key=quoted(member.key))
        )
        self._find(DUPLICATE_KEY, member, path, message)

    def _folded(self, member: Member, path: str, known: tuple[str, ...]) -> str | None:
        folded = fold(member.key)
        for key in known:
            if fold(key) == folded:
                message = tr(
                    "{written} is read as {key}; other tools may not do so",
                    written=quoted(member.key),
                    key=quoted(key),
                )
                end = self.document.text.find(":", member.start)
                spelt = self.document.text[member.start : end].rstrip()
                fix = Edit(member.start, member.start + len(spelt), f'"{key}"')
                self._find(KEY_CASE, member, path, message, (fix,))
                return key
        near = nearest(member.key, known, cutoff=0.7)
        message = (
            tr(
                "Docker ignores the key {key}; did you mean {near}?",
                key=quoted(member.key),
                near=quoted(near),
            )
            if near
            else tr("Docker ignores the key {key}", key=quoted(member.key))
        )
        self._find(UNKNOWN_KEY, member, path, message)
        return None

    def _find(self, rule: str, member: Member, path: str, message: str, fix: tuple[Edit, ...] = ()) -> None:
        at = self.document.location(member.start, child(path, member.key))
        severity = Severity.INFO if rule == KEY_CASE else Severity.MEDIUM
        self.findings.append(Finding(rule, severity, message, at, fix))

    def items(self, node: Node | None, path: str) -> list[Node]:
        """The items of an array; an absent one and null have none."""
        if node is None or node.value is None:
            return []
        if not isinstance(node.value, list):
            self.refuse(self.fault(node, path, tr("expected an array, found {found}", found=_kind(node))))
            return []
        return node.value

    def text(self, node: Node | None, path: str) -> str:
        """A string; an absent one and null are empty."""
        if node is None or node.value is None:
            return ""
        if not isinstance(node.value, str) or isinstance(node.value, Number):
            self.refuse(self.fault(node, path, tr("expected a string, found {found}", found=_kind(node))))
            return ""
        return node.value

    def texts(self, node: Node | None, path: str) -> tuple[str, ...]:
        """An array of strings."""
        items = self.items(node, path)
        if all(type(item.value) is str for item in items):
            return tuple(str(item.value) for item in items)
        return tuple(self.text(item, f"{path}[{index}]") for index, item in enumerate(items))

    def unsigned(self, node: Node | None, path: str) -> int:
        """An unsigned 64-bit number; an absent one and null are 0."""
        return self.optional_unsigned(node, path) or 0

    def optional_unsigned(self, node: Node | None, path: str) -> int | None:
        """An unsigned 64-bit number, or None if absent or null."""
        if node is None or node.value is None:
            return None
        number = node.value
        value = int(number) if isinstance(number, Number) and number.isdigit() and len(number) <= 20 else None
        if value is not None and value <= MAX_UINT64:
            return value
        self.refuse(self.fault(node, path, _no_number(node)))
        return None


def _no_number(node: Node) -> str:
    """The reason why a value is not an unsigned 64-bit number."""
    number = node.value
    if not isinstance(number, Number):
        if isinstance(number, str):
            return tr(
                "expected a number, found {found} (JSON has no hexadecimal and Docker no names of constants: write it "
                "in decimal)",
                found=_kind(node),
            )
        return tr("expected a number, found {found}", found=_kind(node))
    spelt = quoted(number)[1:-1]
    if number.isdigit():
        return tr("{number} is larger than 64 bits hold ({highest})", number=spelt, highest=MAX_UINT64)
    if number.startswith("-"):
        return tr("{number} is a negative number; values are unsigned 64-bit integers", number=spelt)
    return tr(
        "{number} is not a whole number in plain digits; values are unsigned 64-bit integers", number=spelt
    )


def _second(key: str, first: Node, second: Node) -> Node:
    if second.value is None and key not in _RESET_BY_NULL:
        return first
    return _merged(first, second)


def _merged(first: Node, second: Node) -> Node:
    """The result of decoding `second` after `first` into the same Go value: Go clears neither objects nor items."""
    value = second.value
    if isinstance(first.value, Members) and isinstance(value, Members):
        value = Members(first.value + value)
    elif isinstance(first.value, list) and isinstance(value, list):
        value = [*map(_merged, first.value, value), *value[len(first.value) :]]
    return Node(value, second.start, second.end)


def _kind(node: Node) -> str:
    value = node.value
    if isinstance(value, Members):
        return tr("an object")
    if isinstance(value, list):
        return tr("an array")
    if isinstance(value, Number):
        return tr("the number {number}", number=quoted(value)[1:-1])
    if isinstance(value, str):
        return tr("the string {text}", text=quoted(value))
    return {True: "true", False: "false", None: "null"}[value]
