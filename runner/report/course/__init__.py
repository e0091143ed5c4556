"""The results of a class or a learner, as text, CSV, JSON and HTML."""
