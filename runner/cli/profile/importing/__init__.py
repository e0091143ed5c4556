"""`workshop profile import`: a profile from a list, a log, or another tool's format."""
