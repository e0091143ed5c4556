"""Events and a bulletin board in a PostgreSQL database."""
