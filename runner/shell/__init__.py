"""Shells behind a terminal, of the host or of a container: what was run in them, what it printed and how it ended."""
