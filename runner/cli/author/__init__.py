"""Commands for authors, and for distributing workshops."""
