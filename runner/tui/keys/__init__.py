"""Keys: their actions, their names, and commands typed where keys act."""
