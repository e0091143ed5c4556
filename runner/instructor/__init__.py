"""The instructor's screen: a class at a glance, and what can be done for it."""
