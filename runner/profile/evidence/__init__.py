"""Evidence of system calls: calls found in logs, tables and records, read line by line."""

from runner.profile.evidence.model import Evidence, EvidenceKind, Message, Seen, SeenCall, Unused
from runner.profile.evidence.reader import EvidenceReader, read_evidence

__all__ = [
    "Evidence",
    "EvidenceKind",
    "EvidenceReader",
    "Message",
    "Seen",
    "SeenCall",
    "Unused",
    "read_evidence",
]
