"""Workshops and all that a class needs, in files that travel: written, checked, and unpacked without trust."""
