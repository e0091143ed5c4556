"""`runner.profile.evidence.arguments`: the filter's view of arguments that a log prints in its own form."""

import pytest

from runner.profile.calls.syscalls import arch
from runner.profile.evidence import SeenCall, read_evidence
from runner.profile.evidence.arguments import values
from runner.profile.evidence.strace_line import split_args


def first(line: str, machine: str = "amd64") -> tuple[int | None, ...]:
    seen: list[SeenCall] = []
    read_evidence(line, arch(machine), observer=seen.append)
    return values(seen[0], arch(machine))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("socket(AF_VSOCK, SOCK_STREAM|SOCK_CLOEXEC, 0) = -1 EPERM", (40, 0x80001, 0)),
        ("socket(PF_INET, SOCK_STREAM, IPPROTO_TCP) = 3", (2, 1, 6)),
        ("socket(0x28 /* AF_??? */, SOCK_STREAM, 0) = 3", (40, 1, 0)),
        ("personality(PER_LINUX|ADDR_NO_RANDOMIZE) = 0", (0x40000,)),
        ("personality(0xffffffff) = 0", (0xFFFFFFFF,)),
        ('openat(AT_FDCWD</home/a, b>, "x, y)", O_RDONLY, 0666) = 3</x>', (None, None, 0, 0o666)),
        ('write(1</dev/pts/0<char 136:0>>, "a\\"b, c", 6) = 6', (1, None, 6)),
        ("ioctl(1, TCGETS or SNDCTL_TMR_TIMEBASE, {B38400 opost}) = 0", (1, 0x5401, None)),
        ("clone3({flags=CLONE_VM, exit_signal=SIGCHLD} => {parent_tid=[7]}, 88) = 7", (None, 88)),
        ("rt_sigprocmask(SIG_BLOCK, ~[RTMIN RT_1], NULL, 8) = 0", (None, None, 0, 8)),
        ('execve("/bin/ls", ["ls", "a, b"], 0x7ffd /* 42 vars */) = 0', (None, None, 0x7FFD)),
        (
            "mmap(NULL, 8192, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f",
            (0, 8192, 3, 34, 2**64 - 1, 0),
        ),
        ("foobar_unknown(1) = 0", (1,)),
        ("kill(7, SIGNEVERHEARD) = 0", (7, None)),
        ("capset(1<<3, 1<<70) = 0", (8, 0)),
        (
            "mmap(NULL, 1, PROT_READ, MAP_HUGETLB|21<<MAP_HUGE_SHIFT, -1, 0) = 0x7f",
            (0, 1, 1, 0x54040000, 2**64 - 1),
        ),
        ("ioctl(3, _IOC(_IOC_READ|_IOC_WRITE, 0x54, 0x30, 0x4), 0x7f) = 0", (3, 0xC0045430, 0x7F)),
        ("ioctl(3, UNHEARD or FICLONE, 4) = 0", (3, 0x40049409, 4)),
        ("ioprio_set(1, 0, IOPRIO_PRIO_VALUE(IOPRIO_CLASS_IDLE, 7)) = 0", (1, 0, 0x6007)),
        ('quotactl(QCMD(Q_GETQUOTA, USRQUOTA), "/x", 0, 0x7f) = 0', (0x80000700, None, 0, 0x7F)),
        ("ioctl(3, _IOC(_IOC_UNHEARD, 0x54), 0x7f) = 0", (3, None, 0x7F)),
    ],
)
def test_arguments_as_strace_prints_them(line: str, expected: tuple[int | None, ...]) -> None:
    assert first(line) == (*expected, *(0,) * (6 - len(expected)))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("close(-1) = -1 EBADF", None),
        ("openat(AT_FDCWD, 0x1, O_RDONLY) = 3", None),
        ("kill(-5, SIGTERM) = 0", None),
        ("openat(0xffffff9c, 0x1, 0) = 3", 0xFFFFFF9C),
        ("openat(0xffffffffffffff9c, 0x1, 0) = 3", 0xFFFFFFFFFFFFFF9C),
        ("close(3) = 0", 3),
        ("lseek(3, -8, SEEK_END) = 1", 3),
    ],
)
def test_the_upper_half_of_a_negative_int_is_not_known(line: str, expected: int | None) -> None:
    assert first(line)[0] == expected


def test_a_negative_long_fills_its_register() -> None:
    assert first("lseek(3, -8, SEEK_END) = 1")[1] == 2**64 - 8


@pytest.mark.parametrize("machine", ["386", "arm"])
def test_a_register_of_32_bits_has_no_upper_half(machine: str) -> None:
    assert first("close(-1) = -1 EBADF", machine)[0] == 0xFFFFFFFF
    assert first("lseek(3, -8, SEEK_END) = 1", machine)[1] == 0xFFFFFFF8


def test_clones_arguments_in_the_order_of_the_machine() -> None:
    line = "clone(child_stack=0x1000, flags=CLONE_NEWUSER|SIGCHLD, child_tidptr=0x7f) = 7"
    assert first(line)[:2] == (0x10000011, 0x1000)
    assert first(line, "s390x")[:2] == (0x1000, 0x10000011)


def test_evidence_without_arguments_gives_no_values() -> None:
    assert first("type=1326 audit(1.1:1): arch=c000003e syscall=135") == (None,) * 6


@pytest.mark.parametrize(
    "file",
    [
        '3<UNIX-STREAM:[12->34,"/run/a>b, c"]>',
        '3<UNIX-STREAM:[12->34,@"x"]>',
        "3<TCP:[127.0.0.1:1->127.0.0.1:2]>",
        "3<TCPv6:[[::1]:1->[::1]:2]>",
        "3</dev/pts/0<char 136:0>>",
        "3</tmp/a, b>",
        "3</tmp/a->b>",
        "3<anon_inode:[eventpoll]>",
        "3",
    ],
)
def test_a_file_that_strace_describes_is_one_argument(file: str) -> None:
    parts = split_args(f'{file}, TIOCSTI, "x"')
    assert parts == (file, "TIOCSTI", '"x"')
