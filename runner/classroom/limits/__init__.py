"""Bounds on what strangers and learners may cause: connections, wrong codes, lines and bytes."""
