"""Workshops: the model, the Markdown reader with line numbers, and the linter."""
