"""The screen of a lab, and the screens opened over it."""
