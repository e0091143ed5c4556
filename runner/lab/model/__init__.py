"""A workshop as frozen values."""
