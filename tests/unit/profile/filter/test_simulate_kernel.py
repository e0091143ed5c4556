"""`runner.profile.filter.simulate`: this machine's kernel decides the same with the same filter.

No probe can do harm: a child's filter executes only the calls that Python itself needs, and calls without an effect.
"""

import ctypes
import faulthandler
import json
import os
import platform
import random
import signal
import struct
import sys
from collections.abc import Callable, Sequence

import pytest

from runner.profile.calls.call import Call
from runner.profile.calls.syscalls import AMD64_TOKEN, all_calls, arch, of_number
from runner.profile.filter import bpf
from runner.profile.filter.returns import describe_return
from runner.profile.filter.simulate import Filter, compile_filter
from runner.profile.model import Action, Arg, OciRule, OciSeccomp, Operator

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="seccomp is Linux's"),
    pytest.mark.skipif(platform.machine() != "x86_64", reason="the probes know x86-64's numbers"),
]

AMD64 = arch("amd64")
PYTHON_NEEDS = (
    *("read", "write", "mmap", "munmap", "brk", "mprotect", "madvise", "mremap", "futex", "exit_group"),
    *("rt_sigreturn", "rt_sigaction", "rt_sigprocmask", "close", "sigaltstack", "membarrier", "getrandom"),
)
HARMLESS = ("getpid", "getppid", "getuid", "geteuid", "getgid", "getegid", "gettid", "sched_yield", "getpgrp")
INTERESTING = (
    *(0, 1, 2, 0o777, 0x1FF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF),
    *(0x100000000, 0x1000001FF, 0x7FFFFFFFFFFFFFFF, 0x8000000000000000, 0xFFFFFFFF00000000),
    *(0xFFFFFFFFFFFFFFFE, 0xFFFFFFFFFFFFFFFF, 0x7E020000, 0x10000000, 38, 39, 40, 41),
)
DEFAULT_ERRNO = 1234
PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 38, 22, 2


class _SockFprog(ctypes.Structure):
    _fields_ = (("len", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def run_confined(program: bytes, work: Callable[[ctypes.CDLL], object]) -> tuple[object, int]:
    """Run `work` in a child under the filter; returns its result, and the signal that ended the child (0: none)."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    libc.syscall.argtypes = [ctypes.c_long] + [ctypes.c_ulong] * 6
    readable, writable = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(readable)
            fprog = _SockFprog(len(program) // 8, program)
            libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
            if libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(fprog), 0, 0):
                os._exit(9)
            answer = json.dumps(work(libc)).encode()
            while answer:
                answer = answer[os.write(writable, answer) :]
            os._exit(0)
        finally:
            os._exit(8)
    os.close(writable)
    with os.fdopen(readable, "rb") as pipe:
        answer = pipe.read()
    status = os.waitpid(child, 0)[1]
    if os.WIFSIGNALED(status):
        return None, os.WTERMSIG(status)
    assert os.WEXITSTATUS(status) == 0, "the child could not load the filter or answer"
    return json.loads(answer), 0


def kernel_errnos(filter_: Filter, probes: Sequence[tuple[int, tuple[int, ...]]]) -> list[int]:
    def work(libc: ctypes.CDLL) -> list[int]:
        found = []
        for number, args in probes:
            ctypes.set_errno(0)
            result = libc.syscall(number, *args)
            found.append(ctypes.get_errno() if result == -1 else 0)
        return found

    errnos, ended_by = run_confined(bpf.encode(filter_.program), work)
    assert ended_by == 0, signal.Signals(ended_by)
    assert isinstance(errnos, list)
    return errnos


def simulated_errno(filter_: Filter, number: int, args: tuple[int, ...]) -> int:
    action, errno = describe_return(filter_.returns(AMD64_TOKEN, number & 0xFFFFFFFF, args))
    assert action in ("allow", "errno")
    return errno or 0


def random_arg(rng: random.Random, index: int) -> Arg:
    values = [
        rng.choice((rng.choice(INTERESTING), rng.getrandbits(64), rng.getrandbits(8))) for _ in range(2)
    ]
    return Arg(index, values[0], rng.choice(list(Operator)), values[1])


def near(rng: random.Random, args: Sequence[Arg]) -> tuple[int, ...]:
    """Arguments at or beside the boundaries of some conditions, with 64-bit variations."""
    values = [rng.choice(INTERESTING) for _ in range(6)]
    for arg in args:
        base = rng.choice((arg.value, arg.value_two, arg.value & arg.value_two))
        change = rng.choice((0, 0, 1, -1, 1 << 32, -(1 << 32), 1 << 63, 1 << 31))
        values[arg.index] = (base + change) % 2**64
    return tuple(values)


def oci(rules: Sequence[OciRule], *, default: Action = Action.ERRNO) -> OciSeccomp:
    return OciSeccomp(
        default_action=default,
        default_errno=DEFAULT_ERRNO if default is Action.ERRNO else None,
        architectures=("SCMP_ARCH_X86_64", "SCMP_ARCH_X86"),
        flags=(),
        listener_path="",
        listener_metadata="",
        rules=tuple(rules),
    )


def probe_names() -> list[str]:
    return [call.name for call in all_calls(AMD64) if call.known and call.name not in PYTHON_NEEDS]


@pytest.mark.parametrize("seed", range(6))
def test_thousands_of_calls_get_the_errno_that_the_simulator_says(seed: int) -> None:
    """Over every call, conditions of every kind, and arguments beside their boundaries."""
    rng = random.Random(seed)  # noqa: S311 - repeatable probes, no secret
    names = probe_names()
    rules = [OciRule(PYTHON_NEEDS, Action.ALLOW, None, ())]
    conditions: dict[str, list[Arg]] = {}
    for position, name in enumerate(rng.sample(names, 150)):
        indexes = rng.sample(range(6), rng.choice((0, 1, 1, 2, 3)))
        if rng.random() < 0.15:
            indexes = [2, 2]
        args = tuple(random_arg(rng, index) for index in indexes)
        rules.append(OciRule((name,), Action.ERRNO, 1000 + position, args))
        conditions[name] = list(args)
    filter_ = compile_filter(oci(rules), AMD64)
    numbers = {call.name: call.number for call in all_calls(AMD64)}
    probes = [
        (numbers[name], near(rng, conditions.get(name, [])))
        for name in names
        for _ in range(8 if conditions.get(name) else 1)
    ]
    probes += [(number, (0,) * 6) for number in (*range(460, 600), 1000, 0x3FFFFFFF, -1)]
    errnos = kernel_errnos(filter_, probes)
    expected = [simulated_errno(filter_, *probe) for probe in probes]
    assert len(probes) > 1000
    assert len(set(expected)) > 50, "the probes must reach many rules"
    wrong = [row for row in zip(probes, expected, errnos, strict=True) if row[1] != row[2]]
    assert not wrong


@pytest.mark.parametrize("seed", range(3))
def test_denials_under_a_permissive_default_hit_the_calls_that_the_simulator_says(seed: int) -> None:
    """With ALLOW as the default there is no ENOSYS stub, and calls that are not denied are executed."""
    rng = random.Random(seed)  # noqa: S311 - repeatable probes, no secret
    rules, conditions = [], {}
    for position, name in enumerate(HARMLESS):
        args = tuple(random_arg(rng, index) for index in rng.sample(range(6), 1 + position % 3))
        rules.append(OciRule((name,), Action.ERRNO, 1000 + position, args))
        conditions[name] = args
    filter_ = compile_filter(oci(rules, default=Action.ALLOW), AMD64)
    numbers = {call.name: call.number for call in all_calls(AMD64)}
    probes = [(numbers[name], near(rng, args)) for name, args in conditions.items() for _ in range(100)]
    expected = [simulated_errno(filter_, *probe) for probe in probes]
    assert kernel_errnos(filter_, probes) == expected
    assert 0 in expected
    assert len(set(expected)) > 3


@pytest.mark.parametrize("mode", [0o777, 0x1000001FF, 0xFFFFFFFF000001FF, 0o776, 0x80000000000001FF])
@pytest.mark.parametrize(
    "arg", [Arg(1, 0o777, Operator.EQ), Arg(1, 0xFFFFFFFF, Operator.MASKED_EQ, 0o777)], ids=["EQ", "MASKED"]
)
def test_a_64_bit_trick_passes_an_equality_and_not_a_mask(arg: Arg, mode: int) -> None:
    rules = [OciRule(PYTHON_NEEDS, Action.ALLOW, None, ()), OciRule(("chmod",), Action.ERRNO, 1001, (arg,))]
    filter_ = compile_filter(oci(rules), AMD64)
    probe = (90, (0, mode, 0, 0, 0, 0))
    denied = mode == 0o777 or (arg.op is Operator.MASKED_EQ and mode & 0xFFFFFFFF == 0o777)
    assert simulated_errno(filter_, *probe) == (1001 if denied else DEFAULT_ERRNO)
    assert kernel_errnos(filter_, [probe]) == [simulated_errno(filter_, *probe)]


@pytest.mark.parametrize(
    ("action", "number"),
    [
        (Action.KILL, 90),
        (Action.KILL_PROCESS, 90),
        (Action.TRAP, 90),
        (Action.ERRNO, 0x40000000 + 90),
    ],
)
def test_simulated_kills_end_the_process_with_sigsys(action: Action, number: int) -> None:
    """A rule's KILL and TRAP, and a foreign ABI: x32 where the profile does not list it."""
    rules = [OciRule(PYTHON_NEEDS, Action.ALLOW, None, ()), OciRule(("chmod",), action, None, ())]
    filter_ = compile_filter(oci(rules), AMD64)
    simulated, _ = describe_return(filter_.returns(AMD64_TOKEN, number, (0,) * 6))
    assert simulated in ("kill_thread", "kill_process", "trap")
    _, ended_by = run_confined(
        bpf.encode(filter_.program), lambda libc: libc.syscall(number, 0, 0, 0, 0, 0, 0)
    )
    assert ended_by == signal.SIGSYS


def test_trace_without_a_tracer_and_a_pretended_success() -> None:
    rules = [
        OciRule(PYTHON_NEEDS, Action.ALLOW, None, ()),
        OciRule(("chmod",), Action.TRACE, None, ()),
        OciRule(("fchmod",), Action.ERRNO, 0, ()),
    ]
    filter_ = compile_filter(oci(rules), AMD64)
    assert describe_return(filter_.returns(AMD64_TOKEN, 90, (0,) * 6)) == ("trace", 38)
    assert describe_return(filter_.returns(AMD64_TOKEN, 91, (0,) * 6)) == ("errno", 0)
    assert kernel_errnos(filter_, [(90, (0,) * 6), (91, (0,) * 6)]) == [38, 0]


def test_32_bit_calls_go_by_the_32_bit_rules() -> None:
    """`int 0x80` uses x86's table, where socket has another number, and is also reached through socketcall."""
    rules = [
        OciRule(PYTHON_NEEDS, Action.ALLOW, None, ()),
        OciRule(("socket",), Action.ERRNO, 1001, (Arg(0, 2, Operator.EQ),)),
        OciRule(("chmod",), Action.ERRNO, 1002, (Arg(1, 0o777, Operator.EQ),)),
    ]
    filter_ = compile_filter(oci(rules), AMD64)
    i386 = arch("386")
    probes = [(359, 2, 0), (359, 3, 0), (102, 1, 0), (102, 2, 0), (15, 0, 0o777), (15, 0, 0o776), (500, 0, 0)]
    expected = []
    for number, first, second in probes:
        _, errno = describe_return(filter_.returns(i386.audit, number, (first, second, 0, 0, 0, 0)))
        expected.append(errno)
    assert expected == [1001, DEFAULT_ERRNO, 1001, DEFAULT_ERRNO, 1002, DEFAULT_ERRNO, 38]

    import mmap

    # push rbx; mov eax,edi; mov ebx,esi; mov ecx,edx; int 0x80; pop rbx; ret
    code = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    code.write(bytes.fromhex("53 89f8 89f3 89d1 cd80 5b c3"))
    entry = ctypes.addressof(ctypes.c_char.from_buffer(code))
    call = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int, ctypes.c_uint, ctypes.c_uint)(entry)
    if call(20, 0, 0) != os.getpid():
        pytest.skip("this kernel runs no 32-bit calls")
    errnos, ended_by = run_confined(
        bpf.encode(filter_.program), lambda _: [-call(*probe) for probe in probes]
    )
    assert (errnos, ended_by) == (expected, 0)


@pytest.mark.parametrize(("number", "since"), [(334, None), (335, (6, 14)), (336, (6, 18)), (337, None)])
def test_calls_that_this_kernel_never_filters_are_known(number: int, since: tuple[int, int] | None) -> None:
    """Denied by the filter with a unique errno: a call that the kernel executes nevertheless answers otherwise."""
    version = tuple(int(part) for part in platform.release().split(".")[:2])
    filter_ = compile_filter(
        oci([OciRule(PYTHON_NEEDS, Action.ALLOW, None, ())]), AMD64, kernel=(version[0], version[1])
    )
    decision = filter_.decide(Call(AMD64, of_number(number, AMD64), (0,) * 6))
    passes = since is not None and version >= since
    assert decision.executed is passes

    def work(libc: ctypes.CDLL) -> tuple[int, int]:
        faulthandler.disable()  # uretprobe from anywhere but its trampoline ends in SIGILL, which is expected here
        return libc.syscall(number, *(0,) * 6), ctypes.get_errno()

    ended = run_confined(bpf.encode(filter_.program), work)
    filtered = ended == ([-1, decision.errno_number], 0)
    assert filtered is not passes


def test_the_program_is_an_array_of_sock_filter() -> None:
    filter_ = compile_filter(oci([OciRule(("read",), Action.ALLOW, None, ())]), AMD64)
    assert len(bpf.encode(filter_.program)) == struct.calcsize("=HBBI") * len(filter_.program)
