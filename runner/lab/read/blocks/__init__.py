"""Fences → blocks: containers, transcripts, checks, questions."""
