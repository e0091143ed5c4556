"""Commands that start containers, in scripts and other text."""
