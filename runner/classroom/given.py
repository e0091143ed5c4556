"""The gateway's inheritance from the class's root process: descriptors, and the folders that it sees."""

from pathlib import Path

GATEWAY = "runner.classroom.gateway.process"
"""The gateway's program; the root process knows only its name."""
LINK, WEB, SSH = 3, 4, 5
"""The gateway's descriptors: the starter of boxes, and the sockets at which the class listens."""
LONGEST_LOG = 1 << 20
"""The largest size of the gateway's log, in bytes: it is in memory, and strangers can cause entries."""
SETTINGS, OWN, CHANNELS = Path("/settings"), Path("/class"), Path("/channels")
"""The class's folders, as the gateway sees them."""
