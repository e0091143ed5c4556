"""Events in a SQLite file."""
