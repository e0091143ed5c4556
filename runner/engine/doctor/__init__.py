"""Examining this machine, trying its engine, and fixing problems."""
