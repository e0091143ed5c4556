"""Learners' events in a workshop: the stores that keep them, and the protocol that sends them to a class."""
