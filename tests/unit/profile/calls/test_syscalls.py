"""Architectures by the names that people and programs give them."""

import pytest

from runner.profile.calls.call import parse_call
from runner.profile.calls.syscalls import go_name


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
