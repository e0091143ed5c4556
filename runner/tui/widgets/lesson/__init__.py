"""The lesson: prose, and the blocks that act."""
