"""What the gateway is given by the class's root: descriptors, and the folders that it sees."""

from pathlib import Path

GATEWAY = "runner.classroom.gateway.process"
"""The gateway's program, known to the class's root by its name alone."""
LINK, WEB, SSH = 3, 4, 5
"""The gateway's descriptors: the starter of boxes, and the sockets at which the class listens."""
LONGEST_LOG = 1 << 20
"""How long the gateway's log gets, in bytes: it is in memory, and strangers can cause entries."""
SETTINGS, OWN, CHANNELS = Path("/settings"), Path("/class"), Path("/channels")
"""What the gateway sees of the class's folders."""
