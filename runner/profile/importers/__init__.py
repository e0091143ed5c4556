"""Profiles from other formats: an importer turns a text into a `Profile`, and says what it could not keep."""

from runner.profile.importers.detect import FORMATS, detect, import_profile
from runner.profile.importers.imported import Imported

__all__ = ["FORMATS", "Imported", "detect", "import_profile"]
