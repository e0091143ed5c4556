"""Conditions on arguments that mean something else than they seem to, or contradict each other."""
