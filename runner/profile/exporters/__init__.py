"""Profiles in other formats: an exporter returns the text, and lists the parts that the format cannot express."""

from runner.profile.exporters.exported import Exported
from runner.profile.exporters.kubernetes import export_kubernetes, export_operator, export_pod
from runner.profile.exporters.resolution import resolution_losses
from runner.profile.exporters.rules import compact, one_rule_per_call
from runner.profile.exporters.systemd import export_systemd

__all__ = [
    "Exported",
    "compact",
    "export_kubernetes",
    "export_operator",
    "export_pod",
    "export_systemd",
    "one_rule_per_call",
    "resolution_losses",
]
