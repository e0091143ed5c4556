"""Commands for the place where containers live."""
