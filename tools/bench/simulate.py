"""Decisions per second: this simulator in bulk and explained, and libseccomp's own simulator if installed.

Debian packages no `scmp_bpf_sim`: build it from libseccomp's sources (`tools/`) and put it on PATH. Its answers are
compared with ours while it is timed.
"""

import random
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable

from runner.content import PROFILES
from runner.profile.calls.call import Call
from runner.profile.calls.syscalls import AMD64_TOKEN, all_calls, arch, of_number
from runner.profile.filter import bpf
from runner.profile.filter.returns import describe_return
from runner.profile.filter.simulate import Filter, compile_filter, seccomp_data
from runner.profile.model import Target
from runner.profile.resolve import resolve
from runner.profile.source.reader import read_profile

PROBES = 20_000
PER_CALL = 500


def main() -> None:
    """Print the figures."""
    text = (PROFILES / "default.json").read_text(encoding="utf-8")
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
        "compile, ms": round(compiling * 1000, 1),
        "decisions a second, in bulk": _rate(
            lambda: [filter_.returns(AMD64_TOKEN, number, args) for number, args in probes]
        ),
        "decisions a second, with their reasons, by a new filter": _first(compile_filter(oci), calls),
        "decisions a second, with their reasons": _rate(lambda: [filter_.decide(call) for call in calls]),
        "decisions a second, program run as it is": _rate(
            lambda: [
                bpf.run(filter_.program, seccomp_data(AMD64_TOKEN, number, args)) for number, args in probes
            ]
        ),
    }
    if other := shutil.which("scmp_bpf_sim"):
        figures |= _libseccomp(other, filter_, probes[:PER_CALL])
    for name, figure in figures.items():
        print(f"{name}: {figure:,}")


def _first(filter_: Filter, calls: list[Call]) -> int:
    """Decisions per second of a filter that has no cached answers yet."""
    return round(PROBES / _seconds(lambda: [filter_.decide(call) for call in calls]))


def _rate(work: Callable[[], object]) -> int:
    """Decisions per second, the best of three rounds after a warm-up round."""
    work()
    best = min(_seconds(work) for _ in range(3))
    return round(PROBES / best)


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _libseccomp(command: str, filter_: Filter, probes: list[tuple[int, tuple[int, ...]]]) -> dict[str, int]:
    """Time libseccomp's simulator, which needs one process per decision; it lacks the instructions of runc's stub."""
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
        "decisions a second, scmp_bpf_sim": round(len(probes) / elapsed),
        "scmp_bpf_sim compared": len(probes),
        "scmp_bpf_sim disagreements": disagreements,
    }


if __name__ == "__main__":
    main()
