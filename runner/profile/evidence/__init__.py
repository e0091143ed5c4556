"""Evidence of system calls: what logs, tables and records say that programs called, read line by line."""

from runner.profile.evidence.model import Evidence, Kind, Message, Seen, SeenCall, Unused
from runner.profile.evidence.reader import EvidenceReader, read_evidence

__all__ = [
    "Evidence",
    "EvidenceReader",
    "Kind",
    "Message",
    "Seen",
    "SeenCall",
    "Unused",
    "read_evidence",
]
