"""Examining this machine, trying its engine, and fixing what can be fixed."""
