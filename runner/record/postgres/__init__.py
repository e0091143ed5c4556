"""Events, and a board, in a database of PostgreSQL."""
