"""The screen of a lab, and what is opened over it."""
