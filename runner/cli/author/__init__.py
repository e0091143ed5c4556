"""Commands for authors, and for workshops that travel."""
