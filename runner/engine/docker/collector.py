"""A container that passes on another container's log in large pieces, and outlives that container.

A log that comes line by line wakes four processes for each line on its way here, which makes the traced program take
half as long again. The program that gathers it must not run in the traced container: there it would end with the first
process, and lose the data gathered until then.
"""

from runner.engine.docker.helper import IMAGE, create_helper
from runner.engine.docker.launching import launch_attached
from runner.engine.docker.removal import remove
from runner.engine.docker.session import EngineSession
from runner.language import tr
from runner.pace import MACHINE

FIFO = "/.workshop-log/fifo"
"""The file that the other container writes to, on a volume shared with this one; it exists soon after the start."""
_START_SECONDS = 30.0
_GATHER = (
    "use POSIX; "
    "POSIX::mkfifo('FIFO', 0600) or die; open(STDIN, '<', 'FIFO') or die; "
    "fcntl(STDIN, 1031, 1 << 20); "  # F_SETPIPE_SZ: so that a writer need not wait
    "while (sysread(STDIN, $log, 1 << 20)) { "
    "for (my $done = 0; $done < length $log;) "
    "{ $done += syswrite(STDOUT, $log, length($log) - $done, $done) // exit } "
    "select(undef, undef, undef, 0.01) }"
).replace("FIFO", FIFO)


class Collector:
    """Reads what is written to `FIFO` and sends it to `output`, to the end of the last writer."""

    def __init__(self, session: EngineSession) -> None:
        """Start it.

        Raises:
            EngineError: it cannot be started.
        """
        self._client = session.client
        self.id = create_helper(
            session,
            tr("cannot create the collecting container"),
            ["/usr/bin/perl", "-e", _GATHER],
            volume=FIFO.rpartition("/")[0],
        )
        try:
            limit = MACHINE.stretched(_START_SECONDS)
            self.output = launch_attached(self._client, self.id, IMAGE, limit, stdin=False)
            self.output.socket.settimeout(None)
        except BaseException:
            self.remove()
            raise

    def remove(self) -> None:
        """End it, and free the connection; only for the reading thread, or when nobody reads."""
        if output := getattr(self, "output", None):
            output.release()
        remove(self._client, self.id)
