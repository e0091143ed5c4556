"""A gate: a program that holds a container at its first instruction until it is traced.

It waits for a file, then becomes the container's own program. It makes three calls only, `openat`, `futex` and
`execve`, which the runtime makes as well after it has loaded the filter: so it runs under every profile under which a
container starts, needs nothing from the image, and does not appear in the trace.
"""

import io
import struct
import tarfile

from runner.errors import EngineError

FOLDER = "/.workshop-gate"
"""The gate's folder in the container, on a separate volume, so that it can be added to a read-only image."""
PROGRAM = f"{FOLDER}/gate"
OPEN = f"{FOLDER}/open"
"""The file whose existence lets the program begin."""

_END_OF_ARCHIVE = 2 * tarfile.BLOCKSIZE
"""The length of the two empty blocks that end an archive."""

# Both begin with a stack that holds argc, argv and the environment, and end in an error if argv[1] cannot be executed:
#
#   again:  if openat(AT_FDCWD, "/.workshop-gate/open", O_RDONLY|O_CLOEXEC) >= 0: goto go
#           futex(&cell, FUTEX_WAIT|FUTEX_PRIVATE_FLAG, 0, &{0 s, 5,000,000 ns}); goto again
#   go:     execve(argv[1], &argv[2], envp); exit_group(127)
#   cell:   0, then the pause, then the path
_CODE = {
    "amd64": (
        62,
        "488b1c244c8d6424084d8d6cdc08"
        "48c7c79cffffff488d356c000000ba000008004531d2b8010100000f054885c0791e"
        "488d3d39000000be8000000031d24c8d1533000000b8ca0000000f05ebc0"
        "498b7c2408498d7424104c89eab83b0000000f05bf7f000000b8e70000000f056690",
    ),
    "arm64": (
        183,
        "f30340f9f4230091950e138bb5220091"
        "600c8092610300100201a0d2030080d2080780d2010000d40001f8b6"
        "e0010010011080d2020080d2c3010010480c80d2010000d4f3ffff17"
        "800640f981420091e20315aaa81b80d2010000d4e00f80d2c80b80d2010000d4",
    ),
}
_DATA = struct.pack("<QQQ", 0, 0, 5_000_000) + f"{OPEN}\0".encode()
_BASE = 0x400000
_HEADERS = 64 + 56


def gate_program(arch: str) -> bytes:
    """Return the gate as an ELF file for an architecture by Go's name.

    Raises:
        EngineError: there is no gate for it.
    """
    if arch not in _CODE:
        raise EngineError(
            f"a container cannot be watched from its first instruction on {arch}",
            remedy="start it yourself, and watch it from then on: `--attach CONTAINER`",
        )
    machine, code = _CODE[arch]
    body = bytes.fromhex(code) + _DATA
    size = _HEADERS + len(body)
    ident = b"\x7fELF" + bytes((2, 1, 1)) + bytes(9)  # 64 bits, little-endian, version 1
    header = struct.pack("<HHIQQQIHHHHHH", 2, machine, 1, _BASE + _HEADERS, 64, 0, 0, 64, 56, 1, 0, 0, 0)
    segment = struct.pack(
        "<IIQQQQQQ", 1, 5, 0, _BASE, _BASE, size, size, 0x1000
    )  # one segment to load, read and execute
    return ident + header + segment + body


def packed_gate(arch: str) -> bytes:
    """The archive to unpack in FOLDER before the start."""
    program = gate_program(arch)
    member = tarfile.TarInfo("gate")
    member.size, member.mode = len(program), 0o755
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        archive.addfile(member, io.BytesIO(program))
        end = archive.offset + _END_OF_ARCHIVE
    # Podman's reader ends at that mark, and what is written to it afterwards would be an error now and then.
    return packed.getvalue()[:end]
