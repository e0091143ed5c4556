"""A learner's session in a container of its own: what a box is made of, and the privileged process that starts it."""

CHANNEL_VARIABLE = "WORKSHOP_CLASS_CHANNEL"
"""The environment variable that tells an app the socket of its class."""
