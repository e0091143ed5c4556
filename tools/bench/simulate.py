"""Decisions per second: this simulator in bulk and explained, and libseccomp's own simulator where it is at hand.

Run `python tools/bench/simulate.py [PATH-OF-scmp_bpf_sim]`; Debian packages no `scmp_bpf_sim`, it is built from
libseccomp's sources (`tools/`). Its answers are compared with ours while it is timed.
"""

import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from runner.profile import bpf
from runner.profile.model import Target
from runner.profile.reader import read_profile
from runner.profile.resolve import resolve
from runner.profile.simulate import Call, Filter, compile_filter, describe_return, seccomp_data
from runner.profile.syscalls import AMD64_TOKEN, all_calls, arch, of_number

ROOT = Path(__file__).resolve().parents[2]
PROBES = 20_000
PER_CALL = 500


def main() -> None:
    """Print the figures as JSON."""
    text = (ROOT / "profiles" / "default.json").read_text(encoding="utf-8")
    oci = resolve(read_profile(text).profile, Target())
    assert oci is not None
    started = time.perf_counter()
    filter_ = compile_filter(oci)
    compiling = time.perf_counter() - started
    rng = random.Random(1)  # noqa: S311 - repeatable probes, no secret
    numbers = [call.number for call in all_calls(arch("amd64"))]
    probes = [
        (
            rng.choice(numbers),
            tuple(rng.choice((0, 1, 2, 38, 511, 2**32, rng.getrandbits(64))) for _ in range(6)),
        )
        for _ in range(PROBES)
    ]
    calls = [Call(arch("amd64"), of_number(number, arch("amd64")), args) for number, args in probes]
    figures = {
        "instructions": len(filter_.program),
        "compile_ms": round(compiling * 1000, 1),
        "bulk_per_s": _rate(lambda: [filter_.returns(AMD64_TOKEN, number, args) for number, args in probes]),
        "explained_per_s": _rate(lambda: [filter_.decide(call) for call in calls]),
        "unspecialised_per_s": _rate(
            lambda: [
                bpf.run(filter_.program, seccomp_data(AMD64_TOKEN, number, args)) for number, args in probes
            ]
        ),
    }
    other = sys.argv[1] if len(sys.argv) > 1 else shutil.which("scmp_bpf_sim")
    if other:
        figures |= _libseccomp(other, filter_, probes[:PER_CALL])
    print(json.dumps(figures, indent=2))


def _rate(work: Callable[[], object]) -> int:
    """Decisions per second, the best of three rounds after one that warms up."""
    work()
    best = min(_seconds(work) for _ in range(3))
    return round(PROBES / best)


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _libseccomp(command: str, filter_: Filter, probes: list[tuple[int, tuple[int, ...]]]) -> dict[str, int]:
    """One process per decision, which is all that this tool offers; it lacks the instructions of runc's stub."""
    program = filter_.program[filter_.stub :]
    with tempfile.NamedTemporaryFile(suffix=".bpf") as file:
        file.write(bpf.encode(program))
        file.flush()
        disagreements = 0
        started = time.perf_counter()
        answers = []
        for number, args in probes:
            options = [word for index, value in enumerate(args) for word in (f"-{index}", str(value))]
            line = [command, "-f", file.name, "-a", "x86_64", "-s", str(number), *options]
            answers.append(subprocess.run(line, capture_output=True, text=True, check=True).stdout.strip())
        elapsed = time.perf_counter() - started
        for (number, args), answer in zip(probes, answers, strict=True):
            action, errno = describe_return(bpf.run(program, seccomp_data(AMD64_TOKEN, number, args)))
            ours = f"ERRNO({errno})" if action == "errno" else action.upper()
            disagreements += ours != answer
    return {
        "scmp_bpf_sim_per_s": round(len(probes) / elapsed),
        "scmp_bpf_sim_compared": len(probes),
        "scmp_bpf_sim_disagreements": disagreements,
    }


if __name__ == "__main__":
    main()
