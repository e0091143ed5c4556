"""Profiles from other formats: an importer reads a `Profile`, and notes the parts that it could not keep."""

from runner.profile.importers.detect import FORMATS, HEAD, TITLES, detect, import_profile
from runner.profile.importers.imported import Imported
from runner.profile.importers.observed import KINDS, EvidenceImporter

__all__ = ["FORMATS", "HEAD", "KINDS", "TITLES", "EvidenceImporter", "Imported", "detect", "import_profile"]
