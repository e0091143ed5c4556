"""Keys: what they do, what they are called, and what is typed where they act."""
