"""A log of calls as a profile judges them, and as the seccomp of the programs themselves does."""

from collections.abc import Iterable

from runner.profile.calls.syscalls import Arch
from runner.profile.evidence.model import Evidence, SeenCall
from runner.profile.evidence.reader import EvidenceReader
from runner.profile.simulation import Simulation
from runner.profile.views.verdicts import FAILURES, Verdicts
from runner.trace.killed import Killed, is_death
from runner.trace.own_seccomp import Own, OwnFound, OwnSeccomp


class JudgedLog:
    """Reads a log of any length: each call that the profile may deny, and each that failed, gets a verdict."""

    def __init__(self, simulation: Simulation) -> None:
        self.verdicts = Verdicts(simulation)
        self.own = OwnFound()
        self._killed = Killed(simulation.arch)
        self._own = OwnSeccomp(simulation.arch, refused=self.own.refused, put=self._put)
        self._reader = EvidenceReader(
            simulation.arch, observer=self._see, wanted=self._wants, errnos=FAILURES, processes=self._own.told
        )

    def read(self, blocks: Iterable[bytes]) -> Evidence:
        """Read the log to its end."""
        for block in blocks:
            self._reader.feed(block)
            self._killed.feed(block)
        evidence = self._reader.close()
        self._killed.feed(b"")
        for call in self._killed.calls:
            self._see(call)
        self.verdicts.settle(evidence)
        messages = [each for each in evidence.messages if not (self._killed.calls and is_death(each))]
        return evidence._replace(messages=(*messages, *self._killed.unexplained))

    def _wants(self, name: str, arch: Arch | None) -> bool:
        return self._own.wants(name) or self.verdicts.wants(name, arch)

    def _see(self, seen: SeenCall) -> None:
        verdict = self.verdicts(seen)
        self._own.see(seen, verdict)

    def _put(self, own: Own) -> None:
        self.own.put(own)
        self._reader.forget_plain()
