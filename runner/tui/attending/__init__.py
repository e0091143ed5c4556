"""A learner who attends a class: the class's notices, the learner's messages to it, and their display."""
