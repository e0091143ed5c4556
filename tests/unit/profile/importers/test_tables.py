"""`runner.profile.importers.tables`: headers and tables that number all calls of a machine."""

import pytest

from runner.profile.importers import import_profile
from tests.unit.profile.importers.results import allowed

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
