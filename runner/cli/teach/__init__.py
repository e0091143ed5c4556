"""Commands for classes."""
