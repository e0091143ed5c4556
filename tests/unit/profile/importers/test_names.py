"""Lists of names, in all their forms."""

import pytest

from runner.errors import UsageError
from runner.profile.errors import ProfileError
from runner.profile.importers import import_profile
from runner.profile.importers.names import import_names
from tests.unit.profile.importers.results import allowed, verdict


@pytest.mark.parametrize(
    "text",
    [
        "read\nclose\n",
        "read, close",
        "# what cat needs\nread close // both\n\n; nothing\n",
        "\"read\",\n'close',\n",
        "[read, close]",
        "- read\n- close\n",
        "SYS_read\n__NR_close\n",
        "__x64_sys_read __x64_sys_close",
        "read(2)\nclose(2)\n",
        "SCMP_SYS(read), SCMP_SYS(close)",
        "  120 read\n    3 close\n",
        "read: 1,200\nclose: 3\n",
        "0 read\n3 close\n",
        "read;close",
        "read; close;\n",
        "read ; close\n",
        "unix.SYS_READ,\nsyscall.SYS_CLOSE,\n",
        "read ; and then more\nclose\n",
        "$ strace -c mount | awk '{print $NF}'\nread\nclose\n",
        "root@host:~# cat names\nread\nclose\n",
    ],
)
def test_lists_of_names_in_all_their_forms(text: str) -> None:
    profile = import_profile(text, "names").profile
    assert allowed(profile) == {"read", "close"}
    assert verdict(profile, "read") == "allow"
    assert verdict(profile, "write") == "EPERM"


def test_an_unknown_name_is_kept_and_reported() -> None:
    imported = import_profile("read\nraed\n")
    assert "raed" in allowed(imported.profile)
    assert imported.notes == (
        "line 2: unknown system call 'raed' (did you mean read?); the runtime will leave it out",
    )


def test_an_invalid_name_is_an_error_with_its_line() -> None:
    with pytest.raises(UsageError, match="line 2"):
        import_profile("read\nOpen-At\n", "names")


def test_a_wrong_word_in_a_list_is_reported_and_the_rest_is_read() -> None:
    imported = import_profile("read\nwrite\nOpen-At\n", "names")
    assert allowed(imported.profile) == {"read", "write"}
    assert [unused.line for unused in imported.unused] == [3]


def test_numbers_beside_names_are_no_calls_and_are_reported():
    imported = import_profile("read 120\nclose 3\n")
    assert allowed(imported.profile) == {"read", "close"}
    assert imported.notes == ("2 numbers beside names are left out",)


def test_a_message_about_a_refusal_is_no_list():
    text = 'Events:\n  Warning  Failed  kubelet  Error: cannot load seccomp profile "/a.json": no such file\n'
    with pytest.raises(UsageError, match="message about a refusal") as caught:
        import_profile(text)
    assert "workshop profile why" in caught.value.remedy


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("syscalls: [read, write]\n", ["syscalls:"]),
        ("allow:\n- read\n- write\n", ["allow:"]),
        ('"names": [\n "read", "write"]\n', ["names:"]),
        ("needed: read, write\n", ["needed:"]),
        ("read:\nwrite:\n", []),
    ],
)
def test_a_key_is_no_call(text: str, keys: list[str]) -> None:
    imported = import_profile(text, "names")
    assert allowed(imported.profile) == {"read", "write"}
    assert [unused.text for unused in imported.unused] == keys


@pytest.mark.parametrize("key", ["deny", "Blocklist", "denied", "drop"])
def test_a_list_that_says_that_its_calls_are_denied_is_not_turned_round(key: str) -> None:
    with pytest.raises(UsageError, match="denied, and an import allows") as caught:
        import_profile(f"{key}:\n- mount\n- ptrace\n", "names")
    assert "edit allow --deny" in caught.value.remedy


def test_a_numbered_call_is_read_with_a_note() -> None:
    imported = import_profile("read\nsyscall_257\n", "names")
    assert allowed(imported.profile) == {"read", "openat"}
    assert imported.notes == ("numbers were read as x86-64's",)


@pytest.mark.parametrize(
    "text",
    [
        'rules := []string{"read", "write"}\n',
        "allowed_syscalls = ['read', 'write']\n",
        'let allowed = vec![\n  "read",\n  "write",\n];\n',
        "READ\nWRITE\n",
        "read=12\nwrite=3\n",
        "name,count\nread,12\nwrite,3\n",
        "| syscall | count |\n|---|:--|\n| read | 3 |\n| write | 4 |\n",
        "Using x86_64 syscall table:\n0\tread\n1\twrite\n",
    ],
)
def test_a_list_in_a_program_or_a_table_holds_its_names_alone(text: str) -> None:
    assert allowed(import_names(text).profile) == {"read", "write"}


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ('denied := []string{"mount"}\n', "denied"),
        ("BLOCKED = ['mount', 'ptrace']\n", "BLOCKED"),
        ('rule(SCMP_ACT_ERRNO, ["mount"])\n', "SCMP_ACT_ERRNO"),
    ],
)
def test_a_list_of_denied_calls_in_a_program_is_not_allowed(text: str, word: str) -> None:
    with pytest.raises(ProfileError) as caught:
        import_names(text)
    assert f"'{word}' says that these calls are denied" in caught.value.reason


def test_numbers_alone_have_no_names() -> None:
    with pytest.raises(ProfileError) as caught:
        import_names("0\n1\n257\n")
    assert "ausyscall" in (caught.value.remedy or "")


def test_a_list_without_commas_and_without_an_end_is_read_at_once() -> None:
    # Each blank that can be matched in two ways doubles the time.
    text = "(" + '"read" ' * 64 + '"openat"'
    assert allowed(import_names(text).profile) == {"read", "openat"}


def test_a_list_with_a_tool_s_name_allows_what_the_tool_means() -> None:
    imported = import_names("read\numount\n")
    assert imported.profile.rules[0].names == ("read", "umount", "umount2")
    assert imported.notes == (
        "line 2: amd64 has no umount, and a tool that names one there means umount2, which is allowed too",
    )
    assert import_names("umount\numount2\n").notes == ()


@pytest.mark.parametrize(
    "text", ["read: allow\nmount: deny\n", "mount,blocked\n", "ALLOW read\nDENY mount\n"]
)
def test_a_word_beside_a_name_may_say_that_it_is_denied(text: str) -> None:
    with pytest.raises(ProfileError, match="says that these calls are denied") as caught:
        import_profile(text, "names")
    assert caught.value.at is not None


@pytest.mark.parametrize(
    "text",
    [
        "read: allow\nwrite: allow\n",
        "ALLOW read\nALLOW write\n",
        "allow: read\nallow: write\n",
        "read,write allowed\n",
        "read SCMP_ACT_ALLOW\nwrite SCMP_ACT_ALLOW\n",
    ],
)
def test_a_word_beside_a_name_that_says_what_an_import_does_is_left_out(text: str) -> None:
    imported = import_profile(text, "names")
    assert allowed(imported.profile) == {"read", "write"}
    assert imported.notes == ()
    assert imported.unused == ()


def test_names_with_the_packages_of_rust_and_numbers_in_hexadecimal_are_read() -> None:
    assert allowed(import_profile("libc::SYS_read,\nSysno::write\n", "names").profile) == {"read", "write"}
    imported = import_profile("0x0\n0x1\n", "names")
    assert allowed(imported.profile) == {"read", "write"}
    assert imported.notes == ("numbers were read as x86-64's",)


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("SCMP_ACT_LOG", "executed and logged"),
        ("SCMP_ACT_NOTIFY", "handed to a supervisor"),
        ("SCMP_ACT_TRACE", "handed to a tracer"),
        ("SCMP_ACT_ERRNO", "denied"),
    ],
)
@pytest.mark.parametrize("text", ["read {}\n", 'rule({}, ["read"])\n'])
def test_an_action_beside_a_name_is_told_for_what_it_does(text: str, word: str, said: str) -> None:
    with pytest.raises(ProfileError) as caught:
        import_profile(text.format(word), "names")
    assert f"'{word}' says that these calls are {said}" in caught.value.reason
    assert ("--deny" in (caught.value.remedy or "")) == (said == "denied")
