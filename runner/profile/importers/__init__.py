"""Profiles from other formats: an importer turns a text into a `Profile`, and says what it could not keep."""

from runner.profile.importers.detect import FORMATS, HEAD, TITLES, detect, import_profile
from runner.profile.importers.imported import Imported
from runner.profile.importers.observed import KINDS, import_evidence

__all__ = ["FORMATS", "HEAD", "KINDS", "TITLES", "Imported", "detect", "import_evidence", "import_profile"]
