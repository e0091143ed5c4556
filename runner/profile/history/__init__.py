"""Older engines and runtimes: the profile features that they understand, and their default profiles."""
