"""A class on one machine: who is in it, how they come in, and what passes between them and their boxes."""
