"""Limits for strangers and learners: on connections, wrong codes, lines and bytes."""
