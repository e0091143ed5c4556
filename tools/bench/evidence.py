"""The speed of reading evidence: a log of strace against `wc -w` on it, `why` on one line against `python -c pass`."""

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

MEGABYTES = int(os.environ.get("BENCH_LOG_MB", "1000"))
"""The log's length; the figures are ratios, and do not depend on it."""
_WORKSHOP = "import sys; from runner.cli.main import main; sys.exit(main(sys.argv[1:]))"
_LINE = 'mount("none", "/mnt", "tmpfs", 0, NULL) = -1 EPERM (Operation not permitted)'
_ROUNDS = 3
_SAMPLE = """\
{pid} openat(AT_FDCWD, "/usr/lib/python3.11/asyncio/base_events.py", O_RDONLY|O_CLOEXEC) = 3
{pid} newfstatat(3, "", {{st_mode=S_IFREG|0644, st_size=36583, ...}}, AT_EMPTY_PATH) = 0
{pid} read(3, "\\177ELF\\2\\1\\1\\0\\0\\0\\0\\0\\0\\0\\0\\0\\3\\0>\\0\\1\\0\\0\\0"..., 832) = 832
{pid} mmap(NULL, 186064, PROT_READ, MAP_PRIVATE|MAP_DENYWRITE, 3, 0) = 0x7f399f993000
{pid} futex(0x7f0012345678, FUTEX_WAIT_PRIVATE, 0, NULL <unfinished ...>
{pid} close(3)                          = 0
{pid} <... futex resumed>)              = -1 EAGAIN (Resource temporarily unavailable)
{pid} socket(AF_INET, SOCK_STREAM|SOCK_CLOEXEC, IPPROTO_IP) = 3
{pid} --- SIGCHLD {{si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid=4, si_uid=0, si_status=0}} ---
"""


def main() -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder, "trace.log")
        write_log(log, MEGABYTES)
        words = _median(["wc", "-w", str(log)])
        print(f"wc -w on {MEGABYTES} MB: {words:.2f} s")
        for title, arguments in (
            ("import", ["import", str(log)]),
            ("simulate --calls", ["simulate", "default", "--calls", str(log)]),
            ("why", ["why", str(log), "--profile", "default"]),
            ("why, everything denied", ["why", str(log), "--profile", "deny"]),
        ):
            seconds = _median([sys.executable, "-c", _WORKSHOP, "profile", *arguments])
            print(f"profile {title}: {seconds:.2f} s, {seconds / words:.1f}x wc -w (aim: 10)")
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
        print(f"the most memory that any of these took: {peak} MB")
    line = [sys.executable, "-c", _WORKSHOP, "profile", "why", _LINE]
    why, nothing = _alternating(line, [sys.executable, "-c", "pass"])
    print(f"python -c pass: {nothing * 1000:.1f} ms")
    print(f"profile why on one line: {why * 1000:.1f} ms, {why / nothing:.2f}x python -c pass (aim: 8)")


def write_log(log: Path, megabytes: int) -> None:
    """Write a log of that length in strace's format."""
    block = "".join(_SAMPLE.format(pid=pid) for pid in range(1000, 3000)).encode()
    with log.open("wb") as file:
        while file.tell() < megabytes * 1_000_000:
            file.write(block)


def _median(command: Sequence[str]) -> float:
    return statistics.median(_seconds(command) for _ in range(_ROUNDS))


def _alternating(first: Sequence[str], second: Sequence[str], rounds: int = 20) -> tuple[float, float]:
    """The medians of two commands measured in turns."""
    pairs = [(_seconds(first), _seconds(second)) for _ in range(rounds)]
    return statistics.median(pair[0] for pair in pairs), statistics.median(pair[1] for pair in pairs)


def _seconds(command: Sequence[str]) -> float:
    started = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
