"""Architectures by the names that people and programs give them."""

import pytest

from runner.errors import UsageError
from runner.profile.calls.call import parse_call
from runner.profile.calls.groups import KNOWN
from runner.profile.calls.older import INSTEAD
from runner.profile.calls.syscalls import arch, find, go_name, of_number


@pytest.mark.parametrize(
    ("text", "go"),
    [
        *[("AMD64", "amd64"), ("X86_64", "amd64"), ("x64", "amd64"), ("linux/amd64", "amd64")],
        *[("SCMP_ARCH_X86_64", "amd64"), ("AUDIT_ARCH_X86_64", "amd64"), ("c000003e", "amd64")],
        *[("0xC000003E", "amd64"), ("i686", "386"), ("SCMP_ARCH_X86", "386"), ("x32", "x32")],
        *[("linux/arm64/v8", "arm64"), ("arm/v7", "arm"), ("armhf", "arm"), ("c00000b7", "arm64")],
        *[("ppc64el", "ppc64le"), ("powerpc", "ppc"), ("mips64el", "mips64le"), ("mips64n32", "mips64p32")],
        *[("scmp_arch_mipsel64n32", "mips64p32le"), ("LoongArch64", "loong64"), ("s390x", "s390x")],
        *[("vax", "vax"), ("deadbeef", "deadbeef"), ("", "")],
    ],
)
def test_an_architecture_has_many_names(text, go):
    assert go_name(text) == go


def test_a_call_is_made_on_an_architecture_by_any_of_its_names():
    assert parse_call(["mount"], "linux/arm64/v8").syscall.number == 40


@pytest.mark.parametrize(
    ("name", "go", "step"),
    [
        ("open", "arm64", "its programs call openat: name that"),
        ("rename", "riscv64", "its programs call renameat2: name that"),
        ("fstat64", "amd64", "its programs call fstat: name that"),
        ("umount", "amd64", "its programs call umount2: name that"),
        ("newfstatat", "386", "its programs call fstatat64: name that"),
        ("chown32", "amd64", "its programs call chown: name that"),
        ("fchown32", "amd64", "its programs call fchown: name that"),
        ("lchown32", "amd64", "its programs call lchown: name that"),
        ("lchown32", "arm64", "its programs call fchownat: name that"),
    ],
)
def test_a_call_that_an_architecture_lacks_leads_to_the_one_that_it_has(
    name: str, go: str, step: str
) -> None:
    with pytest.raises(UsageError) as caught:
        find(name, arch(go))
    assert caught.value.remedy == step


@pytest.mark.parametrize(("function", "name"), [("pread", "pread64"), ("fstatat", "newfstatat")])
def test_a_function_of_the_c_library_leads_to_its_call(function: str, name: str) -> None:
    with pytest.raises(UsageError, match=f"did you mean {name}"):
        find(function, arch("amd64"))


def test_what_programs_call_instead_exists() -> None:
    assert {name for names in INSTEAD.values() for name in names} <= KNOWN


def test_a_call_of_one_architecture_alone_may_be_newer_than_the_library() -> None:
    riscv64 = arch("riscv64")
    assert find("riscv_hwprobe", riscv64).number == 258
    assert of_number(258, riscv64).name == "riscv_hwprobe"
    assert of_number(258, arch("arm64")).name == "#258"
