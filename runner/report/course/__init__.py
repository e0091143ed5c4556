"""What a class or a learner has done, as text, CSV, JSON and HTML."""
