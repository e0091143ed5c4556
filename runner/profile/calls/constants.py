"""Arguments of system calls as people write them: numbers, the kernel's constants, and several with `|`."""

import errno
import re
from functools import lru_cache
from typing import NamedTuple

from runner.errors import UsageError
from runner.language import tr
from runner.profile.calls.syscalls import Arch
from runner.suggest import nearest

_ALL_BITS = 0xFFFF_FFFF_FFFF_FFFF
_LOWEST = -0x8000_0000_0000_0000
_DIGITS = 4000
_POINTER = {64: 0x7FFC_0000_1000, 32: 0xBFFC_1000}
_NUMBER = re.compile(r"(-?)(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|0|[1-9][0-9]*)\Z")
_CONSTANT = re.compile(r"[A-Z][A-Z0-9]*(_[A-Za-z0-9_]+)?\Z")
_QUOTED = re.compile(r"""(["']).*\1\Z""", re.DOTALL)


class Argument(NamedTuple):
    """An argument's unsigned 64-bit value, and notes for the user; for a text, the value is a pointer to it."""

    value: int
    note: str = ""
    is_text: bool = False


def argument(text: str, arch: Arch) -> Argument:
    """Read an argument.

    It may be a number (`438`, octal `0666` or `0o666`, `0x1b6`, `-1` as 64 bits), a constant's name, several
    of those joined with `|`, or text such as a path, which stands for a pointer to it.
    """
    if _is_text(text):
        return Argument(
            _POINTER[arch.bits],
            tr("seccomp sees only a pointer, never the text that it points to"),
            is_text=True,
        )
    value = 0
    for part in text.split("|"):
        value |= _term(part.strip(), text, arch)
    return Argument(value)


def number(text: str) -> int | None:
    """Read a number as C and Python write it, octal with a leading 0 included; None if the text is not a number."""
    match = _NUMBER.match(text)
    if not match:
        return None
    sign, digits = match.groups()
    octal = digits[0] == "0" and digits.isdigit() and len(digits) > 1
    # Python reads no decimal number of thousands of digits; the first ones make it too large as well.
    value = int(digits, 8) if octal else int(digits[:_DIGITS] if digits.isdigit() else digits, 0)
    return -value if sign else value


def constant(name: str, arch: Arch) -> int | None:
    """The value of a constant on an architecture; None if it is unknown."""
    family = _FAMILIES.get(arch.go, "")
    name = f"AF_{name[3:]}" if name.startswith("PF_") and name[3:4].isupper() else name
    return _table(family).get(name, _table("").get(name))


def meant_constant(word: str, prefix: str) -> str:
    """The constant that a word means in another case, or without its `prefix` (`vsock`); "" if there is none."""
    folded = word.strip("\"'").upper()
    return next((name for name in (folded, f"{prefix}{folded}") if name in _table("")), "")


def errno_name(number: int) -> str:
    """The name of an errno; its number as text if it has no name."""
    return errno.errorcode.get(number, str(number))


def errno_number(name: str) -> int | None:
    """The generic number of an errno by its name (`EPERM`); None if there is no such name."""
    found = getattr(errno, name, None)
    return found if isinstance(found, int) else None


def read_errno(text: str) -> int | None:
    """The number of an errno as a user writes it, by name or number; None if it is neither."""
    return int(text) if re.fullmatch(r"[0-9]{1,5}", text) else errno_number(text)


def _is_text(text: str) -> bool:
    if not text or _QUOTED.match(text):
        return True
    parts = [part.strip() for part in text.split("|")]
    return not any(
        _NUMBER.match(part) or _CONSTANT.match(part) or part == "" for part in parts
    ) and not re.match(r"[-+]?[0-9]", text)


def _term(part: str, whole: str, arch: Arch) -> int:
    value = number(part)
    if value is None:
        value = constant(part, arch)
    if value is None:
        near = nearest(part, _table(""))
        raise UsageError(
            tr(
                "argument {whole}: {part} is neither a number nor a constant known here (did you mean {near}?)",
                whole=repr(whole),
                part=repr(part),
                near=near,
            )
            if near
            else tr(
                "argument {whole}: {part} is neither a number nor a constant known here",
                whole=repr(whole),
                part=repr(part),
            ),
            remedy=tr("write its value as a number; quote it if it is a text"),
        )
    if not _LOWEST <= value <= _ALL_BITS:
        raise UsageError(
            tr("argument {whole}: {part} does not fit into 64 bits", whole=repr(whole), part=part),
            remedy=tr("write a number of 64 bits at most"),
        )
    return value & _ALL_BITS


@lru_cache
def _table(family: str) -> dict[str, int]:
    pairs = (pair.split("=") for pair in _TABLES[family].split())
    table = {name: int(value, 0) for name, value in pairs}
    if not family:
        table.update({name: value for value, name in errno.errorcode.items()}, NULL=0, TRUE=1, FALSE=0)
    return table


# The values in which an architecture differs from the generic ones; all its other values are the generic
# ones.
_FAMILIES = {
    "arm": "arm",
    "arm64": "arm",
    "mips": "mips",
    "mipsle": "mips",
    "mips64": "mips",
    "mips64le": "mips",
    "mips64p32": "mips",
    "mips64p32le": "mips",
    "ppc": "ppc",
    "ppc64": "ppc",
    "ppc64le": "ppc",
}
_TABLES = {
    "arm": "O_DIRECTORY=0x4000 O_NOFOLLOW=0x8000",
    "ppc": "O_DIRECTORY=0x4000 O_NOFOLLOW=0x8000 TCGETS=0x402c7413 TIOCGWINSZ=0x40087468",
    "mips": """
SOCK_STREAM=2 SOCK_DGRAM=1 SOCK_NONBLOCK=0x80 O_APPEND=8 O_CREAT=0x100 O_TRUNC=0x200 O_EXCL=0x400
O_NOCTTY=0x800 O_NONBLOCK=0x80 MAP_ANONYMOUS=0x800 SOL_SOCKET=0xffff SO_REUSEADDR=4 SO_KEEPALIVE=8
SO_SNDBUF=0x1001 SO_RCVBUF=0x1002 SIGUSR1=16 SIGUSR2=17 SIGCHLD=18 SIGSTOP=23 SIGCONT=25 SIGSYS=12
TIOCSTI=0x5472 TIOCGWINSZ=0x40087468 TCGETS=0x540d
""",
    "": """
CLONE_VM=0x100 CLONE_FS=0x200 CLONE_FILES=0x400 CLONE_SIGHAND=0x800 CLONE_PIDFD=0x1000
CLONE_PTRACE=0x2000 CLONE_VFORK=0x4000 CLONE_PARENT=0x8000 CLONE_THREAD=0x10000 CLONE_NEWNS=0x20000
CLONE_SYSVSEM=0x40000 CLONE_SETTLS=0x80000 CLONE_PARENT_SETTID=0x100000
CLONE_CHILD_CLEARTID=0x200000 CLONE_UNTRACED=0x800000 CLONE_CHILD_SETTID=0x1000000
CLONE_NEWCGROUP=0x2000000 CLONE_NEWUTS=0x4000000 CLONE_NEWIPC=0x8000000 CLONE_NEWUSER=0x10000000
CLONE_NEWPID=0x20000000 CLONE_NEWNET=0x40000000 CLONE_IO=0x80000000 CLONE_NEWTIME=0x80
AF_UNSPEC=0 AF_UNIX=1 AF_LOCAL=1 AF_INET=2 AF_AX25=3 AF_IPX=4 AF_APPLETALK=5 AF_X25=9 AF_INET6=10
AF_NETROM=6 AF_BRIDGE=7 AF_ATMPVC=8 AF_ROSE=11 AF_DECnet=12 AF_NETBEUI=13 AF_SECURITY=14 AF_KEY=15
AF_NETLINK=16 AF_PACKET=17 AF_ASH=18 AF_ECONET=19 AF_ATMSVC=20 AF_RDS=21 AF_SNA=22 AF_IRDA=23
AF_PPPOX=24 AF_WANPIPE=25 AF_LLC=26 AF_IB=27 AF_MPLS=28 AF_CAN=29 AF_TIPC=30 AF_BLUETOOTH=31
AF_IUCV=32 AF_RXRPC=33 AF_ISDN=34 AF_PHONET=35 AF_IEEE802154=36 AF_CAIF=37 AF_ALG=38
AF_NFC=39 AF_VSOCK=40 AF_KCM=41 AF_QIPCRTR=42 AF_SMC=43 AF_XDP=44 AF_MCTP=45
SOCK_STREAM=1 SOCK_DGRAM=2 SOCK_RAW=3 SOCK_RDM=4 SOCK_SEQPACKET=5 SOCK_PACKET=10 SOCK_NONBLOCK=0x800
SOCK_CLOEXEC=0x80000
IPPROTO_IP=0 IPPROTO_ICMP=1 IPPROTO_TCP=6 IPPROTO_UDP=17 IPPROTO_IPV6=41 IPPROTO_RAW=0xff
IPPROTO_SCTP=0x84
NETLINK_ROUTE=0 NETLINK_AUDIT=9 NETLINK_NETFILTER=12 NETLINK_KOBJECT_UEVENT=15 NETLINK_GENERIC=16
O_RDONLY=0 O_WRONLY=1 O_RDWR=2 O_CREAT=64 O_EXCL=0x80 O_NOCTTY=0x100 O_TRUNC=0x200 O_APPEND=0x400
O_NONBLOCK=0x800 O_DIRECTORY=0x10000 O_NOFOLLOW=0x20000 O_CLOEXEC=0x80000 O_PATH=0x200000
AT_FDCWD=-100 AT_SYMLINK_NOFOLLOW=0x100 AT_REMOVEDIR=0x200 AT_SYMLINK_FOLLOW=0x400
AT_EMPTY_PATH=0x1000 AT_EACCESS=0x200
S_ISUID=0o4000 S_ISGID=0o2000 S_ISVTX=0o1000 S_IRWXU=0o700 S_IRUSR=0o400 S_IWUSR=0o200 S_IXUSR=0o100
S_IRWXG=0o70 S_IRGRP=0o40 S_IWGRP=0o20 S_IXGRP=0o10 S_IRWXO=0o7 S_IROTH=0o4 S_IWOTH=0o2 S_IXOTH=0o1
S_IFREG=0o100000 S_IFCHR=0o20000 S_IFBLK=0o60000 S_IFIFO=0o10000 S_IFSOCK=0o140000 S_IFDIR=0o40000
R_OK=4 W_OK=2 X_OK=1 F_OK=0
PROT_NONE=0 PROT_READ=1 PROT_WRITE=2 PROT_EXEC=4 MAP_SHARED=1 MAP_PRIVATE=2 MAP_FIXED=16
MAP_ANONYMOUS=32
MS_RDONLY=1 MS_NOSUID=2 MS_NODEV=4 MS_NOEXEC=8 MS_REMOUNT=32 MS_BIND=0x1000 MS_MOVE=0x2000
MS_REC=0x4000 MS_SILENT=0x8000 MS_PRIVATE=0x40000 MS_SLAVE=0x80000 MS_SHARED=0x100000
MNT_FORCE=1 MNT_DETACH=2 MNT_EXPIRE=4 UMOUNT_NOFOLLOW=8
PR_SET_PDEATHSIG=1 PR_GET_DUMPABLE=3 PR_SET_DUMPABLE=4 PR_SET_KEEPCAPS=8 PR_SET_NAME=15
PR_GET_NAME=16 PR_GET_SECCOMP=21 PR_SET_SECCOMP=22 PR_CAPBSET_READ=23 PR_CAPBSET_DROP=24
PR_SET_SECUREBITS=28 PR_SET_CHILD_SUBREAPER=36 PR_SET_NO_NEW_PRIVS=38 PR_GET_NO_NEW_PRIVS=39
PR_CAP_AMBIENT=47 PR_SET_PTRACER=0x59616d61 PR_SET_MM=35
PTRACE_TRACEME=0 PTRACE_PEEKTEXT=1 PTRACE_PEEKDATA=2 PTRACE_POKETEXT=4 PTRACE_POKEDATA=5
PTRACE_CONT=7 PTRACE_KILL=8 PTRACE_ATTACH=16 PTRACE_DETACH=17 PTRACE_SYSCALL=24
PTRACE_SETOPTIONS=0x4200 PTRACE_SEIZE=0x4206 PTRACE_SECCOMP_GET_FILTER=0x420c
PER_LINUX=0 PER_LINUX32=8 PER_BSD=6 PER_MASK=0xff ADDR_NO_RANDOMIZE=0x40000 UNAME26=0x20000
READ_IMPLIES_EXEC=0x400000 MMAP_PAGE_ZERO=0x100000 ADDR_COMPAT_LAYOUT=0x200000
FDPIC_FUNCPTRS=0x80000 ADDR_LIMIT_32BIT=0x800000 SHORT_INODE=0x1000000 WHOLE_SECONDS=0x2000000
STICKY_TIMEOUTS=0x4000000 ADDR_LIMIT_3GB=0x8000000
KEYCTL_GET_KEYRING_ID=0 KEYCTL_JOIN_SESSION_KEYRING=1 KEYCTL_UPDATE=2 KEYCTL_REVOKE=3 KEYCTL_CHOWN=4
KEYCTL_SETPERM=5 KEYCTL_DESCRIBE=6 KEYCTL_CLEAR=7 KEYCTL_LINK=8 KEYCTL_UNLINK=9 KEYCTL_SEARCH=10
KEYCTL_READ=11
SECCOMP_SET_MODE_STRICT=0 SECCOMP_SET_MODE_FILTER=1 SECCOMP_GET_ACTION_AVAIL=2 SECCOMP_MODE_STRICT=1
SECCOMP_MODE_FILTER=2 SECCOMP_FILTER_FLAG_TSYNC=1 SECCOMP_FILTER_FLAG_LOG=2
SECCOMP_FILTER_FLAG_NEW_LISTENER=8
SIGHUP=1 SIGINT=2 SIGQUIT=3 SIGILL=4 SIGTRAP=5 SIGABRT=6 SIGFPE=8 SIGKILL=9 SIGSEGV=11 SIGPIPE=13
SIGALRM=14 SIGTERM=15 SIGCHLD=17 SIGCONT=18 SIGSTOP=19 SIGSYS=31 SIGUSR1=10 SIGUSR2=12
F_DUPFD=0 F_GETFD=1 F_SETFD=2 F_GETFL=3 F_SETFL=4 F_DUPFD_CLOEXEC=0x406 FD_CLOEXEC=1
FUTEX_WAIT=0 FUTEX_WAKE=1 FUTEX_PRIVATE_FLAG=0x80
GRND_NONBLOCK=1 GRND_RANDOM=2
TIOCSTI=0x5412 TIOCGWINSZ=0x5413 TCGETS=0x5401 TIOCLINUX=0x541c
LINUX_REBOOT_MAGIC1=0xfee1dead LINUX_REBOOT_MAGIC2=0x28121969 LINUX_REBOOT_CMD_RESTART=0x1234567
LINUX_REBOOT_CMD_POWER_OFF=0x4321fedc
BPF_MAP_CREATE=0 BPF_PROG_LOAD=5 BPF_OBJ_PIN=6 BPF_PROG_ATTACH=8
SOL_SOCKET=1 SO_REUSEADDR=2 SO_KEEPALIVE=9 SO_RCVBUF=8 SO_SNDBUF=7 SHUT_RD=0 SHUT_WR=1 SHUT_RDWR=2
MSG_PEEK=2 MSG_NOSIGNAL=0x4000 MSG_DONTWAIT=64
WNOHANG=1 WUNTRACED=2
""",
}
