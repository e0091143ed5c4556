"""Error messages of runtimes, engines and programs → the calls whose denial they may come from."""

from runner.profile.evidence.messages.meaning import reports_refusal, told
from runner.profile.evidence.messages.model import Told

__all__ = ["Told", "reports_refusal", "told"]
