"""Plays labs headless, and proves that each of their checks can fail."""
