"""The instructor's screen: a class at a glance, and the actions for it."""
