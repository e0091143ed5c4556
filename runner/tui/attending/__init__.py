"""A learner who attends a class: what it says, what they say to it, and where it shows."""
