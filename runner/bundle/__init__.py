"""Bundles: workshops and all that a class needs in portable files, written, checked, and unpacked without trust."""
