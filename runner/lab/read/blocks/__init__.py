"""Fences → the blocks that they stand for: containers, transcripts, checks, questions."""
