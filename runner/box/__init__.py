"""A learner's session in a container: the parts of a box, and the privileged process that starts it."""

CHANNEL_VARIABLE = "WORKSHOP_CLASS_CHANNEL"
"""The environment variable that tells an app the socket of its class."""
