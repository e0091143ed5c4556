"""A learner's session in a container of its own: what a box is made of, and the privileged process that starts it."""
