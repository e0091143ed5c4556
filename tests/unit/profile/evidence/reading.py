"""Evidence in a text, as the reader finds it."""

from runner.profile.calls.syscalls import arch
from runner.profile.evidence import Evidence, SeenCall, read_evidence

AMD64 = arch("amd64")


def read(text: str, *, machine: str = "amd64") -> tuple[Evidence, list[SeenCall]]:
    seen: list[SeenCall] = []
    return read_evidence(text, arch(machine), observer=seen.append), seen


def counts(text: str) -> dict[str, int]:
    found = read_evidence(text, AMD64)
    return {call.name: call.times for call in found.calls}
