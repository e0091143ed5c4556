"""What the app says of profiles and calls is in the learner's language."""

import json
from collections.abc import Callable, Iterable, Iterator

import pytest

from runner import language
from runner.learner.denials import explained as explained_calls
from runner.learner.profile_answers import explained, remarks
from runner.profile.errors import ProfileError
from runner.profile.lint import lint
from runner.profile.model import Target
from runner.profile.simulation import Simulation
from runner.profile.source.json_text import parse
from runner.trace.denial import Denial
from runner.trace.live import LiveCalls
from runner.trace.why import Answer
from tests.fakes import INFO
from tests.unit.profile.lint.examples import ALLOW, ERRNO, EXAMPLES, arg, read, target_of

BROKEN = (
    '{"a": 1',
    '{"a": 1, }',
    '{"a": "x',
    "[1 2]",
    '{"names": ["a" "action": 1}',
    '{"a": 1 "b": 2}',
    '{"a" 1}',
    "{1: 2}",
    "//",
    "",
    "{} x",
    "[" * 10_100,
    "\ufeff{}",
    "'a'",
)
FAULTY = (
    '{"syscalls": [null]}',
    '{"syscalls": [{}]}',
    '{"syscalls": {}}',
    "[]",
    '{"defaultAction": 1}',
    '{"defaultAction": "ALLOW"}',
    '{"defaultAction": "SCMP_ACT_ALLOW", "defaultErrnoRet": -1}',
    '{"defaultAction": "SCMP_ACT_ALLOW", "defaultErrnoRet": "0x1"}',
    '{"defaultAction": "SCMP_ACT_ALLOW", "defaultErrnoRet": 1.5}',
    '{"defaultAction": "SCMP_ACT_ALLOW", "defaultErrnoRet": 99999999999999999999}',
    '{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"action": "SCMP_ACT_ALLOW", "args": [{"op": "EQ"}]}]}',
    '{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"includes": {"minKernel": "5"}}]}',
)


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    yield
    language.use("")


def assert_translated(tell: Callable[[], Iterable[str]]) -> None:
    """What `tell` says in English and in Spanish has no text in common."""
    said = []
    for code in ("", "es"):
        language.use(code)
        said.append(list(tell()))
    english, spanish = said
    assert english
    assert len(english) == len(spanish)
    for one, other in zip(english, spanish, strict=True):
        assert one
        assert one != other


# The two compile large filters, which takes seconds.
@pytest.mark.parametrize("rule", sorted(EXAMPLES.keys() - {"endless-rules", "filter-refused"}))
def test_findings(rule: str) -> None:
    firing, _ = EXAMPLES[rule]
    assert_translated(lambda: [finding.message for finding in lint(read(firing), target_of(rule))])


@pytest.mark.parametrize("text", [*BROKEN, *FAULTY], ids=lambda text: text[:40] or "empty")
def test_faults_of_a_text(text: str) -> None:
    assert_translated(lambda: [remark.message for remark in remarks(text, INFO)])


def test_faults_of_json() -> None:
    def tell() -> Iterator[str]:
        for text in BROKEN:
            with pytest.raises(ProfileError) as raised:
                parse(text)
            yield str(raised.value)

    assert_translated(tell)


@pytest.mark.parametrize(
    ("action", "call"),
    [
        *((action, "chmod") for action in ("ALLOW", "LOG", "KILL_THREAD", "KILL_PROCESS", "TRAP", "TRACE")),
        ("ERRNO", "chmod"),
        ("ERRNO", "socket"),
        ("ERRNO", "getpid"),
        ("ALLOW", "chmod 'x' 0777"),
    ],
)
def test_explanations(action: str, call: str) -> None:
    rule = {"names": ["chmod", "fchmod"], "action": f"SCMP_ACT_{action}"}
    condition = {"names": ["socket"], "action": "SCMP_ACT_KILL_PROCESS", "args": [arg(0, 0), arg(1, 0)]}
    text = json.dumps({"defaultAction": ERRNO if action != "ERRNO" else ALLOW, "syscalls": [rule, condition]})
    for profile in (text, "{}"):
        assert_translated(lambda text=profile: explained(text, call.split(), INFO, file="mine.json"))


def _denial_texts(denial: Denial) -> Iterator[str]:
    yield from denial.reasons
    yield from filter(None, (denial.wider, denial.by_hand))


def _answer_texts(answer: Answer) -> Iterator[str]:
    for denial in answer.denied:
        yield from _denial_texts(denial)


def test_watched_calls() -> None:
    """The rows of the pane, its groups, and the reasons that `W` gives."""
    profile = {
        "defaultAction": ERRNO,
        "syscalls": [
            {"names": ["read", "mkdir"], "action": ALLOW},
            {"names": ["socket"], "action": ALLOW, "args": [arg(0, 2)]},
            {"names": ["mount"], "action": ALLOW, "includes": {"caps": ["CAP_SYS_ADMIN"]}},
            {"names": ["unshare"], "action": ALLOW, "args": [arg(0, 0)], "excludes": {"caps": ["CAP_CHOWN"]}},
        ],
    }
    log = (
        b'chmod("x", 0777) = -1 EPERM (Operation not permitted)\n'
        b"socket(AF_UNIX, SOCK_STREAM, 0) = -1 EPERM (Operation not permitted)\n"
        b'mount("a", "b", "c", 0, NULL) = -1 EPERM (Operation not permitted)\n'
        b"unshare(CLONE_NEWUSER) = -1 EPERM (Operation not permitted)\n"
        b'mkdir("a", 0777) = -1 EACCES (Permission denied)\n'
        b"syscall_0x3e7(0x1, 0x2, 0x3, 0x4, 0x5, 0x6) = -1 EPERM (Operation not permitted)\n"
        b'read(3, "", 1) = 0\n'
    )

    def tell() -> Iterator[str]:
        target = Target(caps=frozenset({"CAP_CHOWN"}))
        calls = LiveCalls(
            Simulation.of_text(json.dumps(profile), target, file="mine.json"), clock=lambda: 5.0
        )
        calls.feed(log)
        snapshot = calls.snapshot()
        for row in (
            *snapshot.denied,
            *snapshot.others,
            *(row for rows in snapshot.allowed.values() for row in rows),
        ):
            yield f"{row.verdict} {row.rule}"
            yield row.rule
        yield from snapshot.allowed
        yield from _answer_texts(explained_calls(calls, 4, 6))

    assert_translated(tell)
