"""Events in a file of SQLite."""
