"""Shells behind a terminal, on the host or in a container: their commands, output and exit statuses."""
