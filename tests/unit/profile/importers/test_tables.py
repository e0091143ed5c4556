"""`runner.profile.importers.tables`: headers and tables that number all calls of a machine."""

import pytest

from runner.profile.errors import ProfileError
from runner.profile.foreign.outputs import foreign
from runner.profile.importers import import_profile
from tests.unit.profile.importers.results import allowed

FILTER = """\
#ifndef __NR_clone3
#define __NR_clone3 435
#endif
static struct sock_filter filter[] = {
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_clone3, 0, 1),
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
};
"""

HEADER = """\
#ifndef _ASM_UNISTD_64_H
#define _ASM_UNISTD_64_H
#define __NR_read 0
#define __NR_write (__NR_SYSCALL_BASE + 1)
#define __NR3264_fcntl 25
#define __NR_syscalls 26
#endif /* _ASM_UNISTD_64_H */
"""
TABLES = {
    "asm/unistd_64.h": (HEADER, "a C header", ["fcntl", "read", "write"]),
    "bits/syscall.h": ("#ifdef __NR_read\n# define SYS_read __NR_read\n#endif\n", "a C header", ["read"]),
    "asm/syscalls_64.h": (
        "__SYSCALL(0, sys_read)\n__SYSCALL_64(1, sys_write)\n",
        "a C header",
        ["read", "write"],
    ),
    "syscall_64.tbl": (
        "#\n# numbers\n#\n0\tcommon\tread\t\t\tsys_read\n512\tx32\trt_sigaction\t\tcompat_sys_rt_sigaction\n",
        "the kernel's table",
        ["read", "rt_sigaction"],
    ),
    "with a call that does not return": (
        "0\tcommon\tread\tsys_read\n60\tcommon\texit\tsys_exit\t-\tnoreturn\n",
        "the kernel's table",
        ["exit", "read"],
    ),
    "asm-generic/unistd.h": (
        "/*\n * Numbers.\n * And more.\n */\n#define __SC_COMP(_nr, _sys, _comp) \\\n\t__SYSCALL(_nr, _sys)\n"
        "#define __NR_read 63\n__SC_COMP(__NR_read, sys_read, \\\n\tsys_read)\n// one more\n"
        "#define __NR_write 64 /* out\n of it */\n__SYSCALL(__NR_write, sys_write)\n",
        "a C header",
        ["read", "write"],
    ),
}


@pytest.mark.parametrize("name", TABLES)
def test_a_table_of_numbers_gives_the_names_of_its_calls(name: str) -> None:
    text, kind, calls = TABLES[name]
    imported = import_profile(text)
    assert sorted(allowed(imported.profile)) == calls
    assert imported.read_as.startswith(kind)
    assert imported.unused == ()
    (note,) = imported.notes
    assert "all calls of the table" in note


def test_a_filter_in_c_that_numbers_a_call_is_no_table() -> None:
    with pytest.raises(ProfileError):
        import_profile(FILTER)
    found = foreign(FILTER)
    assert found is not None
    assert found.name == "a filter in a C program"


def test_a_number_in_a_list_of_names_makes_no_table_of_it() -> None:
    imported = import_profile("read\nwrite\n#define __NR_clone3 435\nopenat\n")
    assert allowed(imported.profile) == {"read", "write", "openat"}
    assert imported.read_as == "a list of names"


def test_lines_of_a_table_that_are_no_rows_are_told() -> None:
    imported = import_profile(f"{HEADER}\nint main(void);\n")
    assert allowed(imported.profile) == {"fcntl", "read", "write"}
    assert imported.unused_lines == 1
    assert [str(each) for each in imported.unused] == ["line 9: no row of the table: int main(void);"]
