"""The system calls of a program, from an engine or from evidence, and a profile's decisions on them."""
