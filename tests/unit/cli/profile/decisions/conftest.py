"""Evidence: a line, a record and a log."""

from pathlib import Path

import pytest

MOUNT = 'mount("none", "/mnt", "tmpfs", 0, NULL) = -1 EPERM (Operation not permitted)'
RECORD = 'audit: type=1326 audit(1.1:1): pid=7 comm="n" sig=0 arch=c000003e syscall=165 compat=0 ip=0x7 code=0x50001'
LOG = f"""\
12 execve("/bin/sh", ["sh"], 0x7) = 0
12 {MOUNT}
12 {MOUNT}
12 personality(PER_LINUX|ADDR_NO_RANDOMIZE) = -1 EPERM (Operation not permitted)
12 access("/root", R_OK) = -1 EACCES (Permission denied)
12 exit_group(0) = ?
"""


@pytest.fixture
def log(tmp_path: Path) -> Path:
    (tmp_path / "trace.log").write_text(LOG)
    return tmp_path / "trace.log"
