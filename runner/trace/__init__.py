"""What a program calls, from an engine or from evidence, and what a profile does with it."""
